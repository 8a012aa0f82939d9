namespace OcfCloud.Core.Storage;

/// <summary>Where the store is.</summary>
public sealed class StoreOptions
{
    /// <summary>Which database.</summary>
    public StoreProvider Provider { get; set; } = StoreProvider.Sqlite;

    /// <summary>How to reach PostgreSQL; unused with SQLite.</summary>
    public string? ConnectionString { get; set; }

    /// <summary>The directory of everything that the process writes; made when missing. Holds <c>ocfcloud.db</c>, <c>migrate.lock</c> and <c>node.id</c>.</summary>
    public string DataDirectory { get; set; } = "./data";

    /// <summary>How long a write waits for its turn on SQLite. Default 20 s.</summary>
    public TimeSpan WriteTimeout { get; set; } = TimeSpan.FromSeconds(20);
}
