using System.Text;
using OcfCloud.CloudLinking.RemoteRequests;
using OcfCloud.CloudLinking.Targets;
using OcfCloud.Core.Devices;
using OcfCloud.Core.Mirrors;
using OcfCloud.Core.Requests;

namespace OcfCloud.CloudLinking.Tests.RemoteRequests;

/// <summary>The table of cloud-to-cloud.md, 2.</summary>
public sealed class RemoteAnswersTests
{
    private static readonly MirroredDevice Lamp = new(UserId.New(), Guid.NewGuid(), new DeviceId(Guid.NewGuid()), "lamp", [], Online: true);

    private static readonly Dictionary<int, int> Same = new()
    {
        [201] = 201,
        [202] = 204,
        [204] = 204,
        [304] = 203,
        [400] = 400,
        [403] = 403,
        [404] = 404,
        [405] = 405,
        [406] = 406,
        [412] = 412,
        [413] = 413,
        [415] = 415,
        [429] = 503,
        [503] = 503,
        [504] = 504,
    };

    [Theory]
    [InlineData(DeviceMethod.Get, 205)]
    [InlineData(DeviceMethod.Post, 204)]
    public void Each_status_has_its_code_and_all_others_are_5_02(DeviceMethod method, int ofSuccess)
    {
        for (var status = 100; status < 600; status++)
        {
            var expected = status == 200 ? ofSuccess : Same.GetValueOrDefault(status, 502);
            Assert.Equal((status, expected), (status, RemoteAnswers.CodeOf(method, status, isOnline: true)));
            Assert.Equal((status, status == 504 ? 503 : expected), (status, RemoteAnswers.CodeOf(method, status, isOnline: false)));
        }
    }

    [Theory]
    [InlineData(TargetOutcome.Unreachable, 503)]
    [InlineData(TargetOutcome.TimedOut, 504)]
    [InlineData(TargetOutcome.Unavailable, 503)]
    [InlineData(TargetOutcome.NeedsLinking, 502)]
    [InlineData(TargetOutcome.TooLarge, 502)]
    [InlineData(TargetOutcome.Unreadable, 502)]
    internal void Without_an_answer_the_code_says_whether_another_try_is_worth_it(TargetOutcome outcome, int code)
    {
        var answer = RemoteAnswers.Of(Get(), new TargetAnswer(outcome) { RetryAfter = TimeSpan.FromSeconds(9) });

        Assert.Equal((DeviceOutcome.Answered, code), (answer.Outcome, answer.Code));
        Assert.Equal(code == 503 ? TimeSpan.FromSeconds(9) : null, answer.MaxAge);
        Assert.NotEmpty(answer.Diagnostic!);
        Assert.Equal(answer.Diagnostic, Encoding.UTF8.GetString(answer.Payload.Span));
        if (outcome == TargetOutcome.NeedsLinking) Assert.Contains("link the account again", answer.Diagnostic, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(null, 5)]
    [InlineData(0, 1)]
    [InlineData(60, 60)]
    [InlineData(1_000_000, 3600)]
    public void When_to_ask_again_is_bounded(int? seconds, int expected)
    {
        var after = seconds is { } given ? TimeSpan.FromSeconds(given) : (TimeSpan?)null;
        var answer = RemoteAnswers.Of(Get(), new TargetAnswer(TargetOutcome.Answered) { Status = 429, RetryAfter = after });
        Assert.Equal((503, TimeSpan.FromSeconds(expected)), (answer.Code, answer.MaxAge));
    }

    [Fact]
    public void A_401_is_the_devices_and_says_nothing_of_the_link()
    {
        var answer = RemoteAnswers.Of(Get(), new TargetAnswer(TargetOutcome.Answered) { Status = 401 });
        Assert.Equal(502, answer.Code);
        Assert.Contains("the device does not accept", answer.Diagnostic, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("application/problem+json", "{\"title\":\"Not found\",\"detail\":\"no such\\nthing\\u202e\"}", "the other cloud answered 404: no such thing")]
    [InlineData("application/problem+json", "{\"title\":\"Not found\"}", "the other cloud answered 404: Not found")]
    [InlineData("application/json", "{\"detail\":7}", "the other cloud answered 404")]
    [InlineData("application/json", "[", "the other cloud answered 404")]
    [InlineData("text/html", "<script>", "the other cloud answered 404")]
    public void Of_the_other_clouds_words_a_plain_text_is_said(string type, string body, string expected)
    {
        var answer = RemoteAnswers.Of(Get(), new TargetAnswer(TargetOutcome.Answered) { Status = 404, ContentType = type, Body = Encoding.UTF8.GetBytes(body) });
        Assert.Equal((404, expected), (answer.Code, answer.Diagnostic));
    }

    [Fact]
    public void And_no_more_than_200_characters()
    {
        var body = Encoding.UTF8.GetBytes($"{{\"detail\":\"{new string('ü', 5000)}\"}}");
        var answer = RemoteAnswers.Of(Get(), new TargetAnswer(TargetOutcome.Answered) { Status = 400, ContentType = "application/json", Body = body });
        Assert.Equal("the other cloud answered 400: ".Length + 200, answer.Diagnostic!.Length);
    }

    [Theory]
    [InlineData("\"0102ff\"", "0102ff")]
    [InlineData("W/\"0102030405060708\"", "0102030405060708")]
    [InlineData("\"v1\"", "7631")]
    [InlineData("\"ABCD\"", "41424344")]
    [InlineData("\"\"", "")]
    [InlineData("nothing", "")]
    [InlineData(null, "")]
    public void An_entity_tag_fits_into_CoAP(string? etag, string expected) => Assert.Equal(expected, Convert.ToHexStringLower(RemoteETag.Of(etag).Span));

    [Fact]
    public void A_long_entity_tag_becomes_a_digest_of_its_own()
    {
        Assert.Equal(8, RemoteETag.Of("\"a-very-long-tag\"").Length);
        Assert.NotEqual(RemoteETag.Of("\"a-very-long-tag\"").ToArray(), RemoteETag.Of("\"another-long-tag\"").ToArray());
    }

    [Theory]
    [InlineData("/api/v1/devices/{0}/scenes/7", "/scenes/7")]
    [InlineData("https://other.example/base/api/v1/devices/{0}/a%20b/%C3%BC?x=1", "/a b/ü")]
    [InlineData("/api/v1/devices/{0}", null)]
    [InlineData("/api/v1/devices/{0}/", null)]
    [InlineData("/api/v1/devices/{0}/a%2Fb", null)]
    [InlineData("/api/v1/devices/{0}/../x", null)]
    [InlineData("/elsewhere", null)]
    [InlineData(null, null)]
    public void A_location_becomes_the_path_on_the_device(string? location, string? expected)
    {
        var device = new DeviceId(Guid.NewGuid());
        Assert.Equal(expected, RemoteLocation.HrefOf(device, location?.Replace("{0}", device.ToString(), StringComparison.Ordinal)));
    }

    private static MirroredRequest Get() => new(Lamp, DeviceMethod.Get, "/light");
}
