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

    /// <summary>The same as arguments.</summary>
    public IEnumerable<string> Arguments =>
        ConnectionString is null ? [$"--OcfCloud:Store:Provider={Provider}"] : [$"--OcfCloud:Store:Provider={Provider}", $"--ConnectionStrings:OcfCloud={ConnectionString}"];
}
