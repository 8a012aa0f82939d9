using System.Diagnostics.CodeAnalysis;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using OcfCloud.Core.Devices;
using OcfCloud.Core.Storage;
using OcfCloud.Core.Tests.Support;

namespace OcfCloud.Core.Tests.Storage;

/// <summary>Trouble of ours is one exception, which the doors answer with 5.03 and 503.</summary>
[SuppressMessage("Reliability", "CA2000", Justification = "The nodes are the stores'.")]
public sealed class StoreTroubleTests(Stores stores) : StoreTests(stores)
{
    [Fact]
    public async Task A_server_that_is_not_there_is_an_unavailable_store()
    {
        // Nothing listens on port 1.
        var node = Stores.OnPostgreSql("Host=127.0.0.1;Port=1;Username=nobody;Database=none;Timeout=5", Stores.NewFolder());

        await IsUnavailableAsync(node);
        await Assert.ThrowsAsync<StoreUnavailableException>(node.MigrateAsync);
    }

    [Fact]
    public async Task A_database_that_is_not_there_is_an_unavailable_store()
    {
        var database = new Npgsql.NpgsqlConnectionStringBuilder(await Stores.EmptyDatabaseAsync()) { Database = "not_there" }.ConnectionString;

        await IsUnavailableAsync(Stores.OnPostgreSql(database, Stores.NewFolder()));
    }

    [Fact]
    public async Task A_connection_that_is_cut_is_an_unavailable_store_and_the_next_call_works()
    {
        var node = await Stores.OnAsync(StoreProvider.PostgreSql);
        var device = await node.RegisterAsync();

        await Assert.ThrowsAsync<StoreUnavailableException>(() => node.Store.WriteAsync(
            async (context, token) =>
            {
                (await context.LockDeviceAsync(device.Id, token))!.Name = "half";
                await context.SaveChangesAsync(token);
                await context.Database.ExecuteSqlRawAsync("SELECT pg_terminate_backend(pg_backend_pid())", token);
            },
            Ending));

        Assert.Null((await node.RowAsync(device.Id))!.Name);
        Assert.True((await node.Accounts.SignInAsync(device.Id, device.User, device.AccessToken, Ending)).Accepted);
    }

    [Fact]
    public async Task A_file_that_cannot_be_opened_is_an_unavailable_store()
    {
        var folder = Stores.NewFolder();
        System.IO.Directory.CreateDirectory(Path.Combine(folder, "ocfcloud.db"));

        await IsUnavailableAsync(Stores.OnSqlite(folder));
    }

    [Fact]
    public async Task A_file_that_is_no_database_is_an_unavailable_store()
    {
        var folder = Stores.NewFolder();
        await File.WriteAllTextAsync(Path.Combine(folder, "ocfcloud.db"), new string('x', 10_000), Ending);

        await IsUnavailableAsync(Stores.OnSqlite(folder));
    }

    [Fact]
    public async Task A_writer_that_gets_no_turn_gives_up()
    {
        var folder = Stores.NewFolder();
        var patient = Stores.OnSqlite(folder);
        await patient.MigrateOnceAsync();
        var node = Stores.OnSqlite(folder, TimeSpan.FromMilliseconds(100));
        await using var busy = new SqliteConnection($"Data Source={Path.Combine(folder, "ocfcloud.db")};Pooling=false");
        await busy.OpenAsync(Ending);
        await using (var command = busy.CreateCommand())
        {
            command.CommandText = "BEGIN IMMEDIATE";
            await command.ExecuteNonQueryAsync(Ending);
        }

        var first = node.OneTimeTokenAsync(UserId.New());
        await Assert.ThrowsAsync<StoreUnavailableException>(() => first);
        // Who only reads does not wait.
        Assert.Empty(await node.Accounts.ListAsync(null, Ending));
    }

    [Theory, InlineData(StoreProvider.Sqlite), InlineData(StoreProvider.PostgreSql)]
    public async Task Work_that_met_another_writer_is_done_again(StoreProvider provider)
    {
        var node = await Stores.OnAsync(provider);
        var device = await node.RegisterAsync();
        var attempts = 0;

        await node.Store.WriteAsync(
            async (context, token) =>
            {
                (await context.LockDeviceAsync(device.Id, token))!.Name = "done";
                if (++attempts < 3) throw new DbUpdateConcurrencyException();
            },
            Ending);

        Assert.Equal(3, attempts);
        Assert.Equal("done", (await node.RowAsync(device.Id))!.Name);
    }

    [Theory, InlineData(StoreProvider.Sqlite), InlineData(StoreProvider.PostgreSql)]
    public async Task Work_that_always_meets_another_writer_ends(StoreProvider provider)
    {
        var node = await Stores.OnAsync(provider);

        await Assert.ThrowsAsync<StoreUnavailableException>(() => node.Store.WriteAsync((_, _) => Task.FromException(new DbUpdateConcurrencyException()), Ending));
    }

    [Fact]
    public async Task Two_that_lock_each_others_rows_both_end()
    {
        var node = await Stores.OnAsync(StoreProvider.PostgreSql);
        var (one, two) = (await node.RegisterAsync(), await node.RegisterAsync());
        var barrier = new Barrier(2);

        Task LockBothAsync(DeviceId first, DeviceId second)
        {
            var attempts = 0;
            return node.Store.WriteAsync(
                async (context, token) =>
                {
                    (await context.LockDeviceAsync(first, token))!.LastIns++;
                    await context.SaveChangesAsync(token);
                    if (attempts++ == 0) await Task.Run(() => barrier.SignalAndWait(TimeSpan.FromSeconds(10), token), token);
                    (await context.LockDeviceAsync(second, token))!.LastIns++;
                },
                Ending);
        }

        await Task.WhenAll(LockBothAsync(one.Id, two.Id), LockBothAsync(two.Id, one.Id));

        Assert.Equal(2, (await node.RowAsync(one.Id))!.LastIns);
        Assert.Equal(2, (await node.RowAsync(two.Id))!.LastIns);
        barrier.Dispose();
    }

    private static async Task IsUnavailableAsync(CloudNode node)
    {
        await Assert.ThrowsAsync<StoreUnavailableException>(() => node.Accounts.ListAsync(null, Ending));
        await Assert.ThrowsAsync<StoreUnavailableException>(() => node.OneTimeTokenAsync(UserId.New()));
        await Assert.ThrowsAsync<StoreUnavailableException>(() => node.Accounts.SignUpAsync(CloudNode.NewDevice(), "token", Ending));
    }
}
