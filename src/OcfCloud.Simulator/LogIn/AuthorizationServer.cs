using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Nodes;
using OcfCloud.Simulator.Certificates;
using OcfCloud.Simulator.Cloud;

namespace OcfCloud.Simulator.LogIn;

/// <summary>Calls of a cloud's authorization server, as a public client: it names itself and has no secret (RFC 6749, 2.1).</summary>
internal sealed class AuthorizationServer : IDisposable
{
    private readonly HttpClient _http;

    private AuthorizationServer(HttpClient http, ServerMetadata metadata) => (_http, Metadata) = (http, metadata);

    /// <summary>What it says about itself.</summary>
    public ServerMetadata Metadata { get; }

    /// <summary>Asks a cloud's door where its authorization server is (RFC 8414, 3).</summary>
    /// <exception cref="LogInFailedException">It does not answer, or with something else.</exception>
    public static async Task<AuthorizationServer> FindAsync(Uri url, TrustAnchors anchors, CancellationToken cancellationToken)
    {
        var http = CloudHttp.Create(url, anchors);
        try
        {
            var metadata = await CallAsync(
                http,
                async () => await http.GetFromJsonAsync<ServerMetadata>(new Uri(".well-known/oauth-authorization-server", UriKind.Relative), cancellationToken),
                cancellationToken);
            if (metadata.AuthorizationEndpoint.Scheme != Uri.UriSchemeHttps || metadata.TokenEndpoint.Scheme != Uri.UriSchemeHttps)
                throw new LogInFailedException($"{url}: the endpoints of its authorization server are not https.");
            return new AuthorizationServer(http, metadata);
        }
        catch
        {
            http.Dispose();
            throw;
        }
    }

    /// <summary>Makes tokens of a code (RFC 6749, 4.1.3; RFC 7636, 4.5).</summary>
    /// <exception cref="LogInFailedException">The server refuses, or does not answer.</exception>
    public Task<IssuedTokens> RedeemAsync(AuthorizationRequest request, string code, CancellationToken cancellationToken) => SendAsync(
        new()
        {
            ["grant_type"] = "authorization_code",
            ["code"] = code,
            ["redirect_uri"] = request.RedirectUri.OriginalString,
            ["client_id"] = request.ClientId,
            ["code_verifier"] = request.Verifier,
        },
        cancellationToken);

    /// <summary>Gets the next pair of tokens (RFC 6749, 6).</summary>
    /// <exception cref="LogInFailedException">The server refuses, or does not answer.</exception>
    public Task<IssuedTokens> RefreshAsync(string clientId, string refreshToken, CancellationToken cancellationToken) => SendAsync(
        new() { ["grant_type"] = "refresh_token", ["refresh_token"] = refreshToken, ["client_id"] = clientId },
        cancellationToken);

    /// <summary>Gives a refresh token back, and with it all that came of the same log-in (RFC 7009, 2.1).</summary>
    /// <exception cref="LogInFailedException">The server does not answer.</exception>
    public async Task RevokeAsync(string clientId, string refreshToken, CancellationToken cancellationToken)
    {
        if (Metadata.RevocationEndpoint is not { } endpoint)
            return;
        using var form = new FormUrlEncodedContent(new Dictionary<string, string> { ["token"] = refreshToken, ["client_id"] = clientId });
        using var response = await CallAsync(_http, async () => await _http.PostAsync(endpoint, form, cancellationToken), cancellationToken);
    }

    /// <inheritdoc/>
    public void Dispose() => _http.Dispose();

    private async Task<IssuedTokens> SendAsync(Dictionary<string, string> parameters, CancellationToken cancellationToken)
    {
        using var form = new FormUrlEncodedContent(parameters);
        return await CallAsync(
            _http,
            async () =>
            {
                using var response = await _http.PostAsync(Metadata.TokenEndpoint, form, cancellationToken);
                if (!response.IsSuccessStatusCode)
                    throw await RefusalAsync(response, cancellationToken);
                return await response.Content.ReadFromJsonAsync<IssuedTokens>(cancellationToken);
            },
            cancellationToken);
    }

    private static async Task<T> CallAsync<T>(HttpClient http, Func<Task<T?>> call, CancellationToken cancellationToken)
        where T : class
    {
        try
        {
            return await call() ?? throw new LogInFailedException($"{http.BaseAddress}: the authorization server answered with nothing.");
        }
        catch (Exception e) when (e is HttpRequestException or JsonException or OperationCanceledException)
        {
            cancellationToken.ThrowIfCancellationRequested();
            throw new LogInFailedException($"{http.BaseAddress}: {(e.InnerException ?? e).Message}", e);
        }
    }

    private static async Task<LogInFailedException> RefusalAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        try
        {
            var answer = await response.Content.ReadFromJsonAsync<JsonObject>(cancellationToken);
            if (answer?["error"]?.ToString() is { } error)
                return new LogInFailedException($"The cloud gave no token: {answer["error_description"] ?? error} ({error})") { Error = error };
        }
        catch (Exception e) when (e is JsonException or NotSupportedException or InvalidOperationException)
        {
            // No error of OAuth; the status says enough.
        }

        return new LogInFailedException($"The cloud gave no token: {(int)response.StatusCode} {response.ReasonPhrase}");
    }
}
