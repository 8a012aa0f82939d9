namespace OcfCloud.Testing;

/// <summary>A PostgreSQL server for the time of a test run.</summary>
public interface IPostgreSqlServer : IAsyncDisposable
{
    /// <summary>Where it comes from, in words.</summary>
    string Origin { get; }

    /// <summary>A connection as a user who may make databases.</summary>
    string ConnectionString { get; }
}
