namespace OcfCloud.Identity.Bearer;

/// <summary>Names of the authentication schemes of bearer tokens.</summary>
public static class BearerSchemes
{
    /// <summary>The one that APIs name: it forwards to the scheme of the token's issuer.</summary>
    public const string Bearer = "Bearer";

    internal const string Own = "Bearer.Own";

    internal const string External = "Bearer.External";
}
