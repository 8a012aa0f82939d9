using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Nodes;
using OcfCloud.Simulator.Certificates;
using OcfCloud.Simulator.Cloud;
using OcfCloud.Simulator.Payloads;

namespace OcfCloud.Simulator.Mediators;

/// <summary>Calls of the cloud's mediator API.</summary>
internal sealed class MediatorApi : IDisposable
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web);
    private readonly HttpClient _http;

    /// <summary>Calls with a client that is already there and belongs to this object from now on.</summary>
    public MediatorApi(HttpClient http) => _http = http;

    /// <summary>Calls a cloud's HTTPS door.</summary>
    /// <param name="url">Its address.</param>
    /// <param name="anchors">Who is believed.</param>
    public static MediatorApi At(Uri url, TrustAnchors anchors) => new(CloudHttp.Create(url, anchors));

    /// <summary>Registers a mediator for the user of a token.</summary>
    public Task<MediatorRegistration> RegisterAsync(string userToken, CancellationToken cancellationToken) =>
        SendAsync<MediatorRegistration>(HttpMethod.Post, "registrations", userToken, new JsonObject(), cancellationToken);

    /// <summary>Refreshes a registration; the refresh token is the proof.</summary>
    public Task<MediatorRegistration> RefreshAsync(string refreshToken, CancellationToken cancellationToken) =>
        SendAsync<MediatorRegistration>(HttpMethod.Post, "tokenrefresh", token: null, new JsonObject { ["refreshtoken"] = refreshToken }, cancellationToken);

    /// <summary>Gets a one-time token for a device.</summary>
    public Task<DeviceToken> GetDeviceTokenAsync(string token, Guid deviceId, CancellationToken cancellationToken) =>
        SendAsync<DeviceToken>(HttpMethod.Post, "device-tokens", token, new JsonObject { ["di"] = OcfUuid.Format(deviceId) }, cancellationToken);

    /// <summary>The user's devices, as the cloud tells of them.</summary>
    public Task<JsonArray> GetDevicesAsync(string token, CancellationToken cancellationToken) =>
        SendAsync<JsonArray>(HttpMethod.Get, "devices", token, body: null, cancellationToken);

    /// <inheritdoc/>
    public void Dispose() => _http.Dispose();

    private async Task<T> SendAsync<T>(HttpMethod method, string path, string? token, JsonObject? body, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(method, new Uri($"mediator/v1/{path}", UriKind.Relative));
        if (token is not null)
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        if (body is not null)
            request.Content = JsonContent.Create(body);
        try
        {
            using var response = await _http.SendAsync(request, cancellationToken);
            if (!response.IsSuccessStatusCode)
                throw await RefusalAsync(response, cancellationToken);
            return await response.Content.ReadFromJsonAsync<T>(Json, cancellationToken)
                ?? throw new MediatorApiException($"{path}: the cloud answered with nothing") { Status = response.StatusCode };
        }
        catch (Exception e) when (e is HttpRequestException or JsonException or OperationCanceledException)
        {
            cancellationToken.ThrowIfCancellationRequested();
            throw new MediatorApiException($"{_http.BaseAddress}: {(e.InnerException ?? e).Message}", e);
        }
    }

    private static async Task<MediatorApiException> RefusalAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        var status = $"{(int)response.StatusCode} {response.ReasonPhrase}";
        try
        {
            // RFC 9457: the detail is written for people.
            var problem = await response.Content.ReadFromJsonAsync<JsonObject>(Json, cancellationToken);
            var words = problem?["detail"] ?? problem?["title"];
            if (words is not null)
                status = $"{status}: {words}";
        }
        catch (Exception e) when (e is JsonException or NotSupportedException or InvalidOperationException)
        {
            // No problem details; the status says enough.
        }

        return new MediatorApiException(status) { Status = response.StatusCode };
    }
}
