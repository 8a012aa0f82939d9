using Microsoft.Extensions.DependencyInjection;
using OcfCloud.Core.AccessRules;
using OcfCloud.Core.Audit;
using OcfCloud.Core.Devices;
using OcfCloud.Core.Storage;
using OcfCloud.Core.Tests.Support;

namespace OcfCloud.Core.Tests.Audit;

/// <summary>Refusals on record: counted, bounded, and forgotten in time.</summary>
public sealed class AuditedRefusalsTests(Stores stores) : StoreTests(stores)
{
    [Theory, InlineData(StoreProvider.Sqlite), InlineData(StoreProvider.PostgreSql)]
    public async Task Refusals_that_are_alike_within_a_minute_are_one_entry_with_a_count(StoreProvider provider)
    {
        var node = await Stores.OnAsync(provider);
        var (user, audited) = (UserId.New(), node.Get<AuditedRefusals>());
        var device = CloudNode.NewDevice();
        var first = node.Clock.GetUtcNow();
        Refuse();
        await audited.FlushAsync(ending: false, Ending);
        Assert.Equal(1, Assert.Single(await OfAsync(node, user)).Times);
        node.Clock.Advance(TimeSpan.FromSeconds(30));
        Refuse();
        Refuse();
        await audited.FlushAsync(ending: false, Ending);
        Assert.Equal(1, Assert.Single(await OfAsync(node, user)).Times);

        node.Clock.Advance(TimeSpan.FromSeconds(30));
        await audited.FlushAsync(ending: false, Ending);
        Refuse();
        await audited.FlushAsync(ending: true, Ending);

        var entries = await OfAsync(node, user);
        Assert.Equal([(1, first + TimeSpan.FromMinutes(1)), (3, first)], entries.Select(entry => (entry.Times, entry.At)));
        Assert.Equal(first + TimeSpan.FromSeconds(30), entries[1].LastAt);
        Assert.Equal((AuditKind.AccessRefused, "client:app", $"device:{device}", "Retrieve /a"), (entries[0].Kind, entries[0].Actor, entries[0].Subject, entries[0].Detail));

        void Refuse() => node.Get<AccessRefusals>().Record(user, AccessSubject.OfClient("app"), device, "/a", AccessOperations.Retrieve);
    }

    [Theory, InlineData(StoreProvider.Sqlite), InlineData(StoreProvider.PostgreSql)]
    public async Task A_flood_is_counted_in_one_entry_and_another_kind_keeps_its_place(StoreProvider provider)
    {
        var node = await Stores.OnAsync(provider);
        var (flooder, other, audited) = (UserId.New(), UserId.New(), NewRefusals(node, new AuditOptions { MaxRefusalsPerWindow = 5 }));
        for (var i = 0; i < 1_000; i++) audited.Record(AuditKind.LogInRefused, $"user:{i}", flooder, actor: AuditActor.OfAddress(null));
        audited.Record(AuditKind.TokenRefused, "scope:mediator", other);

        await audited.FlushAsync(ending: false, Ending);

        Assert.Equal(5, (await OfAsync(node, flooder)).Count);
        Assert.Single(await OfAsync(node, other));
        var rest = (await node.Get<AuditLog>().ListAsync(new AuditFilter { Kind = AuditKind.LogInRefused }, 100, Ending)).First(entry => entry.Actor == "many");
        Assert.Equal(995, rest.Times);

        // The next minute begins anew.
        node.Clock.Advance(TimeSpan.FromMinutes(1));
        await audited.FlushAsync(ending: false, Ending);
        audited.Record(AuditKind.LogInRefused, "user:late", flooder);
        await audited.FlushAsync(ending: false, Ending);
        Assert.Equal("user:late", (await OfAsync(node, flooder))[0].Subject);
    }

    [Theory, InlineData(StoreProvider.Sqlite), InlineData(StoreProvider.PostgreSql)]
    public async Task What_is_too_old_or_too_much_is_removed_in_batches(StoreProvider provider)
    {
        var node = await Stores.OnAsync(provider);
        var (user, options) = (UserId.New(), new AuditOptions { MaxRefusals = 3 });
        await AddAsync(AuditKind.CloudAdded, AuditPruning.BatchSize + 1);
        node.Clock.Advance(options.Keep);
        await AddAsync(AuditKind.CloudAdded, 1);
        node.Clock.Advance(TimeSpan.FromSeconds(1));
        await AddAsync(AuditKind.TokenRefused, 5);
        using var pruning = ActivatorUtilities.CreateInstance<AuditPruning>(node.Services, options);

        await pruning.PruneAsync(Ending);

        var left = await node.Get<AuditLog>().ListAsync(new AuditFilter { User = user }, 100, Ending);
        Assert.Equal(
            [(AuditKind.TokenRefused, "4"), (AuditKind.TokenRefused, "3"), (AuditKind.TokenRefused, "2"), (AuditKind.CloudAdded, "0")], left.Select(entry => (entry.Kind, entry.Subject)));

        Task AddAsync(string kind, int count) => node.Store.WriteAsync(
            (context, _) =>
            {
                for (var i = 0; i < count; i++) node.Get<AuditTrail>().Add(context, kind, $"{i}", user);
                return Task.CompletedTask;
            },
            Ending);
    }

    private static AuditedRefusals NewRefusals(CloudNode node, AuditOptions options) => new(
        node.Store, node.Get<AuditActors>(), options, node.Clock, node.Get<Microsoft.Extensions.Logging.ILogger<AuditedRefusals>>());

    private static Task<IReadOnlyList<AuditEntry>> OfAsync(CloudNode node, UserId user) => node.Get<AuditLog>().ListAsync(new AuditFilter { User = user }, 100, Ending);
}
