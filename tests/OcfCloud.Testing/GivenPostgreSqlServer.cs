namespace OcfCloud.Testing;

/// <summary>A server that somebody else runs.</summary>
internal sealed class GivenPostgreSqlServer(string connectionString) : IPostgreSqlServer
{
    public string Origin => $"the server of {PostgreSqlFixture.Variable}";

    public string ConnectionString => connectionString;

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
