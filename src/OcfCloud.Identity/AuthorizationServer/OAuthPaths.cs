namespace OcfCloud.Identity.AuthorizationServer;

/// <summary>Where the authorization server's endpoints are, below the public URL. Clients learn them from the metadata.</summary>
public static class OAuthPaths
{
    /// <summary>Log-in and consent (RFC 6749, 3.1).</summary>
    public const string Authorization = "/oauth/authorize";

    /// <summary>Codes and refresh tokens become access tokens (RFC 6749, 3.2).</summary>
    public const string Token = "/oauth/token";

    /// <summary>RFC 7009.</summary>
    public const string Revocation = "/oauth/revoke";

    /// <summary>RFC 7662.</summary>
    public const string Introspection = "/oauth/introspect";

    /// <summary>The keys that verify access tokens (RFC 7517).</summary>
    public const string JsonWebKeySet = "/.well-known/jwks.json";

    /// <summary>Metadata, by either name (RFC 8414, 3; OpenID Connect Discovery, 4).</summary>
    public const string OpenIdConfiguration = "/.well-known/openid-configuration", Metadata = "/.well-known/oauth-authorization-server";

    /// <summary>All addresses of the metadata. A camera that takes the document's address for an issuer appends the suffix to it, or puts it before the
    /// path (RFC 8414, 3).</summary>
    public static IReadOnlyList<string> MetadataDocuments { get; } =
        [OpenIdConfiguration, Metadata, OpenIdConfiguration + OpenIdConfiguration, OpenIdConfiguration + Metadata, Metadata + OpenIdConfiguration];
}
