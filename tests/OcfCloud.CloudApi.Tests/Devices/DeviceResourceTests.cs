using System.Net;
using System.Net.Http.Headers;
using System.Text;
using OcfCloud.Core.Devices;
using OcfCloud.Core.Directory;
using OcfCloud.Core.Payloads;
using OcfCloud.Core.Requests;

namespace OcfCloud.CloudApi.Tests.Devices;

/// <summary>cloud-to-cloud.md, 1.3: a resource is asked of its device; here of what stands for the device door.</summary>
public sealed class DeviceResourceTests : IAsyncLifetime
{
    private const string Cbor = "application/vnd.ocf+cbor";

    private CloudApiHost _host = null!;
    private UserId _user;
    private HttpClient _client = null!;
    private DeviceId _device;
    private string _accessToken = "";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private string Resource => $"/api/v1/devices/{_device}";

    public async ValueTask InitializeAsync()
    {
        _host = await CloudApiHost.StartAsync();
        _user = await _host.AddUserAsync("alice");
        _client = _host.As(await _host.TokenAsync(_user, "r:* w:*"));
        (_device, _accessToken, _) = await _host.AddDeviceTokensAsync(_user);
    }

    public ValueTask DisposeAsync()
    {
        _client.Dispose();
        return _host.DisposeAsync();
    }

    [Fact]
    public async Task A_GET_is_asked_of_the_device_for_the_user_and_the_client_and_answered_in_either_format()
    {
        Answer(new DeviceAnswer(DeviceOutcome.Answered) { Code = 205, ContentFormat = 10000, Payload = ToCbor("""{"links":[{"href":"/a","rt":["x"]}]}""") });

        using var json = await _client.GetAsync(Resource + "/lights?if=oic.if.baseline&x=%26+%C3%BC&", Cancellation);
        using var cbor = await SendAsync(HttpMethod.Get, Resource + "/lights", accept: Cbor);

        Assert.Equal($$$"""{"links":[{"href":"/{{{_device}}}/a","rt":["x"]}]}""", (await json.JsonAsync(HttpStatusCode.OK)).GetRawText());
        Assert.Equal("no-store", json.Headers.CacheControl!.ToString());
        Assert.Equal(Cbor, cbor.Content.Headers.ContentType!.ToString());
        Assert.Equal(ToCbor($$$"""{"links":[{"href":"/{{{_device}}}/a","rt":["x"]}]}"""), await cbor.Content.ReadAsByteArrayAsync(Cancellation));
        await _client.GetAsync(Resource + "/lights?if=oic.if.baseline&x=%26+%C3%BC&", Cancellation);
        var asked = _host.Connected.Asked!;
        Assert.Equal((_user, "test-client", _device, DeviceMethod.Get, "/lights"), (asked.User, asked.Subject.Client, asked.Device, asked.Method, asked.Href));
        Assert.Equal(["if=oic.if.baseline", "x=&+ü", ""], asked.Query);
        Assert.True(asked.Payload.IsEmpty);
    }

    [Fact]
    public async Task A_POST_is_told_to_the_device_as_it_knows_its_hrefs()
    {
        Answer(new DeviceAnswer(DeviceOutcome.Answered) { Code = 204, ContentFormat = 60, Payload = ToCbor("""[{"href":"/a","rep":{"value":1}}]""") });
        var outside = $$$"""[{"href":"/{{{_device}}}/a","rep":{"value":1}}]""";

        using var json = await SendAsync(HttpMethod.Post, Resource + "/lights?if=oic.if.b", Encoding.UTF8.GetBytes(outside), "application/json; charset=utf-8");
        Assert.Equal(outside, (await json.JsonAsync(HttpStatusCode.OK)).GetRawText());
        Assert.Equal(ToCbor("""[{"href":"/a","rep":{"value":1}}]"""), _host.Connected.Asked!.Payload.ToArray());
        Assert.Equal((DeviceMethod.Post, "/lights"), (_host.Connected.Asked.Method, _host.Connected.Asked.Href));
        Assert.Equal(["if=oic.if.b"], _host.Connected.Asked.Query);

        using var cbor = await SendAsync(HttpMethod.Post, Resource + "/lights", ToCbor(outside), Cbor, accept: Cbor);
        Assert.Equal(ToCbor(outside), await cbor.Content.ReadAsByteArrayAsync(Cancellation));
        Assert.Equal(ToCbor("""[{"href":"/a","rep":{"value":1}}]"""), _host.Connected.Asked!.Payload.ToArray());
    }

    [Fact]
    public async Task An_empty_answer_stays_empty_and_an_empty_body_is_told_as_none()
    {
        Answer(new DeviceAnswer(DeviceOutcome.Answered) { Code = 204 });

        using var answer = await SendAsync(HttpMethod.Post, Resource + "/light");

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal(0, answer.Content.Headers.ContentLength);
        Assert.Null(answer.Content.Headers.ContentType);
        Assert.True(_host.Connected.Asked!.Payload.IsEmpty);
    }

    [Fact]
    public async Task The_device_s_entity_tag_is_a_weak_one_here_and_of_a_GET_s_answer_alone()
    {
        Answer(new DeviceAnswer(DeviceOutcome.Answered) { Code = 205, Payload = new byte[] { 0xa0 }, ETag = new byte[] { 0x0a, 0xff } });
        using var tagged = await _client.GetAsync(Resource + "/light", Cancellation);
        Assert.Equal("W/\"0aff\"", tagged.Headers.ETag!.ToString());
        Answer(new DeviceAnswer(DeviceOutcome.Answered) { Code = 205, Payload = new byte[] { 0xa0 } });
        using var untagged = await _client.GetAsync(Resource + "/light", Cancellation);
        Assert.Null(untagged.Headers.ETag);
        Answer(new DeviceAnswer(DeviceOutcome.Answered) { Code = 404, ETag = new byte[] { 1 } });
        using var refused = await _client.GetAsync(Resource + "/light", Cancellation);
        Assert.Null(refused.Headers.ETag);
    }

    [Fact]
    public async Task What_was_created_says_where_and_what_is_fresh_says_how_long()
    {
        Answer(new DeviceAnswer(DeviceOutcome.Answered) { Code = 201, Location = "/scenes/a b" });
        using var created = await SendAsync(HttpMethod.Post, Resource + "/scenes?if=oic.if.create", "{}"u8.ToArray(), "application/json");
        Answer(new DeviceAnswer(DeviceOutcome.Answered) { Code = 205, Payload = new byte[] { 0xa0 }, MaxAge = TimeSpan.FromSeconds(30) });
        using var fresh = await _client.GetAsync(Resource + "/light", Cancellation);
        Answer(new DeviceAnswer(DeviceOutcome.Answered) { Code = 203 });
        using var valid = await _client.GetAsync(Resource + "/light", Cancellation);

        Assert.Equal(HttpStatusCode.Created, created.StatusCode);
        Assert.Equal(Resource + "/scenes/a%20b", created.Headers.Location!.OriginalString);
        Assert.Equal(TimeSpan.FromSeconds(30), fresh.Headers.CacheControl!.MaxAge);
        Assert.True(fresh.Headers.CacheControl.Private);
        Assert.Equal(HttpStatusCode.NotModified, valid.StatusCode);
    }

    [Theory]
    [InlineData(401, HttpStatusCode.Forbidden, "The device refuses this cloud (4.01); the caller's token is good. It says: not you")]
    [InlineData(403, HttpStatusCode.Forbidden, "The device refuses this cloud (4.03); the caller's token is good. It says: not you")]
    [InlineData(404, HttpStatusCode.NotFound, "The device answered 4.04. It says: not you")]
    [InlineData(500, HttpStatusCode.BadGateway, "The device answered 5.00. It says: not you")]
    public async Task An_error_of_the_device_is_explained(int code, HttpStatusCode status, string detail)
    {
        Answer(new DeviceAnswer(DeviceOutcome.Answered) { Code = code, Payload = "not\nyou"u8.ToArray() });

        using var answer = await _client.GetAsync(Resource + "/light", Cancellation);

        Assert.Equal(detail, await answer.RefusedAsync(status));
        Assert.Empty(answer.Headers.WwwAuthenticate);
    }

    [Theory]
    [InlineData(DeviceOutcome.Offline, 0, null, HttpStatusCode.GatewayTimeout, "5")]
    [InlineData(DeviceOutcome.NoAnswer, 0, null, HttpStatusCode.GatewayTimeout, "5")]
    [InlineData(DeviceOutcome.Busy, 0, null, HttpStatusCode.ServiceUnavailable, "5")]
    [InlineData(DeviceOutcome.Answered, 503, 17, HttpStatusCode.ServiceUnavailable, "17")]
    [InlineData(DeviceOutcome.Answered, 503, null, HttpStatusCode.ServiceUnavailable, "5")]
    [InlineData(DeviceOutcome.Answered, 504, null, HttpStatusCode.GatewayTimeout, "5")]
    [InlineData(DeviceOutcome.Answered, 429, 9, HttpStatusCode.TooManyRequests, "9")]
    public async Task What_is_worth_another_try_says_when(DeviceOutcome outcome, int code, int? maxAge, HttpStatusCode status, string retryAfter)
    {
        Answer(new DeviceAnswer(outcome) { Code = code, MaxAge = maxAge is { } seconds ? TimeSpan.FromSeconds(seconds) : null, Diagnostic = "why" });

        using var answer = await _client.GetAsync(Resource + "/light", Cancellation);

        Assert.NotEqual("", await answer.RefusedAsync(status));
        Assert.Equal(retryAfter, Assert.Single(answer.Headers.GetValues("Retry-After")));
    }

    [Theory]
    [InlineData(0, "74657874")]
    [InlineData(10000, "a1")]
    [InlineData(60, "ff")]
    public async Task An_answer_that_cannot_be_read_is_a_bad_gateway(int format, string payload)
    {
        Answer(new DeviceAnswer(DeviceOutcome.Answered) { Code = 205, ContentFormat = format, Payload = Convert.FromHexString(payload) });

        await (await _client.GetAsync(Resource + "/light", Cancellation)).RefusedAsync(HttpStatusCode.BadGateway);
    }

    [Theory]
    [InlineData("{\"a\":1}", "text/plain", HttpStatusCode.UnsupportedMediaType)]
    [InlineData("{\"a\":1}", null, HttpStatusCode.UnsupportedMediaType)]
    [InlineData("{\"a\":1}", "application/cbor", HttpStatusCode.UnsupportedMediaType)]
    [InlineData("{", "application/json", HttpStatusCode.BadRequest)]
    [InlineData("{\"a\":1,\"a\":2}", "application/json", HttpStatusCode.BadRequest)]
    [InlineData("{\"a\":1}", Cbor, HttpStatusCode.BadRequest)]
    public async Task A_body_that_is_not_understood_never_reaches_the_device(string body, string? contentType, HttpStatusCode status)
    {
        using var answer = await SendAsync(HttpMethod.Post, Resource + "/light", Encoding.UTF8.GetBytes(body), contentType);

        await answer.RefusedAsync(status);
        Assert.Null(_host.Connected.Asked);
    }

    [Fact]
    public async Task A_compressed_body_and_one_that_is_too_large_never_reach_the_device()
    {
        using var content = new ByteArrayContent("{}"u8.ToArray()) { Headers = { ContentType = new("application/json"), ContentEncoding = { "gzip" } } };
        using var compressed = await _client.PostAsync(Resource + "/light", content, Cancellation);
        await compressed.RefusedAsync(HttpStatusCode.UnsupportedMediaType);

        var body = Encoding.UTF8.GetBytes($"\"{new string('a', CloudApiHost.MaxRequestBodySize)}\"");
        using var large = await SendAsync(HttpMethod.Post, Resource + "/light", body, "application/json");
        await large.RefusedAsync(HttpStatusCode.RequestEntityTooLarge);
        Assert.Null(_host.Connected.Asked);
    }

    [Fact]
    public async Task A_POST_whose_answer_could_not_be_accepted_is_not_told_to_the_device()
    {
        using var answer = await SendAsync(HttpMethod.Post, Resource + "/light", "{}"u8.ToArray(), "application/json", "text/html");

        await answer.RefusedAsync(HttpStatusCode.NotAcceptable);
        Assert.Null(_host.Connected.Asked);
    }

    [Theory]
    [InlineData("/light", "/light")]
    [InlineData("/a%20b/%C3%BC", "/a b/ü")]
    [InlineData("/a%2520b", "/a%20b")]
    [InlineData("/a+b;c=d,e", "/a+b;c=d,e")]
    [InlineData("/LIGHT/Switch", "/LIGHT/Switch")]
    [InlineData("/oic/res", "/oic/res")]
    [InlineData("/light/", "/light/")]
    [InlineData("/a//b", "/a//b")]
    public async Task The_path_is_what_the_caller_wrote(string path, string href)
    {
        Answer(new DeviceAnswer(DeviceOutcome.Answered) { Code = 205 });

        using var answer = await SendRawAsync(path);

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal(href, _host.Connected.Asked!.Href);
    }

    [Fact]
    public async Task A_link_is_asked_for_as_it_was_published()
    {
        Answer(new DeviceAnswer(DeviceOutcome.Answered) { Code = 205 });
        Assert.True(ResourceHref.TryParse("/a%20b%2Fc", out var href));
        Assert.True(ResourceLink.TryCreate(href, ["x"], ["y"], 3, [], out var link));
        await _host.Directory.PublishAsync(_device, _user, [link], ttl: null, Cancellation);

        using var answer = await SendRawAsync("/a%20b%2Fc");
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal("/a%20b%2Fc", _host.Connected.Asked!.Href);
    }

    [Theory]
    [InlineData("/a%2Fb")]
    [InlineData("/a%zz")]
    [InlineData("/a%")]
    [InlineData("/a%C3")]
    [InlineData("/light?x=%")]
    [InlineData("/light?x=%ff")]
    [InlineData("/../00000000-0000-0000-0000-000000000001/light")]
    public async Task A_target_that_is_written_badly_is_refused(string path)
    {
        using var answer = await SendRawAsync(path);

        await answer.RefusedAsync(HttpStatusCode.BadRequest);
        Assert.Null(_host.Connected.Asked);
    }

    [Fact]
    public async Task Subscriptions_are_never_a_resource()
    {
        foreach (var (method, path) in new[]
        {
            (HttpMethod.Post, "/subscriptions"), (HttpMethod.Post, "/light/1/subscriptions"), (HttpMethod.Post, "/light/subscriptions/"),
            (HttpMethod.Get, "/subscriptions/1"), (HttpMethod.Get, "/light/1/subscriptions/1"),
        })
        {
            using var answer = await SendAsync(method, Resource + path);
            // A POST without a body is one of the Events API that is refused.
            var expected = method == HttpMethod.Post ? HttpStatusCode.BadRequest : HttpStatusCode.NotFound;
            Assert.True(answer.StatusCode == expected, $"{method} {path}: {answer.StatusCode}");
        }

        using var one = await SendAsync(HttpMethod.Get, "/api/v1/devices/subscriptions/1");
        await one.RefusedAsync(HttpStatusCode.NotFound);
        Assert.Null(_host.Connected.Asked);
        Answer(new DeviceAnswer(DeviceOutcome.Answered) { Code = 205 });
        foreach (var path in new[] { "/subscriptions", "/light/subscriptions", "/subscriptions/1/2" })
        {
            using var resource = await SendAsync(HttpMethod.Get, Resource + path);
            Assert.Equal(HttpStatusCode.OK, resource.StatusCode);
        }
    }

    [Fact]
    public async Task Only_if_cached_is_answered_by_the_twin_with_its_age()
    {
        await _host.KnowAsync(_device, _user, _accessToken, ("/oic/d", ToCbor("""{"n":"Lamp"}""")));
        var since = _host.Time.GetUtcNow();
        _host.Time.Advance(TimeSpan.FromSeconds(7.5));

        using var known = await CachedAsync("/oic/d");
        using var cbor = await CachedAsync("/oic/d", Cbor);
        using var unknown = await CachedAsync("/light");
        using var asked = await CachedAsync("/oic/d?if=oic.if.r");
        using var owners = await CachedAsync("/oic/sec/cred");

        Assert.Equal("""{"n":"Lamp"}""", (await known.JsonAsync(HttpStatusCode.OK)).GetRawText());
        Assert.Equal(TimeSpan.FromSeconds(7), known.Headers.Age);
        Assert.Equal(since.ToUnixTimeSeconds(), known.Content.Headers.LastModified!.Value.ToUnixTimeSeconds());
        Assert.Equal(ToCbor("""{"n":"Lamp"}"""), await cbor.Content.ReadAsByteArrayAsync(Cancellation));
        Assert.Equal("Nothing is known of this resource yet.", await unknown.RefusedAsync(HttpStatusCode.GatewayTimeout));
        await asked.RefusedAsync(HttpStatusCode.GatewayTimeout);
        await owners.RefusedAsync(HttpStatusCode.Forbidden);
        Assert.Null(_host.Connected.Asked);
    }

    private void Answer(DeviceAnswer answer) => _host.Connected.Answer = _ => answer;

    private Task<HttpResponseMessage> SendRawAsync(string path) =>
        _client.GetAsync(new Uri(_host.Http.BaseAddress + Resource[1..] + path, new UriCreationOptions { DangerousDisablePathAndQueryCanonicalization = true }), Cancellation);

    private async Task<HttpResponseMessage> CachedAsync(string path, string? accept = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, Resource + path) { Headers = { CacheControl = new() { OnlyIfCached = true } } };
        if (accept is not null) request.Headers.TryAddWithoutValidation("Accept", accept);
        return await _client.SendAsync(request, Cancellation);
    }

    private async Task<HttpResponseMessage> SendAsync(HttpMethod method, string path, byte[]? body = null, string? contentType = null, string? accept = null)
    {
        using var request = new HttpRequestMessage(method, path);
        if (accept is not null) request.Headers.TryAddWithoutValidation("Accept", accept);
        if (body is not null)
        {
            request.Content = new ByteArrayContent(body);
            if (contentType is not null) request.Content.Headers.ContentType = MediaTypeHeaderValue.Parse(contentType);
        }

        return await _client.SendAsync(request, Cancellation);
    }

    private static byte[] ToCbor(string json) => PayloadConversion.TryToCbor(Encoding.UTF8.GetBytes(json), out var cbor) ? cbor : throw new ArgumentException(json);
}
