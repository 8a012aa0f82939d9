using OcfCloud.EndToEnd.Cameras;
using OcfCloud.Testing;

namespace OcfCloud.EndToEnd.Harness;

/// <summary>What several classes use at the same time: started when the first one asks, gone after the last test of the run.</summary>
public sealed class SharedPrograms : IAsyncLifetime
{
    private readonly Lock _lock = new();
    private Task<Cloud>? _quietCloud;
    private Task<Cloud>? _linkableCloud;
    private CameraClouds? _cameraClouds;

    /// <summary>The cloud of <see cref="QuietCloud"/>.</summary>
    internal Task<Cloud> QuietCloudAsync()
    {
        lock (_lock)
        {
            // Wrong tokens of all classes come from one address.
            return _quietCloud ??= Cloud.StartAsync(
                TestStore.Sqlite, CloudFixture.LongTokens, "Devices:TwinSpread=1.00:00:00", "Devices:MaxFailedAttemptsPerAddress=1000");
        }
    }

    /// <summary>The cloud of <see cref="Linking.LinkableCloud"/>.</summary>
    internal Task<Cloud> LinkableCloudAsync()
    {
        lock (_lock)
        {
            return _linkableCloud ??= Cloud.StartSharedAsync(TestStore.Sqlite, CloudFixture.LongTokens, "Devices:TwinSpread=00:00:00");
        }
    }

    /// <summary>The clouds that cameras go between.</summary>
    internal CameraClouds CameraClouds(PostgreSqlFixture postgreSql)
    {
        lock (_lock)
        {
            return _cameraClouds ??= new CameraClouds(postgreSql);
        }
    }

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        // One that did not come up has left nothing.
        foreach (var cloud in new[] { _quietCloud, _linkableCloud })
        {
            if (cloud is { IsCompletedSuccessfully: true }) await (await cloud).DisposeAsync();
        }

        if (_cameraClouds is not null) await _cameraClouds.DisposeAsync();
        await CommandProcess.Shared.DisposeAsync();
        await SharedHosts.Shared.DisposeAsync();
    }
}
