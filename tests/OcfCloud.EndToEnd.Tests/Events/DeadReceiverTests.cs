using System.Net;
using OcfCloud.EndToEnd.Devices;
using OcfCloud.EndToEnd.Harness;

namespace OcfCloud.EndToEnd.Events;

/// <summary>A cloud that sends to few at once.</summary>
public sealed class NarrowCloud() : EventfulCloud("Events:MaxParallelDeliveries=4", "Events:MaxParallelDeliveriesPerHost=2");

/// <summary>A subscriber that is slow or dead never delays another (cloud-to-cloud.md, 1.4).</summary>
public sealed class DeadReceiverTests(NarrowCloud fixture) : IClassFixture<NarrowCloud>
{
    private const int Dead = 60;

    // The dead ones take two seconds each, two at a time: a minute, and then anew.
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(20);

    [Theory]
    [InlineData("hang")]
    [InlineData("204:1800")]
    public async Task Many_dead_or_slow_receivers_do_not_delay_a_living_one(string answers)
    {
        var user = await fixture.NewUserAsync();
        await using var device = new TestDevice(fixture.Cloud, ("/light", "oic.r.light"));
        await device.JoinAsync(user);

        // Another host than the living one's.
        var dead = fixture.Receiver.NewUrl(answers).Replace("localhost", "127.0.0.1", StringComparison.Ordinal);
        for (var n = 0; n < Dead; n++) await user.SubscribeAsync("", $"{dead}&n={n}", "devices_offline", "devices_online");

        // They are being tried when the living one comes.
        await fixture.Receiver.WaitAsync(dead, 1);
        var living = fixture.Receiver.NewUrl();
        await user.SubscribeAsync("", living, "devices_offline");
        await fixture.Receiver.WaitAsync(living, 1, Soon);

        device.Connection.Reset();
        await Eventually.EqualAsync("offline", () => user.StatusOfAsync(device.Id));
        await fixture.Receiver.WaitAsync(living, 2, Soon);
        await device.ReturnAsync();
        await Eventually.EqualAsync("online", () => user.StatusOfAsync(device.Id));
        device.Connection.Reset();
        await Eventually.EqualAsync("offline", () => user.StatusOfAsync(device.Id));
        await fixture.Receiver.WaitAsync(living, 3, Soon);
    }
}

/// <summary>Who takes no event for too long is given up.</summary>
public sealed class GivenUpTests(ImpatientCloud fixture) : IClassFixture<ImpatientCloud>
{
    [Fact]
    public async Task A_receiver_that_takes_nothing_is_told_the_end_once_and_then_nothing()
    {
        var user = await fixture.NewUserAsync();
        var url = fixture.Receiver.NewUrl("500");
        var subscription = await user.SubscribeAsync("", url, "devices_online", "devices_offline");
        await Eventually.EqualAsync(HttpStatusCode.NotFound, () => user.StatusOfSubscriptionAsync(subscription));
        var attempts = fixture.Receiver.At(url).TakeWhile(e => e.Number == 0).Count();
        Assert.True(attempts >= 3, $"only {attempts} attempts before the end");

        // Nobody hears of what was still waiting; the end is tried, once.
        var received = await fixture.Receiver.WaitAsync(url, attempts + 1);
        await using var device = new TestDevice(fixture.Cloud);
        await device.JoinAsync(user);
        var witness = fixture.Receiver.NewUrl();
        await user.SubscribeAsync("", witness, "devices_online");
        await fixture.Receiver.WaitAsync(witness, 1);
        received = fixture.Receiver.At(url);
        Assert.Equal(attempts + 1, received.Count);
        Assert.Equal(("subscription_cancelled", 2L, "", true), (received[^1].Type, received[^1].Number, received[^1].Text, received[^1].Signed));
        var first = received[0].At;
        Assert.InRange(received[^2].At - first, 1_000, 15_000);
    }

    [Fact]
    public async Task A_receiver_that_comes_back_in_time_is_not_given_up()
    {
        var user = await fixture.NewUserAsync();
        var url = fixture.Receiver.NewUrl("500,500,204");
        var subscription = await user.SubscribeAsync("", url, "devices_online");
        await fixture.Receiver.WaitAsync(url, 3);
        await Eventually.EqualAsync(0, async () => (await user.ReadSubscriptionAsync(subscription)).GetProperty("delivery").GetProperty("failedAttempts").GetInt32());
        Assert.Equal(HttpStatusCode.OK, await user.StatusOfSubscriptionAsync(subscription));
    }
}
