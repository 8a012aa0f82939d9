using OcfCloud.Core.Storage;
using OcfCloud.Testing;

namespace OcfCloud.Onvif.Tests.Sharing;

/// <summary>One cloud for the cases of a class that keep to users and cameras of their own and do not move the clock.</summary>
public sealed class SharedCloud(PostgreSqlFixture postgreSql) : IAsyncLifetime
{
    internal SharingCloud Cloud { get; private set; } = null!;

    public async ValueTask InitializeAsync() => Cloud = await SharingCloud.StartAsync(StoreProvider.Sqlite, postgreSql, options => options.MaxCloudCallsPerMinute = 100_000);

    public ValueTask DisposeAsync() => Cloud.DisposeAsync();
}
