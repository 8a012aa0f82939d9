namespace OcfCloud.Identity.Http;

/// <summary>
/// A request body that an endpoint reads by hand, for the API document. ASP.NET's own metadata for it would have routing refuse other media types before
/// anybody has looked at the bearer token.
/// </summary>
/// <param name="Type">Whose schema it has.</param>
public sealed record DocumentedBody(Type Type)
{
    /// <summary>Whether it may not be left out.</summary>
    public bool IsRequired { get; init; } = true;

    /// <summary>What it may be written in.</summary>
    public IReadOnlyList<string> MediaTypes { get; init; } = ["application/json"];
}
