namespace OcfCloud.EndToEnd.Harness;

/// <summary>Which store a cloud of a test has, and the environment that says so.</summary>
internal sealed record TestStore(string Provider, string? ConnectionString)
{
    public static TestStore Sqlite { get; } = new("Sqlite", null);

    public IEnumerable<(string, string?)> Environment =>
    [
        ("OcfCloud__Store__Provider", Provider),
        ("ConnectionStrings__OcfCloud", ConnectionString),
    ];
}
