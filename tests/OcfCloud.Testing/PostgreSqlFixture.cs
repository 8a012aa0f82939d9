using System.Text;
using Npgsql;
using Xunit;

namespace OcfCloud.Testing;

/// <summary>
/// One PostgreSQL server for the run of a test project: put <c>[assembly: AssemblyFixture(typeof(PostgreSqlFixture))]</c> there and take it in constructors.
/// In this order: the server of the environment variable, a container where an engine is, the machine's own PostgreSQL; else tests skip, which
/// <c>CI=true</c> makes a failure.
/// </summary>
public sealed class PostgreSqlFixture : IAsyncLifetime
{
    /// <summary>The environment variable with the connection string of a server whose user may make databases.</summary>
    public const string Variable = "OCFCLOUD_TEST_POSTGRES";

    /// <summary>
    /// The environment variable with the file that takes what the last lines of <c>./test.sh</c> say: the runner keeps the output of good runs to itself.
    /// </summary>
    public const string NotesVariable = "OCFCLOUD_TEST_NOTES";

    // What the names of migrated databases begin with.
    private const string Migrated = "migrated_";

    private readonly List<string> _databases = [];
    private readonly Lock _lock = new();
    private IPostgreSqlServer? _server;
    private Task<string>? _template;

    /// <summary>Whether there is a server.</summary>
    public bool IsAvailable => _server is not null;

    /// <inheritdoc/>
    public async ValueTask InitializeAsync()
    {
        _server = await StartAsync();
        var note = $"PostgreSQL for tests: {_server?.Origin ?? "none"}";
        Console.WriteLine(note);
        if (Environment.GetEnvironmentVariable(NotesVariable) is not { Length: > 0 } notes) return;
        // Several test projects run at once.
        await using var file = new FileStream(notes, FileMode.Append, FileAccess.Write, FileShare.ReadWrite);
        await file.WriteAsync(Encoding.UTF8.GetBytes(note + "\n"));
    }

    /// <summary>Skips the test where there is no server; fails it in CI.</summary>
    public void Require()
    {
        if (IsAvailable) return;
        const string Reason = "no PostgreSQL: install it, or set " + Variable;
        if (Environment.GetEnvironmentVariable("CI") is "true") throw new InvalidOperationException(Reason);
        throw new SkippedException(Reason);
    }

    /// <summary>Makes an empty database.</summary>
    /// <returns>How to reach it.</returns>
    public async Task<string> CreateDatabaseAsync() => Reach(await CreateAsync("test_", "template1"));

    /// <summary>Makes a database with the model of this release, for tests that do not test migrations: those run once, and what they made is copied after that.</summary>
    /// <returns>How to reach it.</returns>
    public async Task<string> CreateMigratedDatabaseAsync()
    {
        Task<string> template;
        lock (_lock) template = _template ??= CreateTemplateAsync();
        return Reach(await CreateAsync(Migrated, await template));
    }

    /// <summary>Whether the database was made by <see cref="CreateMigratedDatabaseAsync"/>.</summary>
    internal static bool IsMigrated(string? connectionString) =>
        new NpgsqlConnectionStringBuilder(connectionString).Database?.StartsWith(Migrated, StringComparison.Ordinal) == true;

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (_server is null) return;
        if (_server is GivenPostgreSqlServer)
        {
            foreach (var name in _databases) await ExecuteAsync($"DROP DATABASE IF EXISTS {name} WITH (FORCE)");
        }
        await _server.DisposeAsync();
    }

    private static async Task<IPostgreSqlServer?> StartAsync()
    {
        if (Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } given) return new GivenPostgreSqlServer(given);
        if (ContainerPostgreSqlServer.IsPossible) return await ContainerPostgreSqlServer.StartAsync();
        return LocalPostgreSqlServer.FindBinaries() is { } binaries ? await LocalPostgreSqlServer.StartAsync(binaries) : null;
    }

    // Nobody may be connected to what is copied: of this one no connection is kept.
    private async Task<string> CreateTemplateAsync()
    {
        var name = await CreateAsync("template_", "template1");
        await MigratedStore.MigrateDatabaseAsync(new NpgsqlConnectionStringBuilder(_server!.ConnectionString) { Database = name, Pooling = false }.ConnectionString);
        return name;
    }

    private async Task<string> CreateAsync(string prefix, string template)
    {
        var name = $"{prefix}{Guid.NewGuid():N}";
        await ExecuteAsync($"CREATE DATABASE {name} TEMPLATE {template}");
        lock (_lock) _databases.Add(name);
        return name;
    }

    private string Reach(string database) =>
        new NpgsqlConnectionStringBuilder(_server!.ConnectionString) { Database = database, MaxPoolSize = 20, IncludeErrorDetail = true }.ConnectionString;

    private async Task ExecuteAsync(string sql)
    {
        await using var connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(_server!.ConnectionString) { Pooling = false }.ConnectionString);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }
}
