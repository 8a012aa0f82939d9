using System.Collections.Concurrent;
using System.Net.Http.Json;
using System.Net.Security;
using System.Security.Authentication;
using System.Text.Json;
using System.Text.Json.Nodes;
using OcfCloud.Simulator.Cameras.Keystore;
using OcfCloud.Simulator.Cameras.Uplinks;

namespace OcfCloud.Simulator.Cameras.Authorization;

/// <summary>Gets a camera's access tokens by client credentials, and keeps each until it ends.</summary>
internal sealed class AuthorizationClient(CameraMemory memory, Misbehaviour misbehaviour, CameraTiming timing, TimeProvider time) : IDisposable
{
    private const int MaxAnswer = 64 * 1024;
    private readonly ConcurrentDictionary<StoredAuthorizationServer, AccessToken> _tokens = new();

    // Uplinks of one camera begin at the same time with the same configuration: one of them asks.
    private readonly SemaphoreSlim _turn = new(1);

    /// <summary>An access token.</summary>
    /// <param name="server">Whose.</param>
    /// <param name="cancellationToken">Ends the attempt.</param>
    /// <exception cref="UplinkFailedException">There is none; the message says why.</exception>
    public async Task<string> TokenAsync(StoredAuthorizationServer server, CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken);
        try
        {
            if (_tokens.TryGetValue(server, out var kept) && kept.End - timing.TokenMargin > time.GetUtcNow())
                return kept.Value;
            var token = await AskAsync(server, cancellationToken);
            _tokens[server] = token;
            return token.Value;
        }
        catch (Exception e) when (e is HttpRequestException or JsonException or InvalidOperationException or FormatException
            || (e is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            throw new UplinkFailedException($"authorization server: {Innermost(e)}");
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <summary>The remote client did not take the token.</summary>
    public void Forget(StoredAuthorizationServer server) => _tokens.TryRemove(server, out _);

    /// <inheritdoc/>
    public void Dispose() => _turn.Dispose();

    private async Task<AccessToken> AskAsync(StoredAuthorizationServer server, CancellationToken cancellationToken)
    {
        var state = memory.Current;
        var tls = PeerValidation.Options(state, server.PolicyId);
        var isMutual = server.ClientAuth == ClientAuthentication.Tls;
        using var certificate = isMutual ? ClientCertificate.Of(state, server.CertificateId) : null;
        if (certificate is not null)
            tls.ClientCertificateContext = SslStreamCertificateContext.Create(certificate, additionalCertificates: null, offline: true);
        using var http = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, UseProxy = false, SslOptions = tls })
        {
            Timeout = timing.ConnectTimeout,
            MaxResponseContentBufferSize = MaxAnswer,
        };

        var metadata = await ReadAsync(await http.GetAsync(new Uri(server.ServerUri), cancellationToken), "metadata", cancellationToken);
        var endpoint = (isMutual ? Text(metadata["mtls_endpoint_aliases"]?["token_endpoint"]) : null) ?? Text(metadata["token_endpoint"]);
        if (!Uri.TryCreate(endpoint, UriKind.Absolute, out var address) || address.Scheme != Uri.UriSchemeHttps)
            throw new UplinkFailedException("authorization server: the metadata names no https token endpoint");

        var form = new Dictionary<string, string> { ["grant_type"] = "client_credentials", ["client_id"] = server.ClientId! };
        if (server.Scope is not null)
            form["scope"] = server.Scope;
        if (!isMutual)
        {
            form["client_assertion_type"] = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";
            form["client_assertion"] = new ClientAssertion(misbehaviour, time).Make(
                server, state.Key(server.KeyId)!, Text(metadata["issuer"]) ?? "", endpoint);
        }

        using var content = new FormUrlEncodedContent(form);
        var asked = time.GetUtcNow();
        var answer = await ReadAsync(await http.PostAsync(address, content, cancellationToken), "token", cancellationToken);
        var token = Text(answer["access_token"]) ?? throw new UplinkFailedException("authorization server: no access_token");
        return new AccessToken(token, asked.AddSeconds(answer["expires_in"]?.GetValue<double>() ?? 0));
    }

    private static async Task<JsonObject> ReadAsync(HttpResponseMessage response, string what, CancellationToken cancellationToken)
    {
        using (response)
        {
            if (response.IsSuccessStatusCode)
                return await response.Content.ReadFromJsonAsync<JsonObject>(cancellationToken) ?? throw new JsonException($"{what}: no object");
            var error = await ErrorAsync(response, cancellationToken);
            throw new UplinkFailedException($"authorization server: {what}: {(int)response.StatusCode} {error}".TrimEnd());
        }
    }

    // RFC 6749, 5.2.
    private static async Task<string?> ErrorAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        try
        {
            return Text((await response.Content.ReadFromJsonAsync<JsonObject>(cancellationToken))?["error"]);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            return null;
        }
    }

    private static string? Text(JsonNode? node) => node is JsonValue value && value.TryGetValue<string>(out var text) ? text : null;

    private static string Innermost(Exception error) => error switch
    {
        OperationCanceledException => "no answer",
        { InnerException: AuthenticationException inner } => inner.Message,
        _ => error.Message,
    };
}
