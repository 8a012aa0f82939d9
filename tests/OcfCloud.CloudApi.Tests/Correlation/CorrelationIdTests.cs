using System.Net;

namespace OcfCloud.CloudApi.Tests.Correlation;

/// <summary>cloud-to-cloud.md, 1.1: Correlation-ID.</summary>
public sealed class CorrelationIdTests(SharedHost shared) : IClassFixture<SharedHost>
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("/api/v1/devices", HttpStatusCode.Unauthorized)]
    [InlineData("/no/such/path", HttpStatusCode.NotFound)]
    [InlineData("/mediator/v1/devices", HttpStatusCode.Unauthorized)]
    public async Task What_the_request_had_comes_back_with_errors_too(string path, HttpStatusCode status)
    {
        var (answer, id) = await AskAsync(path, "Az09-._~ :/?#[]@!$&'()*+,;=");

        Assert.Equal(status, answer.StatusCode);
        Assert.Equal("Az09-._~ :/?#[]@!$&'()*+,;=", id);
    }

    [Fact]
    public async Task It_comes_back_with_an_answer_of_success_and_with_one_to_an_exception()
    {
        await using var host = await CloudApiHost.StartAsync();
        using var client = host.As(await host.TokenAsync(await host.AddUserAsync("alice")));
        client.DefaultRequestHeaders.Add("Correlation-ID", "one");

        using var good = await client.GetAsync("/api/v1/devices", Cancellation);
        host.BreakStore();
        using var broken = await client.GetAsync("/api/v1/devices", Cancellation);

        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.ServiceUnavailable), (good.StatusCode, broken.StatusCode));
        Assert.Equal("one", Assert.Single(good.Headers.GetValues("Correlation-ID")));
        Assert.Equal("one", Assert.Single(broken.Headers.GetValues("Correlation-ID")));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("ünlike")]
    [InlineData("a\tb")]
    public async Task Where_there_is_none_that_can_be_echoed_a_UUID_is_made(string? given)
    {
        var (_, first) = await AskAsync("/api/v1/devices", given);
        var (_, second) = await AskAsync("/api/v1/devices", given);

        Assert.True(Guid.TryParseExact(first, "D", out _));
        Assert.NotEqual(first, second);
    }

    [Fact]
    public async Task Its_length_is_bounded()
    {
        Assert.Equal(256, (await AskAsync("/api/v1/devices", new string('a', 256))).Id.Length);
        Assert.True(Guid.TryParseExact((await AskAsync("/api/v1/devices", new string('a', 257))).Id, "D", out _));
    }

    private async Task<(HttpResponseMessage Answer, string Id)> AskAsync(string path, string? id)
    {
        using var handler = new SocketsHttpHandler { RequestHeaderEncodingSelector = (_, _) => System.Text.Encoding.UTF8 };
        using var client = new HttpClient(handler) { BaseAddress = shared.Host.Http.BaseAddress };
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        if (id is not null) Assert.True(request.Headers.TryAddWithoutValidation("Correlation-ID", id));
        var answer = await client.SendAsync(request, Cancellation);
        return (answer, Assert.Single(answer.Headers.GetValues("Correlation-ID")));
    }
}
