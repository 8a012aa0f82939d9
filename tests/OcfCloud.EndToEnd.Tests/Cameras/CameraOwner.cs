using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using OcfCloud.EndToEnd.Harness;
using Xunit.Sdk;

namespace OcfCloud.EndToEnd.Cameras;

/// <summary>A user and what it asks of its cloud about its cameras.</summary>
internal sealed class CameraOwner(CameraCloud home, string name, string bearer)
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(40);

    public CameraCloud Home => home;

    public string Name => name;

    public string Bearer => bearer;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    /// <summary>Sends a request below <c>/api/v1</c>.</summary>
    public async Task<HttpResponseMessage> SendAsync(HttpMethod method, string path, object? body = null)
    {
        using var request = new HttpRequestMessage(method, "/api/v1/" + path) { Content = body is null ? null : JsonContent.Create(body) };
        return await home.Cloud.HttpClientOf(bearer).SendAsync(request, Cancellation);
    }

    /// <summary>Sends one and asserts the status; the JSON of the answer, undefined where it has none.</summary>
    public async Task<JsonElement> AskAsync(HttpMethod method, string path, HttpStatusCode expected, object? body = null)
    {
        using var answer = await SendAsync(method, path, body);
        var text = await answer.Content.ReadAsStringAsync(Cancellation);
        Assert.True(expected == answer.StatusCode, $"{method} {path}: {answer.StatusCode} {text}");
        if ((int)expected >= 400) Assert.Equal("application/problem+json", answer.Content.Headers.ContentType?.MediaType);
        return text.Length == 0 ? default : JsonDocument.Parse(text).RootElement;
    }

    public Task<JsonElement> GetAsync(string path) => AskAsync(HttpMethod.Get, path, HttpStatusCode.OK);

    /// <summary>The user's cameras.</summary>
    public async Task<IReadOnlyList<JsonElement>> CamerasAsync() => [.. (await GetAsync("cameras")).EnumerateArray()];

    /// <summary>The user's one camera.</summary>
    public async Task<JsonElement> CameraAsync() => Assert.Single(await CamerasAsync());

    public async Task<string> CameraIdAsync() => (await CameraAsync()).GetProperty("id").GetString()!;

    /// <summary>Issues a share token for the user's one camera.</summary>
    public async Task<string> IssueAsync(string mode = "share", string userLevel = "Administrator", string? recipient = null)
    {
        var issued = await AskAsync(HttpMethod.Post, $"cameras/{await CameraIdAsync()}/share-tokens", HttpStatusCode.Created, new { mode, userLevel, recipient });
        Assert.Equal((mode, userLevel), (issued.GetProperty("mode").GetString(), issued.GetProperty("userLevel").GetString()));
        return issued.GetProperty("shareToken").GetString()!;
    }

    /// <summary>Takes a token, sees what it says and asks for the camera.</summary>
    /// <returns>The path of the incoming share.</returns>
    public async Task<string> AskForAsync(string shareToken, string userLevel = "Administrator")
    {
        var proposed = await AskAsync(HttpMethod.Post, "incoming-shares", HttpStatusCode.Created, new { shareToken, userLevel });
        Assert.Equal("proposed", proposed.GetProperty("state").GetString());
        var path = "incoming-shares/" + proposed.GetProperty("id").GetString();
        await AskAsync(HttpMethod.Post, path + "/confirm", HttpStatusCode.Accepted);
        return path;
    }

    /// <summary>What was shared of the user's one camera, newest last.</summary>
    public async Task<IReadOnlyList<JsonElement>> SharesAsync() => [.. (await GetAsync($"cameras/{await CameraIdAsync()}/shares")).EnumerateArray()];

    /// <summary>The path of the one share of the user's one camera, once there is one.</summary>
    public async Task<string> SharePathAsync()
    {
        await Eventually.EqualAsync(1, async () => (await SharesAsync()).Count);
        return $"cameras/{await CameraIdAsync()}/shares/{(await SharesAsync())[0].GetProperty("id").GetString()}";
    }

    /// <summary>Waits until the one share of the user's one camera is so far.</summary>
    public async Task<JsonElement> WaitForShareAsync(string state) => await WaitForAsync(await SharePathAsync(), "state", state);

    /// <summary>Waits until the user's one camera is there and so far.</summary>
    public async Task<JsonElement> WaitForCameraAsync(string status)
    {
        await Eventually.EqualAsync(1, async () => (await CamerasAsync()).Count, Deadline);
        return await WaitForAsync($"cameras/{await CameraIdAsync()}", "status", status);
    }

    /// <summary>Waits until something has a value; the failure shows all of it.</summary>
    public async Task<JsonElement> WaitForAsync(string path, string member, string value)
    {
        JsonElement last = default;
        try
        {
            await Eventually.EqualAsync(value, async () => (last = await GetAsync(path)).GetProperty(member).GetString(), Deadline);
        }
        catch (XunitException e)
        {
            throw new XunitException($"{path} did not become {value}: {last}", e);
        }

        return last;
    }

    /// <summary>Reads the user's one camera anew over its uplink: the cloud still has its access.</summary>
    public async Task<JsonElement> ReadInformationAsync() =>
        await AskAsync(HttpMethod.Post, $"cameras/{await CameraIdAsync()}/information", HttpStatusCode.OK);
}
