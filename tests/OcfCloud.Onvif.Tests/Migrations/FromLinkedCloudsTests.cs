using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using OcfCloud.Core;
using OcfCloud.Core.Devices;
using OcfCloud.Core.Storage;
using OcfCloud.Identity;
using OcfCloud.Identity.Clients;
using OcfCloud.Identity.KeyRing;
using OcfCloud.Identity.Users;
using OcfCloud.Onvif.Enrolment;
using OcfCloud.Onvif.Tests.Support;
using OcfCloud.Storage.PostgreSql;
using OcfCloud.Storage.Sqlite;
using OcfCloud.Testing;
using OpenIddict.Abstractions;

namespace OcfCloud.Onvif.Tests.Migrations;

/// <summary>A store of the release before cameras, with what a cloud had in it.</summary>
public sealed class FromLinkedCloudsTests(PostgreSqlFixture postgreSql) : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Theory, InlineData(StoreProvider.Sqlite), InlineData(StoreProvider.PostgreSql)]
    public async Task Users_and_clients_survive_and_cameras_can_be_enrolled(StoreProvider provider)
    {
        await using var room = await OpenAsync(provider);
        await using (var scope = room.CreateAsyncScope())
        {
            var context = scope.ServiceProvider.GetRequiredService<CloudDbContext>();
            var before = context.Database.GetMigrations().TakeWhile(name => !name.EndsWith("_Cameras", StringComparison.Ordinal)).Last();
            await context.Database.GetService<IMigrator>().MigrateAsync(before, Cancellation);
        }

        var alice = new User { Id = Guid.NewGuid(), UserName = "alice", NormalizedUserName = "alice" };
        await room.GetRequiredService<Store>().WriteAsync((context, _) => Task.FromResult(context.Add(alice)), Cancellation);
        await using (var scope = room.CreateAsyncScope())
        {
            var peer = new OpenIddictApplicationDescriptor { ClientId = "peer", DisplayName = "Peer", ApplicationType = "web", ClientType = "public" };
            await scope.ServiceProvider.GetRequiredService<IOpenIddictApplicationManager>().CreateAsync(peer, Cancellation);
        }

        await room.GetRequiredService<StoreMigration>().ApplyAsync(Cancellation);

        Assert.Equal(alice.Id, (await room.GetRequiredService<UserAccounts>().FindAsync("alice", Cancellation))!.Id);
        using var camera = CameraIdentity.Make();
        var enrolment = await room.GetRequiredService<CameraRegister>().EnrolAsync(new UserId(alice.Id), camera.Request, Cancellation);
        Assert.Null(enrolment.Refusal);

        // A camera is no peer cloud, and neither hides the other.
        Assert.Equal(["peer"], (await room.GetRequiredService<CloudClients>().ListAsync(Cancellation)).Select(client => client.ClientId));
        Assert.Equal(enrolment.Camera!.Id, Assert.Single(await room.GetRequiredService<CameraRegister>().ListAsync(null, Cancellation)).Camera.Id);
    }

    [Theory, InlineData(StoreProvider.Sqlite), InlineData(StoreProvider.PostgreSql)]
    public async Task The_migrations_make_what_the_model_says(StoreProvider provider)
    {
        await using var room = await OpenAsync(provider);
        await room.GetRequiredService<StoreMigration>().ApplyAsync(Cancellation);
        await using var scope = room.CreateAsyncScope();

        Assert.Empty(await scope.ServiceProvider.GetRequiredService<CloudDbContext>().Database.GetPendingMigrationsAsync(Cancellation));
    }

    private async Task<ServiceProvider> OpenAsync(StoreProvider provider)
    {
        var services = new ServiceCollection();
        services.AddLogging(logging => logging.SetMinimumLevel(LogLevel.None));
        services.AddSingleton(TimeProvider.System);
        services.AddCloudCore();
        services.AddCloudIdentity(tokens => tokens.Issuer = OnvifHost.PublicUrl, new KeyRingOptions { Folder = Directory.CreateDirectory(_folder["keys"]).FullName });
        services.AddQuickPasswords();
        services.AddOnvif(options => (options.PublicUrl, options.PublicUplink) = (OnvifHost.PublicUrl, OnvifHost.PublicUplink));
        if (provider == StoreProvider.Sqlite)
        {
            services.AddSqliteStore(_folder.Path);
        }
        else
        {
            postgreSql.Require();
            services.AddPostgreSqlStore(await postgreSql.CreateDatabaseAsync(), _folder.Path);
        }

        return services.BuildServiceProvider();
    }
}
