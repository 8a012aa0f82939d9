namespace OcfCloud.Identity.Bearer;

/// <summary>Names of the authentication schemes of bearer tokens.</summary>
public static class BearerSchemes
{
    /// <summary>The one that APIs name: it forwards to the scheme of the token's issuer.</summary>
    public const string Bearer = "Bearer";

    /// <summary>What a caller is let into (RFC 9110, 11.5): all of this cloud.</summary>
    public const string Realm = "ocfcloud";

    /// <summary>What a 401 asks for. RFC 6750, 3: at least one parameter stands behind the scheme.</summary>
    public const string Challenge = $"Bearer realm=\"{Realm}\"";

    internal const string Own = "Bearer.Own";

    internal const string External = "Bearer.External";
}
