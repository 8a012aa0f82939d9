using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;

namespace OcfCloud.CloudApi.Tests;

/// <summary>Reads answers as a caller does.</summary>
internal static class Answers
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    /// <summary>Sends JSON as it is written here.</summary>
    public static async Task<HttpResponseMessage> SendAsync(this HttpClient client, HttpMethod method, string path, string? json = null, string mediaType = "application/json")
    {
        using var request = new HttpRequestMessage(method, path);
        if (json is not null) request.Content = new StringContent(json, Encoding.UTF8, new MediaTypeHeaderValue(mediaType));
        return await client.SendAsync(request, Cancellation);
    }

    public static Task<HttpResponseMessage> PostAsync(this HttpClient client, string path, string? json = null) => client.SendAsync(HttpMethod.Post, path, json);

    /// <summary>The body of an answer that has to have this code.</summary>
    public static async Task<JsonElement> JsonAsync(this HttpResponseMessage answer, HttpStatusCode expected)
    {
        var text = await answer.Content.ReadAsStringAsync(Cancellation);
        Assert.True(expected == answer.StatusCode, $"{(int)answer.StatusCode}: {text}");
        Assert.Equal("application/json", answer.Content.Headers.ContentType?.MediaType);
        return JsonDocument.Parse(text).RootElement;
    }

    /// <summary>Asserts a refusal: its code, problem details as its body (RFC 9457), and what it says.</summary>
    public static async Task<string> RefusedAsync(this HttpResponseMessage answer, HttpStatusCode expected)
    {
        var text = await answer.Content.ReadAsStringAsync(Cancellation);
        Assert.True(expected == answer.StatusCode, $"{(int)answer.StatusCode}: {text}");
        Assert.Equal("application/problem+json", answer.Content.Headers.ContentType?.MediaType);
        var problem = JsonDocument.Parse(text).RootElement;
        Assert.Equal((int)expected, problem.GetProperty("status").GetInt32());
        Assert.False(string.IsNullOrEmpty(problem.GetProperty("title").GetString()));
        return problem.TryGetProperty("detail", out var detail) ? detail.GetString()! : "";
    }

    /// <summary>The names of an object's members, in their order.</summary>
    public static IEnumerable<string> Members(this JsonElement json) => json.EnumerateObject().Select(member => member.Name);

    public static string Text(this JsonElement json, string member) => json.GetProperty(member).GetString()!;
}
