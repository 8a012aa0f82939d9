using Microsoft.Data.Sqlite;

namespace OcfCloud.Host.Tests.Commands;

public sealed class BackupCommandTests : IDisposable
{
    private readonly Installation _installation = new();

    private string Database => Path.Combine(_installation.Data, "ocfcloud.db");

    public void Dispose() => _installation.Dispose();

    [Fact]
    public async Task A_copy_is_the_store_as_it_was_whatever_is_written_meanwhile()
    {
        (await _installation.RunAsync("user", "add", "alice")).Done();
        await using var other = new SqliteConnection($"Data Source={Database};Pooling=False");
        await other.OpenAsync(TestContext.Current.CancellationToken);
        await using var writing = other.CreateCommand();
        writing.CommandText = "BEGIN IMMEDIATE; CREATE TABLE half_done (a)";
        await writing.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);

        var copied = (await _installation.RunAsync("backup", _installation["copy.db"], "--json")).Done().Json;
        writing.CommandText = "COMMIT";
        await writing.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
        (await _installation.RunAsync("user", "add", "bob")).Done();

        Assert.Equal(_installation["copy.db"], copied.GetProperty("file").GetString());
        Assert.Equal(new FileInfo(_installation["copy.db"]).Length, copied.GetProperty("bytes").GetInt64());
        if (!OperatingSystem.IsWindows()) Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(_installation["copy.db"]));
        await using (var copy = new SqliteConnection($"Data Source={_installation["copy.db"]};Mode=ReadOnly;Pooling=False"))
        {
            await copy.OpenAsync(TestContext.Current.CancellationToken);
            await using var asking = copy.CreateCommand();
            asking.CommandText = "SELECT count(*) FROM sqlite_master WHERE name = 'half_done'";
            Assert.Equal(0L, await asking.ExecuteScalarAsync(TestContext.Current.CancellationToken));
            asking.CommandText = "PRAGMA integrity_check";
            Assert.Equal("ok", await asking.ExecuteScalarAsync(TestContext.Current.CancellationToken));
        }

        using var restored = new Installation();
        Directory.CreateDirectory(restored.Data);
        File.Copy(_installation["copy.db"], Path.Combine(restored.Data, "ocfcloud.db"));
        Assert.Equal(["alice"], await NamesAsync(restored));
        Assert.Equal(["alice", "bob"], await NamesAsync(_installation));
    }

    [Fact]
    public async Task Nothing_is_written_over()
    {
        (await _installation.RunAsync("user", "add", "alice")).Done();
        await File.WriteAllTextAsync(_installation["copy.db"], "dear to me", TestContext.Current.CancellationToken);

        Assert.Equal($"There is a {_installation["copy.db"]} already.", (await _installation.RunAsync("backup", _installation["copy.db"])).Refusal(1));
        Assert.Equal("dear to me", await File.ReadAllTextAsync(_installation["copy.db"], TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Where_there_is_no_store_none_is_made()
    {
        Assert.Equal($"There is no {Database}.", (await _installation.RunAsync("backup", _installation["copy.db"])).Refusal(1));
        Assert.False(File.Exists(Database));
    }

    [Fact]
    public async Task What_is_no_store_is_refused_and_leaves_nothing_behind()
    {
        Directory.CreateDirectory(_installation.Data);
        await File.WriteAllTextAsync(Database, new string('x', 8192), TestContext.Current.CancellationToken);

        Assert.StartsWith($"{Database} could not be copied", (await _installation.RunAsync("backup", _installation["copy.db"])).Refusal(1), StringComparison.Ordinal);
        Assert.Empty(Directory.GetFiles(Path.GetDirectoryName(_installation["copy.db"])!, "copy.db*"));
    }

    [Fact]
    public async Task A_store_in_PostgreSQL_is_left_to_its_own_tools() =>
        Assert.Contains(
            "pg_dump",
            (await _installation.RunAsync("--OcfCloud:Store:Provider=PostgreSql", "--ConnectionStrings:OcfCloud=Host=nowhere", "backup", _installation["copy.db"])).Refusal(1),
            StringComparison.Ordinal);

    private static async Task<IEnumerable<string?>> NamesAsync(Installation installation) =>
        [.. (await installation.RunAsync("user", "list", "--json")).Done().Json.EnumerateArray().Select(user => user.GetProperty("name").GetString())];
}
