namespace OcfCloud.Core.Storage;

/// <summary>Which database.</summary>
public enum StoreProvider
{
    /// <summary>A file in the data directory.</summary>
    Sqlite,

    /// <summary>A PostgreSQL server.</summary>
    PostgreSql,
}
