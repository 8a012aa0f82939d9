namespace OcfCloud.Identity.DeviceClients;

/// <summary>What the authorization server does for devices that are clients.</summary>
public sealed class DeviceClientOptions
{
    /// <summary>The scope of their tokens.</summary>
    public const string Scope = "onvif.uplink";

    /// <summary>The audience of their tokens: where uplinks are opened.</summary>
    public string Audience { get; set; } = "";

    /// <summary>The token endpoint for <c>tls_client_auth</c> (<c>mtls_endpoint_aliases</c>, RFC 8705, 5); null: none.</summary>
    public string? MutualTlsTokenEndpoint { get; set; }

    /// <summary>Lifetime of their tokens.</summary>
    public TimeSpan AccessTokenLifetime { get; set; } = TimeSpan.FromHours(1);

    /// <summary>Whether RSA keys of 2048 bits are taken, which are below the specification's baseline.</summary>
    public bool AllowShortRsaKeys { get; set; }

    /// <summary>Assertions of one client that are remembered at a time, each until it would not be taken any more; further ones are refused.</summary>
    public int MaxLiveAssertions { get; set; } = 1_000;
}
