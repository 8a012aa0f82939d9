using Microsoft.Extensions.Logging;
using OcfCloud.Core.AccessRules;
using OcfCloud.Core.Audit;
using OcfCloud.Core.Devices;
using OcfCloud.Core.Directory;
using OcfCloud.Core.Events;
using OcfCloud.Core.Storage;
using OcfCloud.Core.Tests.Support;

namespace OcfCloud.Core.Tests.AccessRules;

public sealed class AccessRuleStoreTests(Stores stores) : StoreTests(stores)
{
    [Theory, InlineData(StoreProvider.Sqlite), InlineData(StoreProvider.PostgreSql)]
    public async Task Rules_are_replaced_as_a_whole_and_kept_in_order(StoreProvider provider)
    {
        var node = await Stores.OnAsync(provider);
        var (user, store, light) = (UserId.New(), node.Get<AccessRuleStore>(), CloudNode.NewDevice());
        AccessRule[] first = [Rule("b"), Rule("a", light.ToString(), "/x*", AccessOperations.None), Rule("*")];

        Assert.True(await store.ReplaceAsync(user, first, Ending));
        Assert.Equal(first, await store.GetAsync(user, Ending));
        Assert.True(await store.ReplaceAsync(user, [first[2]], Ending));
        Assert.Equal([first[2]], await store.GetAsync(user, Ending));
        Assert.True(await store.ReplaceAsync(user, [], Ending));
        Assert.Empty(await store.GetAsync(user, Ending));
        Assert.Empty(await store.GetAsync(UserId.New(), Ending));
        Assert.Equal(Enumerable.Repeat(EventKind.AccessRulesChanged, 3), await node.EventKindsAsync(user));
    }

    [Theory, InlineData(StoreProvider.Sqlite), InlineData(StoreProvider.PostgreSql)]
    public async Task Too_many_rules_are_refused(StoreProvider provider)
    {
        var node = await Stores.OnAsync(provider);
        var (user, store) = (UserId.New(), node.Get<AccessRuleStore>());
        AccessRule[] rules = [.. Enumerable.Range(0, AccessRuleStore.MaxRules + 1).Select(i => Rule($"app{i}"))];

        Assert.False(await store.ReplaceAsync(user, rules, Ending));
        Assert.Empty(await store.GetAsync(user, Ending));
        Assert.True(await store.ReplaceAsync(user, rules[1..], Ending));
        Assert.Equal(AccessRuleStore.MaxRules, (await store.GetAsync(user, Ending)).Count);
    }

    [Theory, InlineData(StoreProvider.Sqlite), InlineData(StoreProvider.PostgreSql)]
    public async Task A_cache_forgets_by_hints_and_only_whom_they_concern(StoreProvider provider)
    {
        var node = await Stores.OnAsync(provider);
        var (user, other, store, cache) = (UserId.New(), UserId.New(), node.Get<AccessRuleStore>(), node.Get<AccessRuleCache>());
        Assert.False(cache.TryGet(user, out _));
        Assert.True((await cache.GetAsync(user, Ending)).IsEmpty);
        await cache.GetAsync(other, Ending);

        await store.ReplaceAsync(user, [Rule("app")], Ending);
        Assert.True(cache.TryGet(user, out var old) && old.IsEmpty);
        node.Get<Hints>().Publish(new Hint(EventKind.AccessRulesChanged, user, null, 0));
        Assert.False(cache.TryGet(user, out _));
        Assert.True(cache.TryGet(other, out _));
        Assert.False((await cache.GetAsync(user, Ending)).IsEmpty);
        node.Get<Hints>().Publish(Hint.Everything);
        Assert.False(cache.TryGet(user, out _));
        Assert.False(cache.TryGet(other, out _));
    }

    [Theory, InlineData(StoreProvider.Sqlite), InlineData(StoreProvider.PostgreSql)]
    public async Task Refusals_are_recorded_up_to_a_cap_for_each_user(StoreProvider provider)
    {
        var node = await Stores.OnAsync(provider);
        var (user, other, refusals, device) = (UserId.New(), UserId.New(), node.Get<AccessRefusals>(), CloudNode.NewDevice());
        refusals.Record(other, AccessSubject.OfClient("app"), device, "/a", AccessOperations.Retrieve);
        for (var i = 0; i < 70; i++) Record(i);
        await refusals.FlushAsync(Ending);
        for (var i = 70; i < 150; i++) Record(i);
        await refusals.FlushAsync(Ending);
        for (var i = 150; i < 450; i++) Record(i);
        await refusals.FlushAsync(Ending);

        var recorded = await refusals.ListAsync(user, Ending);

        Assert.Equal(Enumerable.Range(350, 100).Reverse().Select(i => $"/{i}"), recorded.Select(r => r.Href));
        Assert.Equal((device.ToString(), device, AccessOperations.Update), (recorded[0].Subject, recorded[0].Device, recorded[0].Operations));
        Assert.Equal("app", Assert.Single(await refusals.ListAsync(other, Ending)).Subject);

        void Record(int i) => refusals.Record(user, AccessSubject.OfDevice(device), device, $"/{i}", AccessOperations.Update);
    }

    [Fact]
    public async Task The_log_has_a_line_for_each_user_however_much_was_refused()
    {
        var node = await Stores.OnAsync(StoreProvider.Sqlite);
        var (user, other, device, log) = (UserId.New(), UserId.New(), CloudNode.NewDevice(), new AllLines());
        using var refusals = new AccessRefusals(node.Store, node.Get<AuditedRefusals>(), node.Clock, log);
        for (var i = 0; i < 1_500; i++) refusals.Record(i == 7 ? other : user, AccessSubject.OfClient("app"), device, $"/{i}", AccessOperations.Retrieve);
        Assert.Empty(log.Lines);

        await refusals.FlushAsync(Ending);

        Assert.Equal(3, log.Lines.Count);
        Assert.Contains($"{user} refused 999 requests", log.Lines[0], StringComparison.Ordinal);
        Assert.EndsWith("/999", log.Lines[0], StringComparison.Ordinal);
        Assert.Contains($"{other} refused 1 requests", log.Lines[1], StringComparison.Ordinal);
        Assert.Contains("500 requests more", log.Lines[2], StringComparison.Ordinal);
    }

    [Theory, InlineData(StoreProvider.Sqlite), InlineData(StoreProvider.PostgreSql)]
    public async Task A_path_that_is_no_text_is_recorded_as_what_can_be_shown(StoreProvider provider)
    {
        var node = await Stores.OnAsync(provider);
        var (user, refusals) = (UserId.New(), node.Get<AccessRefusals>());
        refusals.Record(user, AccessSubject.OfClient("app"), CloudNode.NewDevice(), "/a\0\n\ud800" + new string('x', 5000), AccessOperations.Retrieve);

        await refusals.FlushAsync(Ending);

        var href = Assert.Single(await refusals.ListAsync(user, Ending)).Href;
        Assert.StartsWith("/a\ufffd\ufffd\ufffdxxx", href, StringComparison.Ordinal);
        Assert.Equal(ResourceHref.MaxLength, href.Length);
    }

    private static AccessRule Rule(string subject, string device = "*", string href = "*", AccessOperations allow = AccessOperations.Retrieve)
    {
        Assert.True(AccessRule.TryCreate(subject, device, href, allow, out var rule));
        return rule;
    }

    private sealed class AllLines : ILogger<AccessRefusals>
    {
        public List<string> Lines { get; } = [];

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            Lines.Add(formatter(state, exception));
    }
}
