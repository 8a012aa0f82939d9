using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using OcfCloud.EndToEnd.Harness;

namespace OcfCloud.EndToEnd.DevicesApi;

/// <summary>What another cloud asks of this one for a user, over HTTPS.</summary>
internal static class PeerCloud
{
    public const string Json = "application/json", OcfCbor = "application/vnd.ocf+cbor";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    /// <summary>Sends a request below <c>/api/v1/devices</c>.</summary>
    public static async Task<HttpResponseMessage> AskAsync(
        this CloudUser user, HttpMethod method, string path, byte[]? body = null, string? contentType = null, string? accept = null, bool onlyIfCached = false)
    {
        using var request = new HttpRequestMessage(method, "/api/v1/devices" + path);
        if (accept is not null) request.Headers.TryAddWithoutValidation("Accept", accept);
        if (onlyIfCached) request.Headers.CacheControl = new() { OnlyIfCached = true };
        if (body is not null)
        {
            request.Content = new ByteArrayContent(body);
            if (contentType is not null) request.Content.Headers.ContentType = MediaTypeHeaderValue.Parse(contentType);
        }

        return await user.Cloud.HttpClientOf(user.Bearer).SendAsync(request, Cancellation);
    }

    public static Task<HttpResponseMessage> GetAsync(this CloudUser user, string path, string? accept = null) => user.AskAsync(HttpMethod.Get, path, accept: accept);

    public static Task<HttpResponseMessage> PostAsync(this CloudUser user, string path, string json) =>
        user.AskAsync(HttpMethod.Post, path, Encoding.UTF8.GetBytes(json), Json);

    /// <summary>The JSON of an answer of success.</summary>
    public static async Task<JsonElement> JsonAsync(this HttpResponseMessage answer)
    {
        var text = await answer.Content.ReadAsStringAsync(Cancellation);
        Assert.True(answer.StatusCode == HttpStatusCode.OK, $"{answer.StatusCode}: {text}");
        Assert.Equal(Json, answer.Content.Headers.ContentType!.ToString());
        return JsonDocument.Parse(text).RootElement;
    }

    /// <summary>The bytes of an answer of success in CBOR.</summary>
    public static async Task<byte[]> CborAsync(this HttpResponseMessage answer)
    {
        Assert.Equal((HttpStatusCode.OK, OcfCbor), (answer.StatusCode, answer.Content.Headers.ContentType?.ToString()));
        return await answer.Content.ReadAsByteArrayAsync(Cancellation);
    }

    /// <summary>Asserts a refusal with problem details, and the echo of a correlation id.</summary>
    public static async Task RefusedAsync(this Task<HttpResponseMessage> asked, HttpStatusCode expected)
    {
        using var answer = await asked;
        var text = await answer.Content.ReadAsStringAsync(Cancellation);
        Assert.True(expected == answer.StatusCode, $"{answer.StatusCode}: {text}");
        Assert.Equal("application/problem+json", answer.Content.Headers.ContentType?.MediaType);
        Assert.Single(answer.Headers.GetValues("Correlation-ID"));
        if (expected is HttpStatusCode.GatewayTimeout or HttpStatusCode.ServiceUnavailable) Assert.True(answer.Headers.RetryAfter?.Delta > TimeSpan.Zero);
    }

    /// <summary>The user's devices by their ids.</summary>
    public static async Task<Dictionary<Guid, JsonElement>> DevicesAsync(this CloudUser user, string query = "")
    {
        using var answer = await user.GetAsync(query);
        return (await answer.JsonAsync()).EnumerateArray().ToDictionary(d => d.GetProperty("device").GetProperty("di").GetGuid());
    }
}
