using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;
using Microsoft.Extensions.DependencyInjection;
using OcfCloud.Core.Devices;
using OcfCloud.Core.Storage;
using OcfCloud.Identity.Clients;
using OcfCloud.Identity.KeyRing;
using OcfCloud.Identity.SigningKeys;
using OcfCloud.Identity.Users;
using OcfCloud.Storage.PostgreSql;
using OcfCloud.Storage.Sqlite;
using OcfCloud.Testing;

namespace OcfCloud.Identity.Tests.Migrations;

/// <summary>A store of the release before the authorization server, with what a cloud had in it.</summary>
public sealed class FromInitialTests(PostgreSqlFixture postgreSql) : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Theory, InlineData(StoreProvider.Sqlite), InlineData(StoreProvider.PostgreSql)]
    public async Task Users_and_keys_survive_and_clients_can_be_added(StoreProvider provider)
    {
        var services = new ServiceCollection();
        var ring = new KeyRingOptions { Folder = Directory.CreateDirectory(_folder["keys"]).FullName };
        IdentityRoom.Add(services, ring, time: null);
        if (provider == StoreProvider.Sqlite)
        {
            services.AddSqliteStore(_folder.Path);
        }
        else
        {
            postgreSql.Require();
            services.AddPostgreSqlStore(await postgreSql.CreateDatabaseAsync(), _folder.Path);
        }

        await using var room = services.BuildServiceProvider();
        await using (var scope = room.CreateAsyncScope())
        {
            var context = scope.ServiceProvider.GetRequiredService<CloudDbContext>();
            await context.Database.GetService<IMigrator>().MigrateAsync("Initial", Cancellation);
            Assert.Single(await context.Database.GetAppliedMigrationsAsync(Cancellation));
        }

        var users = room.GetRequiredService<UserAccounts>();
        var alice = new User { Id = Guid.NewGuid(), UserName = "alice", NormalizedUserName = "alice", IsAdministrator = true, SecurityStamp = "1", ConcurrencyStamp = "1" };
        await using (var scope = room.CreateAsyncScope())
        {
            alice.PasswordHash = scope.ServiceProvider.GetRequiredService<IPasswordHasher<User>>().HashPassword(alice, "correct horse");
            await room.GetRequiredService<Store>().WriteAsync((context, _) => Task.FromResult(context.Add(alice)), Cancellation);
        }

        var key = (await room.GetRequiredService<TokenSigningKeys>().CurrentAsync(Cancellation)).Key.KeyId;

        await room.GetRequiredService<StoreMigration>().ApplyAsync(Cancellation);

        Assert.Empty(await room.GetRequiredService<DeviceAccounts>().ListAsync(null, Cancellation));
        Assert.Equal(alice.Id, (await room.GetRequiredService<LogIn>().CheckAsync("alice", "correct horse", Cancellation))!.Id);
        Assert.Equal(key, (await room.GetRequiredService<TokenSigningKeys>().CurrentAsync(Cancellation)).Key.KeyId);
        var added = await room.GetRequiredService<CloudClients>().AddAsync(new ClientRegistration("Peer", ["https://peer.example/cb"], ["r:*"], IsPublic: false), Cancellation);
        Assert.Equal(["Peer"], (await room.GetRequiredService<CloudClients>().ListAsync(Cancellation)).Select(client => client.Name));
        Assert.NotNull(added.Secret);
        Assert.Null((await users.RemoveAsync("alice", Cancellation)).Refusal);
    }

    [Theory, InlineData(StoreProvider.Sqlite), InlineData(StoreProvider.PostgreSql)]
    public async Task The_migrations_make_what_the_model_says(StoreProvider provider)
    {
        await using var room = await IdentityRoom.OnAsync(provider, _folder, postgreSql);
        await using var scope = room.Services.CreateAsyncScope();

        Assert.False(scope.ServiceProvider.GetRequiredService<CloudDbContext>().Database.HasPendingModelChanges());
    }
}
