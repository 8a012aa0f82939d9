using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;
using OcfCloud.Core;
using OcfCloud.Core.Storage;
using OcfCloud.Identity.KeyRing;
using OcfCloud.Identity.Tokens;
using OcfCloud.Identity.Users;
using OcfCloud.Storage.PostgreSql;
using OcfCloud.Storage.Sqlite;
using OcfCloud.Testing;

namespace OcfCloud.Identity.Tests;

/// <summary>This room on a real store. Several on one folder or database are several processes or nodes.</summary>
internal sealed class IdentityRoom : IAsyncDisposable
{
    public const string Issuer = "https://cloud.test";

    private readonly ServiceProvider _services;

    private IdentityRoom(ServiceProvider services) => _services = services;

    public IServiceProvider Services => _services;

    public UserAccounts Users => _services.GetRequiredService<UserAccounts>();

    public AccessTokens Tokens => _services.GetRequiredService<AccessTokens>();

    public static Task<IdentityRoom> OnSqliteAsync(string folder, FakeTimeProvider? time = null) =>
        OpenAsync(services => services.AddSqliteStore(folder), new KeyRingOptions { Folder = Directory.CreateDirectory(Path.Combine(folder, "keys")).FullName }, time);

    public static Task<IdentityRoom> OnPostgreSqlAsync(string connectionString, string folder, KeyRingOptions? keyRing = null, FakeTimeProvider? time = null) =>
        OpenAsync(services => services.AddPostgreSqlStore(connectionString, folder), keyRing ?? new KeyRingOptions(), time);

    /// <summary>On a new store of the kind.</summary>
    public static async Task<IdentityRoom> OnAsync(StoreProvider provider, TemporaryFolder folder, PostgreSqlFixture postgreSql, FakeTimeProvider? time = null)
    {
        if (provider == StoreProvider.Sqlite) return await OnSqliteAsync(folder.Path, time);
        postgreSql.Require();
        return await OnPostgreSqlAsync(await postgreSql.CreateMigratedDatabaseAsync(), folder.Path, time: time);
    }

    public static void Add(IServiceCollection services, KeyRingOptions keyRing, TimeProvider? time)
    {
        services.AddSingleton(time ?? TimeProvider.System);
        services.AddLogging(logging => logging.SetMinimumLevel(LogLevel.None));
        services.AddCloudCore();
        services.AddCloudIdentity(tokens => tokens.Issuer = Issuer, keyRing);
        services.AddQuickPasswords();
    }

    public ValueTask DisposeAsync() => _services.DisposeAsync();

    private static async Task<IdentityRoom> OpenAsync(Action<IServiceCollection> addStore, KeyRingOptions keyRing, FakeTimeProvider? time)
    {
        var services = new ServiceCollection();
        Add(services, keyRing, time);
        addStore(services);
        var provider = services.BuildServiceProvider();

        await provider.MigrateStoreAsync(TestContext.Current.CancellationToken);
        return new IdentityRoom(provider);
    }
}
