using System.Diagnostics.CodeAnalysis;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;
using OcfCloud.Core.Audit;
using OcfCloud.Core.Devices;
using OcfCloud.Core.Events;
using OcfCloud.Core.Mirrors;
using OcfCloud.Core.Storage;
using OcfCloud.Core.Tests.Support;

namespace OcfCloud.Core.Tests.Storage;

[SuppressMessage("Reliability", "CA2000", Justification = "The nodes are the stores'.")]
public sealed class MigrationTests(Stores stores) : StoreTests(stores)
{
    [Theory, InlineData(StoreProvider.Sqlite), InlineData(StoreProvider.PostgreSql)]
    public async Task An_empty_database_is_brought_to_the_model_and_a_second_time_changes_nothing(StoreProvider provider)
    {
        var node = (await NewAsync(provider))();

        await node.MigrateAsync();
        await node.MigrateAsync();

        await WorksAsync(node);
    }

    [Theory, InlineData(StoreProvider.Sqlite), InlineData(StoreProvider.PostgreSql)]
    public async Task The_store_of_the_first_release_is_brought_to_the_model(StoreProvider provider)
    {
        var node = (await NewAsync(provider))();
        await using (var context = node.Store.CreateContext())
        {
            System.IO.Directory.CreateDirectory(node.Get<StoreOptions>().DataDirectory);
            await context.GetService<IMigrator>().MigrateAsync(context.Database.GetMigrations().First(), Ending);
        }

        await node.MigrateAsync();

        await WorksAsync(node);
    }

    [Theory, InlineData(StoreProvider.Sqlite), InlineData(StoreProvider.PostgreSql)]
    public async Task What_a_store_had_before_subscriptions_came_is_there_after_it_and_can_be_subscribed_to(StoreProvider provider)
    {
        var node = (await NewAsync(provider))();
        var (user, device, hash) = (UserId.New(), CloudNode.NewDevice(), new byte[] { 1, 2, 3 });
        var now = node.Clock.GetUtcNow().UtcTicks;
        var links = System.Text.Encoding.UTF8.GetBytes("""[{"href":"/old","rt":["x.a"],"if":["oic.if.s"],"p":{"bm":1}}]""");
        await using (var context = node.Store.CreateContext())
        {
            System.IO.Directory.CreateDirectory(node.Get<StoreOptions>().DataDirectory);
            var before = context.Database.GetMigrations().TakeWhile(name => !name.EndsWith("_Subscriptions", StringComparison.Ordinal)).Last();
            await context.GetService<IMigrator>().MigrateAsync(before, Ending);
            await context.Database.ExecuteSqlAsync(
                $"""
                INSERT INTO devices ("Id", "UserId", "RegisteredAt", "Online", "Session", "TwinEnabled", "LastIns")
                VALUES ({device.Value}, {user.Value}, {now}, {true}, {7L}, {true}, {1})
                """,
                Ending);
            await context.Database.ExecuteSqlAsync(
                $"""
                INSERT INTO links ("DeviceId", "Ins", "UserId", "Href", "Rt", "If", "Bm") VALUES ({device.Value}, {1}, {user.Value}, {"/a"}, {"[\"x.a\"]"}, {"[\"oic.if.s\"]"}, {1})
                """,
                Ending);
            await context.Database.ExecuteSqlAsync(
                $"""INSERT INTO twins ("DeviceId", "Href", "Representation", "ContentFormat", "ChangedAt", "Session") VALUES ({device.Value}, {"/a"}, {hash}, {60}, {now}, {7L})""", Ending);
            await context.Database.ExecuteSqlAsync(
                $"""INSERT INTO one_time_tokens ("Hash", "UserId", "ExpiresAt", "UsedBy") VALUES ({hash}, {user.Value}, {now}, {device.Value})""", Ending);
            await UnpublishedAsync(context);
        }

        await node.MigrateAsync();

        Assert.Equal([EventKind.ResourcesUnpublished], await node.EventKindsAsync(user));
        var (of, resource) = (await Subscriber.OnAsync(node, user, device), await Subscriber.OnAsync(node, user, device, "/a"));
        await node.DispatchAsync();
        // One more that the former release had written.
        await node.Store.WriteAsync((context, _) => UnpublishedAsync(context), Ending);
        await node.DispatchAsync();
        Assert.Equal(["0 ResourcesPublished [/a(x.a;oic.if.s;1)]", "1 ResourcesUnpublished []", "2 ResourcesUnpublished [/old(x.a;oic.if.s;1)]"], await of.WaitingAsync());
        Assert.Equal(["0 ResourceContentChanged 60:010203"], await resource.WaitingAsync());
        Assert.Equal(device, Assert.Single(await node.Accounts.ListAsync(user, Ending)).DeviceId);

        Task UnpublishedAsync(CloudDbContext context) => context.Database.ExecuteSqlAsync(
            $"""
            INSERT INTO outbox ("Kind", "UserId", "DeviceId", "Session", "Payload", "At")
            VALUES ({(int)EventKind.ResourcesUnpublished}, {user.Value}, {device.Value}, {0L}, {links}, {now})
            """,
            Ending);
    }

    [Theory, InlineData(StoreProvider.Sqlite), InlineData(StoreProvider.PostgreSql)]
    public async Task What_a_store_had_before_linked_clouds_came_is_there_after_it_and_devices_are_mirrored_beside_it(StoreProvider provider)
    {
        var node = (await NewAsync(provider))();
        await using (var context = node.Store.CreateContext())
        {
            System.IO.Directory.CreateDirectory(node.Get<StoreOptions>().DataDirectory);
            var before = context.Database.GetMigrations().TakeWhile(name => !name.EndsWith("_LinkedClouds", StringComparison.Ordinal)).Last();
            await context.GetService<IMigrator>().MigrateAsync(before, Ending);
        }
        var device = new RegisteredDevice(CloudNode.NewDevice(), UserId.New(), "", "", "");
        await node.Store.WriteAsync((context, _) => Task.FromResult(context.Add(new Device { Id = device.Id, UserId = device.User, RegisteredAt = node.Clock.GetUtcNow() })), Ending);
        await node.PublishAsync(device, "/a");
        var subscriber = await Subscriber.OnAsync(node, device.User, device.Id);
        await node.DispatchAsync();
        var told = await subscriber.WaitingAsync();

        await node.MigrateAsync();

        Assert.NotEmpty(told);
        Assert.Equal(told, await subscriber.WaitingAsync());
        Assert.Equal(device.Id, Assert.Single(await node.Accounts.ListAsync(device.User, Ending)).DeviceId);
        var mirrored = DeviceId.New();
        await node.Store.WriteAsync(
            (context, token) => node.Get<MirrorStore>().PutAsync(context, device.User, Guid.NewGuid(), [new MirroredContent(mirrored, "Lamp", ["oic.d.light"], true, [])], token), Ending);
        Assert.Equal(mirrored, Assert.Single(await node.Get<MirrorStore>().ListAsync(device.User, Ending)).Device);
        await WorksAsync(node);
    }

    [Theory, InlineData(StoreProvider.Sqlite), InlineData(StoreProvider.PostgreSql)]
    public async Task What_a_store_had_before_the_audit_record_came_is_there_after_it_and_its_removal_is_on_record(StoreProvider provider)
    {
        var node = (await NewAsync(provider))();
        var (user, device) = (UserId.New(), CloudNode.NewDevice());
        await using (var context = node.Store.CreateContext())
        {
            System.IO.Directory.CreateDirectory(node.Get<StoreOptions>().DataDirectory);
            var before = context.Database.GetMigrations().TakeWhile(name => !name.EndsWith("_Audit", StringComparison.Ordinal)).Last();
            await context.GetService<IMigrator>().MigrateAsync(before, Ending);
        }
        await node.Store.WriteAsync((context, _) => Task.FromResult(context.Add(new Device { Id = device, UserId = user, RegisteredAt = node.Clock.GetUtcNow() })), Ending);

        await node.MigrateAsync();

        Assert.Null(Assert.Single(await node.Accounts.ListAsync(user, Ending)).LastRefusal);
        Assert.True(await node.Accounts.RemoveAsync(device, user, Ending));
        Assert.Equal(AuditKind.DeviceRemoved, Assert.Single(await node.Get<AuditLog>().ListAsync(new AuditFilter { User = user }, 10, Ending)).Kind);
        await WorksAsync(node);
    }

    [Theory, InlineData(StoreProvider.Sqlite), InlineData(StoreProvider.PostgreSql)]
    public async Task What_waits_in_the_outbox_of_one_device_is_found_by_an_index(StoreProvider provider)
    {
        var node = (await NewAsync(provider))();
        await node.MigrateAsync();
        await using var context = node.Store.CreateContext();

        var of = provider == StoreProvider.Sqlite
            ? context.Database.SqlQuery<string>($"""SELECT sql AS "Value" FROM sqlite_master WHERE type = 'index' AND tbl_name = 'outbox'""")
            : context.Database.SqlQuery<string>($"""SELECT indexdef AS "Value" FROM pg_indexes WHERE schemaname = current_schema() AND tablename = 'outbox'""");

        Assert.Contains(await of.ToListAsync(Ending), sql => sql.Contains("""("DeviceId", "Id")""", StringComparison.Ordinal));
    }

    [Theory, InlineData(StoreProvider.Sqlite), InlineData(StoreProvider.PostgreSql)]
    public async Task The_migrations_say_what_the_model_says(StoreProvider provider)
    {
        await using var context = (await NewAsync(provider))().Store.CreateContext();

        Assert.False(context.Database.HasPendingModelChanges());
    }

    [Theory, InlineData(StoreProvider.Sqlite), InlineData(StoreProvider.PostgreSql)]
    public async Task Several_processes_that_start_at_once_all_start(StoreProvider provider)
    {
        var create = await NewAsync(provider);
        // With PostgreSQL each has a data directory of its own, so no file keeps them apart.
        var nodes = Enumerable.Range(0, 4).Select(_ => create()).ToArray();

        await Task.WhenAll(nodes.Select(node => Task.Run(node.MigrateAsync, Ending)));

        foreach (var node in nodes) await WorksAsync(node);
    }

    [Fact]
    public async Task What_a_killed_migration_left_does_not_block_the_start()
    {
        var node = (await NewAsync(StoreProvider.Sqlite))();
        await node.MigrateAsync();
        await using (var context = node.Store.CreateContext())
        {
            await context.Database.ExecuteSqlRawAsync("""INSERT INTO "__EFMigrationsLock" ("Id", "Timestamp") VALUES (1, '2026-11-24 12:00:00')""", Ending);
        }

        await node.MigrateAsync().WaitAsync(TimeSpan.FromSeconds(20), Ending);

        await WorksAsync(node);
    }

    [Fact]
    public async Task A_migration_that_was_killed_before_its_first_table_does_not_block_the_start()
    {
        var node = (await NewAsync(StoreProvider.Sqlite))();
        await using (var context = node.Store.CreateContext())
        {
            await context.Database.ExecuteSqlRawAsync(
                """
                CREATE TABLE "__EFMigrationsLock" ("Id" INTEGER NOT NULL CONSTRAINT "PK___EFMigrationsLock" PRIMARY KEY, "Timestamp" TEXT NOT NULL);
                INSERT INTO "__EFMigrationsLock" ("Id", "Timestamp") VALUES (1, '2026-11-24 12:00:00');
                """,
                Ending);
        }

        await node.MigrateAsync().WaitAsync(TimeSpan.FromSeconds(20), Ending);

        await WorksAsync(node);
    }

    [Fact]
    public async Task Who_holds_the_lock_of_the_data_directory_is_waited_for()
    {
        var node = (await NewAsync(StoreProvider.Sqlite))();
        Task migrating;
        await using (File.Open(Path.Combine(node.Get<StoreOptions>().DataDirectory, "migrate.lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None))
        {
            migrating = node.MigrateAsync();
            await Assert.ThrowsAsync<TimeoutException>(() => migrating.WaitAsync(TimeSpan.FromMilliseconds(200), Ending));
        }

        await migrating;
        await WorksAsync(node);
    }

    [Fact]
    public async Task A_data_directory_that_cannot_be_written_stops_the_start_at_once()
    {
        var folder = Stores.NewFolder();
        System.IO.Directory.CreateDirectory(Path.Combine(folder, "migrate.lock"));

        await Assert.ThrowsAnyAsync<Exception>(() => Stores.OnSqlite(folder).MigrateAsync().WaitAsync(TimeSpan.FromSeconds(20), Ending));
    }

    [Fact]
    public async Task The_file_is_written_ahead_and_synchronously()
    {
        var node = (await NewAsync(StoreProvider.Sqlite))();
        await node.MigrateAsync();

        await using var context = node.Store.CreateContext();
        Assert.Equal("wal", (await context.Database.SqlQueryRaw<string>("SELECT journal_mode AS Value FROM pragma_journal_mode").ToListAsync(Ending)).Single());
        Assert.Equal(2, (await context.Database.SqlQueryRaw<int>("SELECT synchronous AS Value FROM pragma_synchronous").ToListAsync(Ending)).Single());
        Assert.Equal(1, (await context.Database.SqlQueryRaw<int>("SELECT foreign_keys AS Value FROM pragma_foreign_keys").ToListAsync(Ending)).Single());
    }

    private static async Task WorksAsync(CloudNode node)
    {
        var device = await node.RegisterAsync();
        await node.PublishAsync(device, "/a");
        Assert.True((await node.Accounts.SignInAsync(device.Id, device.User, device.AccessToken, Ending)).Accepted);
    }

    private async Task<Func<CloudNode>> NewAsync(StoreProvider provider)
    {
        if (provider == StoreProvider.Sqlite)
        {
            var folder = Stores.NewFolder();
            return () => Stores.OnSqlite(folder);
        }
        var database = await Stores.EmptyDatabaseAsync();
        return () => Stores.OnPostgreSql(database, Stores.NewFolder());
    }
}
