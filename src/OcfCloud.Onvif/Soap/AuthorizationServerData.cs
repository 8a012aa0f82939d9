namespace OcfCloud.Onvif.Soap;

/// <summary><c>tas:AuthorizationServerConfigurationData</c>.</summary>
internal sealed record AuthorizationServerData(string ServerUri, string? ClientId, string? Scope, string? KeyId, string? PolicyId)
{
    public string Type { get; init; } = "OAuthClientCredentials";

    public string ClientAuth { get; init; } = "private_key_jwt";

    public string? CertificateId { get; init; }
}
