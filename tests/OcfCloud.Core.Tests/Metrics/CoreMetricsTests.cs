using System.Diagnostics.CodeAnalysis;
using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;
using OcfCloud.Core.Metrics;
using OcfCloud.Core.Storage;
using OcfCloud.Core.Tests.Support;
using OcfCloud.Testing;

namespace OcfCloud.Core.Tests.Metrics;

[SuppressMessage("Reliability", "CA2000", Justification = "The nodes are the stores'.")]
public sealed class CoreMetricsTests(Stores stores) : StoreTests(stores)
{
    [Theory, InlineData(StoreProvider.Sqlite), InlineData(StoreProvider.PostgreSql)]
    public async Task What_waits_in_the_store_is_exported_with_its_age_as_it_was_looked_at(StoreProvider provider)
    {
        var node = await OnNewStoreAsync(provider);
        using var figures = new ExportedFigures(node.Get<IMeterFactory>());
        var metrics = node.Get<CoreMetrics>();
        Assert.Equal(0, figures.Of("ocfcloud.outbox.events"));
        await SampleAsync(node, metrics);
        Assert.Equal(0, figures.Of("ocfcloud.outbox.lag"));

        var device = await node.RegisterAsync();
        await Subscriber.OnAsync(node, device.User);
        node.Clock.Advance(TimeSpan.FromSeconds(7));
        Assert.Equal(0, figures.Of("ocfcloud.outbox.lag"));
        await SampleAsync(node, metrics);
        node.Clock.Advance(TimeSpan.FromSeconds(9));
        Assert.Equal(2, figures.Of("ocfcloud.outbox.events"));
        Assert.Equal(7, figures.Of("ocfcloud.outbox.lag"));
        Assert.Equal(1, figures.Of("ocfcloud.subscriptions", "made"));

        await node.DispatchAsync();
        node.Clock.Advance(TimeSpan.FromSeconds(3));
        await SampleAsync(node, metrics);
        Assert.Equal(0, figures.Of("ocfcloud.outbox.events"));
        Assert.Equal(0, figures.Of("ocfcloud.outbox.lag"));
        Assert.Equal(1, figures.Of("ocfcloud.subscriptions", "live"));
        Assert.True(figures.Of("ocfcloud.notifications.pending") > 0);
        Assert.Equal(3, figures.Of("ocfcloud.notifications.lag"));
        Assert.Equal(1, figures.Of("ocfcloud.events.dispatched", "device_registered"));
    }

    [Fact]
    public async Task A_store_that_does_not_answer_is_counted_and_the_last_figures_stay()
    {
        var node = await OnNewStoreAsync(StoreProvider.Sqlite);
        using var figures = new ExportedFigures(node.Get<IMeterFactory>());
        await node.RegisterAsync();
        using var sampling = ActivatorUtilities.CreateInstance<StoreSampling>(node.Services);
        await sampling.SampleAsync(Ending);
        Assert.Equal(1, figures.Of("ocfcloud.outbox.events"));
        Assert.Equal(0, figures.Of("ocfcloud.store.unavailable"));

        BreakStore(node);
        await sampling.SampleAsync(Ending);
        Assert.Equal(1, figures.Of("ocfcloud.outbox.events"));
        Assert.Equal(1, figures.Of("ocfcloud.store.unavailable"));
    }

    [Fact]
    public async Task Queues_of_the_process_are_exported_as_they_are_now()
    {
        var node = await OnNewStoreAsync(StoreProvider.Sqlite);
        using var figures = new ExportedFigures(node.Get<IMeterFactory>());
        var device = await node.RegisterAsync();
        await node.SignInAsync(device);
        node.Twins.Changed(device.Id, device.User, 1, "/light", new byte[100], 10000);
        for (var i = 0; i < 100; i++) node.Twins.Changed(device.Id, device.User, 1, $"/light/{i}", new byte[1000], 10000);

        Assert.Equal(1, figures.Of("ocfcloud.sessions.queue"));
        Assert.Equal(9, figures.Of("ocfcloud.twin.queue"));
        Assert.Equal(8100, figures.Of("ocfcloud.twin.queue.size"));
        Assert.Equal(92, figures.Of("ocfcloud.twin.dropped"));
        await node.Online.FlushAsync(Ending);
        Assert.Equal(0, figures.Of("ocfcloud.sessions.queue"));
    }

    private static Task<bool> SampleAsync(CloudNode node, CoreMetrics metrics) => node.Store.ReadAsync(
        async (context, token) =>
        {
            await metrics.ReadAsync(context, token);
            return true;
        },
        Ending);

    private static void BreakStore(CloudNode node)
    {
        Microsoft.Data.Sqlite.SqliteConnection.ClearAllPools();
        var folder = node.Get<StoreOptions>().DataDirectory;
        foreach (var file in System.IO.Directory.GetFiles(folder, "ocfcloud.db*")) File.Delete(file);
        System.IO.Directory.CreateDirectory(Path.Combine(folder, "ocfcloud.db"));
    }

    private async Task<CloudNode> OnNewStoreAsync(StoreProvider provider)
    {
        var folder = Stores.NewFolder();
        var node = provider == StoreProvider.Sqlite ? Stores.OnSqlite(folder) : Stores.OnPostgreSql(await Stores.NewDatabaseAsync(), folder);
        await node.MigrateOnceAsync();
        return node;
    }
}
