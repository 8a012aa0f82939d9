namespace OcfCloud.CloudLinking.LinkedClouds;

/// <summary>Another OCF Cloud whose accounts users here may link: what an administrator said of it, and what its metadata document said (cloud-to-cloud.md, 2).</summary>
public sealed class LinkedCloud
{
    /// <summary>Characters of a name.</summary>
    public const int MaxNameLength = 64;

    /// <summary>Its key.</summary>
    public Guid Id { get; init; }

    /// <summary>Its name, which stands in the redirect URI: lower-case letters, digits and hyphens, 1 to <see cref="MaxNameLength"/>.</summary>
    public required string Name { get; init; }

    /// <summary>The base URL as the administrator gave it, without a slash at its end; <c>/api/v1/devices</c> is below it.</summary>
    public required string Url { get; set; }

    /// <summary>Our client id there.</summary>
    public required string ClientId { get; set; }

    /// <summary>Our client secret there, encrypted.</summary>
    public required byte[] ClientSecret { get; set; }

    /// <summary>What is asked for, separated by spaces.</summary>
    public required string Scope { get; set; }

    /// <summary>The issuer of its metadata; null where there is no metadata document.</summary>
    public string? Issuer { get; set; }

    /// <summary>Whether it sends <c>iss</c> with every authorization response (RFC 9207, 3).</summary>
    public bool SendsIssuer { get; set; }

    /// <summary>Where users are sent.</summary>
    public required string AuthorizationEndpoint { get; set; }

    /// <summary>Where codes and refresh tokens are exchanged.</summary>
    public required string TokenEndpoint { get; set; }

    /// <summary>Where tokens are revoked (RFC 7009); null where it has none.</summary>
    public string? RevocationEndpoint { get; set; }

    /// <summary>Extra trust roots for calls to it, PEM; null: none.</summary>
    public string? TrustAnchors { get; set; }

    /// <summary>The certificate shown where it asks for one, PEM, leaf first; null: this cloud's own.</summary>
    public string? ClientCertificate { get; set; }

    /// <summary>That certificate's key, PEM, encrypted.</summary>
    public byte[]? ClientKey { get; set; }

    /// <summary>Its UUID (<c>cloudid</c> of its devices).</summary>
    public Guid CloudId { get; set; }

    /// <summary>Whether it takes subscriptions; null: not known yet.</summary>
    public bool? HasEvents { get; set; }

    /// <summary>Since when.</summary>
    public DateTimeOffset CreatedAt { get; init; }

    /// <summary>An administrator removed it: it goes once its accounts are unlinked.</summary>
    public bool Removing { get; set; }

    /// <summary>Becomes what an administrator said of it anew; what it is called, who we are there and since when stays.</summary>
    internal void TakeOver(LinkedCloud said)
    {
        ClientSecret = said.ClientSecret;
        Scope = said.Scope;
        Issuer = said.Issuer;
        SendsIssuer = said.SendsIssuer;
        AuthorizationEndpoint = said.AuthorizationEndpoint;
        TokenEndpoint = said.TokenEndpoint;
        RevocationEndpoint = said.RevocationEndpoint;
        TrustAnchors = said.TrustAnchors;
        ClientCertificate = said.ClientCertificate;
        ClientKey = said.ClientKey;
        CloudId = said.CloudId;
    }
}
