namespace OcfCloud.Simulator.Cameras.Authorization;

/// <summary>How a camera proves itself to an authorization server.</summary>
internal static class ClientAuthentication
{
    /// <summary>By an assertion that its key signed (OpenID Connect Core, 9).</summary>
    public const string PrivateKeyJwt = "private_key_jwt";

    /// <summary>By a certificate (RFC 8705, 2).</summary>
    public const string Tls = "tls_client_auth";
}
