using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Nodes;
using OcfCloud.Simulator.Certificates;
using OcfCloud.Simulator.Cloud;

namespace OcfCloud.Simulator.Cameras.Enrolment;

/// <summary>Enrols cameras at a cloud's HTTPS door.</summary>
internal sealed class CameraApi(Uri url, TrustAnchors anchors) : IDisposable
{
    private readonly HttpClient _http = CloudHttp.Create(url, anchors);

    /// <summary><c>POST /api/v1/cameras</c>.</summary>
    /// <param name="userToken">Bearer token of the owner, with the scope <c>cameras</c>.</param>
    /// <param name="request">The PKCS#10 request, DER.</param>
    /// <param name="cancellationToken">Ends the attempt.</param>
    /// <exception cref="EnrolmentException">The cloud refused, or was not reached.</exception>
    public async Task<Enrolled> EnrolAsync(string userToken, byte[] request, CancellationToken cancellationToken)
    {
        using var message = new HttpRequestMessage(HttpMethod.Post, new Uri("api/v1/cameras", UriKind.Relative));
        message.Headers.Authorization = new AuthenticationHeaderValue("Bearer", userToken);
        message.Content = JsonContent.Create(new JsonObject { ["csr"] = Convert.ToBase64String(request) });
        try
        {
            using var response = await _http.SendAsync(message, cancellationToken);
            var text = await response.Content.ReadAsStringAsync(cancellationToken);
            if (response.IsSuccessStatusCode)
                return Enrolled.Read(text);
            throw new EnrolmentException($"{(int)response.StatusCode} {response.ReasonPhrase}{Detail(text)}")
            {
                IsKeyKnown = response.StatusCode == HttpStatusCode.Conflict,
            };
        }
        catch (Exception e) when (e is HttpRequestException or OperationCanceledException)
        {
            cancellationToken.ThrowIfCancellationRequested();
            throw new EnrolmentException($"{url}: {(e.InnerException ?? e).Message}", e);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _http.Dispose();

    // RFC 9457: the detail is written for people.
    private static string Detail(string text)
    {
        try
        {
            return JsonNode.Parse(text) is JsonObject problem && (problem["detail"] ?? problem["title"]) is { } words ? $": {words}" : "";
        }
        catch (JsonException)
        {
            return "";
        }
    }
}
