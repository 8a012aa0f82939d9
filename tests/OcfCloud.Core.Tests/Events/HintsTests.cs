using Microsoft.Extensions.Logging.Abstractions;
using OcfCloud.Core.Devices;
using OcfCloud.Core.Events;

namespace OcfCloud.Core.Tests.Events;

public class HintsTests
{
    private readonly Hints _hints = new(NullLogger<Hints>.Instance);

    [Fact]
    public void A_listener_hears_of_its_user_and_of_everything()
    {
        var (user, other) = (UserId.New(), UserId.New());
        var (mine, all) = (new List<Hint>(), new List<Hint>());
        using var first = _hints.Subscribe(user, mine.Add);
        using var second = _hints.SubscribeAll(all.Add);
        Hint[] published = [new(EventKind.DeviceOnline, user, null, 1), new(EventKind.DeviceOnline, other, null, 2), Hint.Everything];

        foreach (var hint in published) _hints.Publish(hint);

        Assert.Equal([published[0], Hint.Everything], mine);
        Assert.Equal(published, all);
    }

    [Fact]
    public void Who_listens_to_all_hears_in_the_order_of_coming_and_before_the_listeners_of_a_user()
    {
        var user = UserId.New();
        var heard = new List<string>();
        using var ofUser = _hints.Subscribe(user, _ => heard.Add("user"));
        using var cache = _hints.SubscribeAll(_ => heard.Add("cache"));
        var gone = _hints.SubscribeAll(_ => heard.Add("gone"));
        using var asker = _hints.SubscribeAll(_ => heard.Add("asker"));
        gone.Dispose();

        _hints.Publish(new Hint(EventKind.AccessRulesChanged, user, null, 0));
        _hints.Publish(Hint.Everything);

        Assert.Equal(["cache", "asker", "user", "cache", "asker", "user"], heard);
    }

    [Fact]
    public void A_listener_that_fails_is_not_the_others_loss()
    {
        var user = UserId.New();
        var heard = 0;
        using var bad = _hints.Subscribe(user, _ => throw new InvalidOperationException());
        using var good = _hints.Subscribe(user, _ => heard++);

        _hints.Publish(new Hint(EventKind.DeviceOnline, user, null, 0));

        Assert.Equal(1, heard);
    }

    [Fact]
    public void Nothing_is_heard_after_the_end_and_coming_and_going_at_once_loses_nobody()
    {
        var user = UserId.New();
        var heard = 0;
        using var stays = _hints.Subscribe(user, _ => Interlocked.Increment(ref heard));
        Parallel.For(0, 2000, _ => _hints.Subscribe(user, _ => Interlocked.Add(ref heard, 1_000_000)).Dispose());

        _hints.Publish(new Hint(EventKind.DeviceOnline, user, null, 0));

        Assert.Equal(1, heard);
    }
}
