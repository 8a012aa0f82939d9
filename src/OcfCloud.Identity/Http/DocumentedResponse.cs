namespace OcfCloud.Identity.Http;

/// <summary>An answer of an endpoint for the API document, where one type does not say it.</summary>
/// <param name="Status">Its status.</param>
/// <param name="Description">When it comes.</param>
public sealed record DocumentedResponse(int Status, string Description)
{
    /// <summary>What its body may be, one of these; empty: no body.</summary>
    public IReadOnlyList<Type> Types { get; init; } = [];

    /// <summary>What the body may be written in.</summary>
    public IReadOnlyList<string> MediaTypes { get; init; } = ["application/json"];
}
