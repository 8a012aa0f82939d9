using System.Net;
using OcfCloud.EndToEnd.Devices;
using OcfCloud.EndToEnd.Events;
using OcfCloud.EndToEnd.Harness;
using OcfCloud.EndToEnd.Wire;

namespace OcfCloud.EndToEnd.Endurance;

/// <summary>The system's clock is wrong for a while, by an hour and by a day, forward and back, while devices, clients and receivers are at work: nobody notices.</summary>
public sealed class ClockStepTests
{
    private static readonly TimeSpan[] Steps = [TimeSpan.FromHours(1), TimeSpan.FromDays(1), TimeSpan.FromHours(-1)];

    [Fact]
    public async Task A_clock_that_is_wrong_for_a_while_ends_no_session_and_loses_no_link_subscription_or_event()
    {
        using var clock = await Preloaded.SteppedClockAsync();
        using var certificate = new OwnCertificate();
        await using var receiver = await EventReceiver.StartAsync(certificate);
        await using var cloud = await Cloud.StartAsync(
            clock.Environment, "Outbound:AllowedNetworks:0=127.0.0.1/32", $"Outbound:TrustAnchors:0={certificate.Path}", CloudFixture.LongTokens, "Devices:LinkExpiryPeriod=00:00:00.1",
            "Events:RetryFirst=00:00:00.1", "Events:RetryMax=00:00:00.2");
        var user = await cloud.AddUserAsync("alice");
        await using var pair = await Pair.JoinAsync(user);
        Assert.Equal("2.04", (await PublishAsync(pair.Device, "/for-ten-minutes", ttl: 600)).CodeText);
        var (told, deaf) = (receiver.NewUrl(), receiver.NewUrl("500"));
        await user.SubscribeAsync($"/{pair.Device.Id}", told, "resources_published");
        var unheard = await user.SubscribeAsync($"/{pair.Device.Id}", deaf, "resources_published");
        await receiver.WaitAsync(deaf, 2);

        using var stop = new CancellationTokenSource();
        var asking = AskAsync(pair, stop.Token);
        foreach (var step in Steps)
        {
            await StepAsync(cloud, clock, step, "clock has stepped by");
            // Whatever it could end has had its turn: links go every tenth of a second, and each failure asks whether to give up.
            await receiver.WaitAsync(deaf, receiver.At(deaf).Count + 3);
            var href = $"/published/{step.TotalHours}";
            Assert.Equal("2.04", (await PublishAsync(pair.Device, href)).CodeText);
            await receiver.WaitAsync(told, e => e.Hrefs.Contains(pair.PathOf(href)));
            await pair.Device.ReturnAsync();
            Assert.Contains(pair.PathOf("/for-ten-minutes"), await pair.Client.DiscoverAsync());
            Assert.Equal(HttpStatusCode.OK, await user.StatusOfSubscriptionAsync(unheard));
        }

        await StepAsync(cloud, clock, TimeSpan.Zero, "clock is back");
        await stop.CancelAsync();
        Assert.True(await asking > 0);
    }

    private static async Task StepAsync(Cloud cloud, Preloaded clock, TimeSpan to, string said)
    {
        var before = cloud.Host.Output.Count;
        clock.Set((long)to.TotalSeconds);
        await cloud.Host.WaitForAsync(said, before);
    }

    // All the while, but when the device is just coming back.
    private static async Task<int> AskAsync(Pair pair, CancellationToken stop)
    {
        var answered = 0;
        while (!stop.IsCancellationRequested)
        {
            var answer = await pair.Client.RequestAsync("GET", pair.PathOf("/light"));
            Assert.True(answer.CodeText is "2.05" or "5.03", answer.CodeText);
            if (answer.CodeText == "2.05") answered++;
        }

        return answered;
    }

    private static Task<WireMessage> PublishAsync(TestDevice device, string href, long ttl = 0) => device.RequestAsync(
        "POST", "/oic/rd", Cbor.Map(("di", device.Id.ToString()), ("links", new List<object> { new DeviceResource(href, "x.clock").Link }), ("ttl", ttl)));
}
