using Microsoft.AspNetCore.DataProtection;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using OcfCloud.CloudLinking.LinkedAccounts;
using OcfCloud.CloudLinking.LinkedClouds;
using OcfCloud.CloudLinking.Targets;
using OcfCloud.Core;
using OcfCloud.Core.Devices;
using OcfCloud.Core.Storage;
using OcfCloud.Storage.PostgreSql;
using OcfCloud.Storage.Sqlite;
using OcfCloud.Testing;

namespace OcfCloud.CloudLinking.Tests.Targets;

/// <summary>This room on a real store, nothing running by itself. Several on one database are several nodes.</summary>
internal sealed class OriginNode : IAsyncDisposable
{
    // One key ring, as nodes have.
    private static readonly EphemeralDataProtectionProvider Protection = new();

    private readonly ServiceProvider _services;
    private readonly string _folder;

    private OriginNode(ServiceProvider services, TestClock clock, string folder) => (_services, Clock, _folder) = (services, clock, folder);

    public TestClock Clock { get; }

    public Store Store => Get<Store>();

    public ITargetCalls Targets => Get<ITargetCalls>();

    public ITokenCalls Tokens => Get<ITokenCalls>();

    private static CancellationToken Ending => TestContext.Current.CancellationToken;

    public static Task<OriginNode> OnSqliteAsync(Action<CloudLinkingOptions>? configure = null) =>
        StartAsync((services, folder) => services.AddSqliteStore(folder), configure, new TestClock());

    public static Task<OriginNode> OnPostgreSqlAsync(string database, TestClock clock, Action<CloudLinkingOptions>? configure = null) =>
        StartAsync((services, folder) => services.AddPostgreSqlStore(database, folder), configure, clock);

    /// <summary>One on each kind of store.</summary>
    public static async Task<OriginNode> OnAsync(StoreProvider store, PostgreSqlFixture postgreSql, Action<CloudLinkingOptions>? configure = null)
    {
        if (store == StoreProvider.Sqlite) return await OnSqliteAsync(configure);
        postgreSql.Require();
        return await OnPostgreSqlAsync(await postgreSql.CreateMigratedDatabaseAsync(), new TestClock(), configure);
    }

    public T Get<T>()
        where T : notnull => _services.GetRequiredService<T>();

    /// <summary>Stores a cloud, as an administrator who gave all endpoints made it.</summary>
    public async Task<LinkedCloud> AddCloudAsync(TestTarget target, Action<LinkedCloud>? change = null)
    {
        var cloud = new LinkedCloud
        {
            Id = Guid.NewGuid(),
            Name = $"cloud-{Guid.NewGuid():N}",
            Url = target.Url,
            ClientId = "our client",
            ClientSecret = Get<SealedSecrets>().Seal(SecretPurpose.ClientSecret, "s3cret:/+ é"),
            Scope = "r:* w:* offline_access",
            AuthorizationEndpoint = $"{target.Url}/authorize",
            TokenEndpoint = $"{target.Url}/token",
            RevocationEndpoint = $"{target.Url}/revoke",
            TrustAnchors = target.Anchors,
            CloudId = Guid.NewGuid(),
        };
        change?.Invoke(cloud);
        await Store.WriteAsync((context, _) => Task.FromResult(context.Add(cloud)), Ending);
        return cloud;
    }

    /// <summary>Stores an account with the token that a new <see cref="TestTarget"/> takes.</summary>
    public async Task<Guid> AddAccountAsync(LinkedCloud cloud, TimeSpan? life = null, UserId? user = null, bool canRefresh = true, AccountState state = AccountState.Linked)
    {
        var secrets = Get<SealedSecrets>();
        var account = new LinkedAccount
        {
            Id = Guid.NewGuid(),
            UserId = user ?? UserId.New(),
            LinkedCloudId = cloud.Id,
            State = state,
            AccessToken = secrets.Seal(SecretPurpose.AccessToken, "access-1"),
            RefreshToken = canRefresh ? secrets.Seal(SecretPurpose.RefreshToken, "refresh-1") : null,
            ExpiresAt = Clock.GetUtcNow() + (life ?? TimeSpan.FromMinutes(10)),
            Scope = cloud.Scope,
            Generation = 1,
            LinkedAt = Clock.GetUtcNow(),
        };
        await Store.WriteAsync((context, _) => Task.FromResult(context.Add(account)), Ending);
        return account.Id;
    }

    public async Task<LinkedAccount> RowAsync(Guid account) =>
        await Store.ReadAsync((context, token) => context.Set<LinkedAccount>().SingleAsync(a => a.Id == account, token), Ending);

    public Task ChangeAsync(LinkedCloud cloud, Action<LinkedCloud> change) => Store.WriteAsync(
        async (context, token) => change(await context.Set<LinkedCloud>().SingleAsync(c => c.Id == cloud.Id, token)), Ending);

    public Task<TargetAnswer> GetAsync(Guid account, string path = "/api/v1/devices", bool isBackground = false) =>
        Targets.SendAsync(account, new TargetRequest(HttpMethod.Get, path) { Accept = "application/json", IsBackground = isBackground }, Ending);

    /// <summary>Asks a device, whose words an answer may be.</summary>
    public Task<TargetAnswer> AskDeviceAsync(Guid account, string path) =>
        Targets.SendAsync(account, new TargetRequest(HttpMethod.Get, path) { Accept = "application/json", Subject = TargetSubject.Device }, Ending);

    public async ValueTask DisposeAsync()
    {
        await _services.DisposeAsync();
        Microsoft.Data.Sqlite.SqliteConnection.ClearAllPools();
        Directory.Delete(_folder, recursive: true);
    }

    private static async Task<OriginNode> StartAsync(Action<IServiceCollection, string> addStore, Action<CloudLinkingOptions>? configure, TestClock clock)
    {
        var folder = Directory.CreateTempSubdirectory("ocfcloud-test-").FullName;
        var services = new ServiceCollection();
        services.AddSingleton<TimeProvider>(clock);
        services.AddLogging();
        services.AddSingleton<IDataProtectionProvider>(Protection);
        services.AddCloudCore();
        addStore(services, folder);
        services.AddCloudLinking(options =>
        {
            options.PublicUrl = "https://origin.example";
            options.CloudId = new Guid("11111111-1111-4111-8111-111111111111");
            configure?.Invoke(options);
        });
        var node = new OriginNode(services.BuildServiceProvider(), clock, folder);
        await node.Get<IServiceProvider>().MigrateStoreAsync(Ending);
        return node;
    }
}
