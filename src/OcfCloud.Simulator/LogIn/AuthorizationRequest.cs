using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace OcfCloud.Simulator.LogIn;

/// <summary>One request for a user's permission: authorization code with PKCE (RFC 6749, 4.1.1; RFC 7636, 4).</summary>
internal sealed class AuthorizationRequest(ServerMetadata server, string clientId, Uri redirectUri, string scope)
{
    private const int SecretBytes = 32;

    /// <summary>Who asks.</summary>
    public string ClientId { get; } = clientId;

    /// <summary>Where the answer goes.</summary>
    public Uri RedirectUri { get; } = redirectUri;

    /// <summary>Ties the answer to this request.</summary>
    public string State { get; } = MakeSecret();

    /// <summary>Ties the code to this process.</summary>
    public string Verifier { get; } = MakeSecret();

    /// <summary>What the user opens.</summary>
    public Uri Uri
    {
        get
        {
            var challenge = Base64Url.EncodeToString(SHA256.HashData(Encoding.ASCII.GetBytes(Verifier)));
            (string Name, string Value)[] parameters =
            [
                ("response_type", "code"), ("client_id", ClientId), ("redirect_uri", RedirectUri.OriginalString), ("scope", scope), ("state", State),
                ("code_challenge", challenge), ("code_challenge_method", "S256"),
            ];
            var query = string.Join('&', parameters.Select(parameter => $"{parameter.Name}={Uri.EscapeDataString(parameter.Value)}"));
            var separator = server.AuthorizationEndpoint.Query.Length > 0 ? '&' : '?';
            return new Uri($"{server.AuthorizationEndpoint.OriginalString}{separator}{query}");
        }
    }

    /// <summary>The code of an answer whose state is this request's.</summary>
    /// <exception cref="LogInFailedException">The answer is an error, or another server's.</exception>
    public string CodeOf(AuthorizationAnswer answer)
    {
        // RFC 9207, 2.4: an answer of another server would have its code redeemed here.
        if (answer.Issuer is { } issuer ? issuer != server.Issuer : server.AnswersNameIssuer)
            throw new LogInFailedException($"The answer is not of {server.Issuer}, but of {answer.Issuer ?? "nobody who is named"}: it was not used.");
        return answer switch
        {
            { Error: "access_denied" } => throw new LogInFailedException("Access was denied on the page of the cloud (access_denied).") { Error = answer.Error },
            { Error: { } error } => throw new LogInFailedException($"The cloud refused: {answer.ErrorDescription ?? error} ({error})") { Error = error },
            { Code: { Length: > 0 } code } => code,
            _ => throw new LogInFailedException("The cloud's answer holds neither a code nor an error."),
        };
    }

    private static string MakeSecret() => Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(SecretBytes));
}
