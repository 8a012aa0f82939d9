using OcfCloud.Core.AccessRules;
using OcfCloud.Core.Devices;
using OcfCloud.Core.Events;
using OcfCloud.Core.Storage;
using OcfCloud.Core.Tests.Support;

namespace OcfCloud.Core.Tests.AccessRules;

public sealed class AccessRuleCacheTests(Stores stores) : StoreTests(stores)
{
    [Fact]
    public async Task What_was_read_before_a_change_is_never_known_after_it()
    {
        var node = await Stores.OnAsync(StoreProvider.PostgreSql);
        var (cache, hints) = (node.Get<AccessRuleCache>(), node.Get<Hints>());
        for (var round = 0; round < 3000; round++)
        {
            var user = UserId.New();
            var reading = cache.GetAsync(user, Ending).AsTask();
            hints.Publish(new Hint(EventKind.AccessRulesChanged, user, null, 0));

            // Looked at on this thread all the time while the other one ends the reading.
            while (!reading.IsCompleted) Assert.False(cache.TryGet(user, out _));
            Assert.False(cache.TryGet(user, out _));
            await reading;
        }
    }
}
