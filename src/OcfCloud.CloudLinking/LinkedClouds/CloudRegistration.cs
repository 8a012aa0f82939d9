namespace OcfCloud.CloudLinking.LinkedClouds;

/// <summary>What an administrator says of a cloud whose accounts users here may link.</summary>
/// <param name="Name">1 to <see cref="LinkedCloud.MaxNameLength"/> lower-case letters, digits and hyphens; it stands in the redirect URI.</param>
/// <param name="Url">The base URL, https.</param>
/// <param name="ClientId">Our client id there.</param>
/// <param name="ClientSecret">Our client secret there.</param>
public sealed record CloudRegistration(string Name, string Url, string ClientId, string ClientSecret)
{
    /// <summary>What is asked for, separated by single spaces; null: <c>r:* w:* offline_access</c>, without the last where the metadata's scopes lack it.</summary>
    public string? Scope { get; init; }

    /// <summary>Where users are sent; null: the metadata document says it. Given together with <see cref="TokenEndpoint"/>, no metadata document is needed.</summary>
    public string? AuthorizationEndpoint { get; init; }

    /// <summary>Where codes and refresh tokens are exchanged; null: the metadata document says it.</summary>
    public string? TokenEndpoint { get; init; }

    /// <summary>Where tokens are revoked; null: the metadata document says it, or there is no such place.</summary>
    public string? RevocationEndpoint { get; init; }

    /// <summary>Extra trust roots for calls to it, PEM; null: none.</summary>
    public string? TrustAnchors { get; init; }

    /// <summary>The certificate that is shown where it asks for one, PEM, leaf first; null: this cloud's own.</summary>
    public string? ClientCertificate { get; init; }

    /// <summary>That certificate's key, PEM; null: it stands with the certificate.</summary>
    public string? ClientKey { get; init; }

    /// <summary>The cloud's UUID; null: the one in its certificate's CN, else one that is made of its URL.</summary>
    public Guid? CloudId { get; init; }

    /// <summary>Neither secret nor key.</summary>
    public override string ToString() => $"{Name} at {Url}";
}
