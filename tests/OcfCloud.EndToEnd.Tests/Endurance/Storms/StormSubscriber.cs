using System.Net;
using OcfCloud.EndToEnd.Events;
using OcfCloud.EndToEnd.Harness;

namespace OcfCloud.EndToEnd.Endurance.Storms;

/// <summary>A client of the Events API: subscribes, looks, and unsubscribes.</summary>
internal sealed class StormSubscriber(Storm storm, CloudUser user) : StormMember(storm)
{
    private const int MostAlive = 4;

    private readonly Queue<string> _alive = new();
    private readonly List<string> _gone = [];

    /// <summary>After a restart: what was answered is there, what was ended is not.</summary>
    public async Task CheckSubscriptionsAsync()
    {
        foreach (var subscription in _alive) Assert.Equal((HttpStatusCode.OK, subscription), (await user.StatusOfSubscriptionAsync(subscription), subscription));
        foreach (var subscription in _gone) Assert.Equal((HttpStatusCode.NotFound, subscription), (await user.StatusOfSubscriptionAsync(subscription), subscription));
    }

    public override ValueTask DisposeAsync() => ValueTask.CompletedTask;

    protected override async Task TurnAsync()
    {
        _alive.Enqueue(await user.SubscribeAsync("", Storm.Receiver.NewUrl(), "devices_registered"));
        Storm.CountAnswered();
        if (_alive.Count <= MostAlive) return;
        // Asked for, whether answered or not: it may be gone.
        var oldest = _alive.Dequeue();
        Assert.Equal(HttpStatusCode.Accepted, await user.UnsubscribeAsync(oldest));
        Storm.CountAnswered();
        _gone.Add(oldest);
    }
}
