namespace OcfCloud.Identity.Http;

/// <summary>A parameter that an endpoint reads by hand, for the API document.</summary>
/// <param name="Name">As it is written in a request.</param>
/// <param name="In"><c>path</c>, <c>query</c> or <c>header</c>.</param>
/// <param name="Description">One sentence.</param>
public sealed record DocumentedParameter(string Name, string In, string Description)
{
    /// <summary>Its format (<c>uuid</c>); null for any text.</summary>
    public string? Format { get; init; }

    /// <summary>The values that it may have; empty for any.</summary>
    public IReadOnlyList<string> Values { get; init; } = [];

    /// <summary>Whether it may come several times.</summary>
    public bool IsList { get; init; }
}
