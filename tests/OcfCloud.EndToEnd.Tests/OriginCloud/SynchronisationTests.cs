using OcfCloud.EndToEnd.Harness;

namespace OcfCloud.EndToEnd.OriginCloud;

/// <summary>What happens at a cloud that is not ours follows here.</summary>
[Collection(nameof(LinkingCloud))]
public sealed class SynchronisationTests(LinkingCloud fixture) : IDisposable
{
    private StrictTarget Target => fixture.Target;

    [Fact]
    public async Task Devices_and_links_come_and_go_by_events_alone()
    {
        var alice = await fixture.LinkedAsync();

        var device = await Target.AddDeviceAsync("Newcomer");
        await alice.WaitForLinkAsync(device, "/switch");
        await alice.WaitForSubscriptionsAsync();
        await Target.PublishAsync(device, "/more");
        await alice.WaitForLinkAsync(device, "/more");
        Assert.Equal("2.05", await alice.CodeOfAsync(device, "/more"));
        await Target.UnpublishAsync(device, "/more");
        await alice.WaitForLinkAsync(device, "/more", isThere: false);
        await Target.RemoveDeviceAsync(device);
        await alice.WaitForLinkAsync(device, "/switch", isThere: false);

        // A newcomer is asked about, all the others are not.
        Assert.Equal(0, (await Target.StateAsync()).CountOf("GET devices"));
    }

    [Fact]
    public async Task Online_and_offline_follow()
    {
        var alice = await fixture.LinkedAsync();

        await Target.SetOnlineAsync(StrictTarget.Sensor, online: false);
        await Eventually.EqualAsync("5.03", () => alice.CodeOfAsync(StrictTarget.Sensor, "/temperature"));
        await alice.Browser.OpenAsync($"https://localhost:{fixture.Cloud.Https.Port}/devices");
        Assert.Contains("offline", alice.Browser.Text[alice.Browser.Text.IndexOf("Strict sensor", StringComparison.Ordinal)..], StringComparison.Ordinal);

        await Target.SetOnlineAsync(StrictTarget.Sensor, online: true);
        await Eventually.EqualAsync("2.05", () => alice.CodeOfAsync(StrictTarget.Sensor, "/temperature"));
    }

    [Fact]
    public async Task A_gap_in_the_numbers_brings_a_retrieval_that_finds_what_was_lost()
    {
        var alice = await fixture.LinkedAsync();
        await Target.SkipAsync("devices");

        await Target.SetOnlineAsync(StrictTarget.Sensor, online: false);

        await Eventually.EqualAsync(true, async () => (await Target.StateAsync()).CountOf("GET devices") > 0);
        await Eventually.EqualAsync("5.03", () => alice.CodeOfAsync(StrictTarget.Sensor, "/temperature"));
        await Target.SetOnlineAsync(StrictTarget.Sensor, online: true);
        await Eventually.EqualAsync("2.05", () => alice.CodeOfAsync(StrictTarget.Sensor, "/temperature"));
        await alice.WaitForSubscriptionsAsync();
        Assert.InRange((await Target.StateAsync()).CountOf("GET devices"), 1, 2);
    }

    [Fact]
    public async Task A_repeated_event_is_confirmed_and_told_to_nobody()
    {
        var alice = await fixture.LinkedAsync();
        var observed = await alice.Client.ObserveAsync($"/{StrictTarget.Light}/light");
        await observed.NextMapAsync();
        await Eventually.EqualAsync(1, async () => (await Target.StateAsync()).Subscriptions.Count(s => s is { Level: "resource", Undelivered: 0, Next: > 0 }));
        await Target.ChangeAsync(StrictTarget.Light, "/light", new { brightness = 41 });
        await WaitForBrightnessAsync(observed, 41);

        await Target.RepeatAsync("resource");
        await Eventually.EqualAsync(2, async () =>
        {
            var state = await Target.StateAsync();
            var subscription = state.Subscriptions.Single(s => s.Level == "resource");
            return state.Deliveries.Count(d => d.Subscription == subscription.Id && d.Number == subscription.Next - 1 && d.Status is >= 200 and < 300);
        });
        await Target.ChangeAsync(StrictTarget.Light, "/light", new { brightness = 42 });

        Assert.Equal(42L, (await observed.NextMapAsync())["brightness"]);
        Assert.Equal(0, (await Target.StateAsync()).CountOf("GET devices"));
        await alice.Client.Connection.SendAsync(observed.Cancellation());
    }

    [Fact]
    public async Task A_forged_an_old_and_an_unknown_event_are_refused_and_change_nothing()
    {
        var alice = await fixture.LinkedAsync();
        var id = (await Target.StateAsync()).Subscriptions.Single(s => s.Level == "devices").Id;
        var body = new[] { new { di = StrictTarget.Light } };

        Assert.Equal(400, await Target.DeliverAsync(new { id, type = "devices_unregistered", body, signature = new string('a', 64) }));
        Assert.Equal(400, await Target.DeliverAsync(new { id, type = "devices_unregistered", body, secret = new string('x', 32) }));
        Assert.Equal(400, await Target.DeliverAsync(new { id, type = "devices_unregistered", body, age = 8 * 24 * 3600 }));
        Assert.Equal(400, await Target.DeliverAsync(new { id, type = "devices_unregistered", body, age = -600 }));
        Assert.Equal(410, await Target.DeliverAsync(new { id, type = "devices_unregistered", body, headers = new Dictionary<string, string> { ["Subscription-ID"] = Guid.NewGuid().ToString() } }));

        // Rightly signed, but of a type that was not asked for: refused it would hold up what comes after it, and it is nobody's to read.
        Assert.Equal(200, await Target.DeliverAsync(new { id, type = "resource_contentchanged", body }));

        Assert.Equal("2.05", await alice.CodeOfAsync(StrictTarget.Light, "/light"));
        await alice.WaitForLinkAsync(StrictTarget.Light, "/light");
    }

    [Fact]
    public async Task A_cloud_without_events_is_polled()
    {
        var alice = await fixture.LinkerAsync();
        foreach (var status in new[] { 404, 405, 501 })
        {
            await Target.SetEventsAsync(false, status);
            await alice.LinkAsync();
            await alice.WaitForLinkAsync(StrictTarget.Light, "/light");

            var device = await Target.AddDeviceAsync();
            await alice.WaitForLinkAsync(device, "/switch");
            await Target.SetOnlineAsync(device, online: false);
            await Eventually.EqualAsync("5.03", () => alice.CodeOfAsync(device, "/switch"));
            await Target.RemoveDeviceAsync(device);
            await alice.WaitForLinkAsync(device, "/switch", isThere: false);
        }
    }

    [Fact]
    public async Task A_subscription_that_the_other_cloud_cancelled_is_made_anew()
    {
        var alice = await fixture.LinkedAsync();
        var before = (await Target.StateAsync()).Subscriptions.Select(s => s.Id).ToList();

        await Target.EndSubscriptionsAsync();

        await alice.WaitForSubscriptionsAsync();
        Assert.DoesNotContain((await Target.StateAsync()).Subscriptions, s => before.Contains(s.Id));
        var device = await Target.AddDeviceAsync();
        await alice.WaitForLinkAsync(device, "/switch");
        await Target.RemoveDeviceAsync(device);
        await alice.WaitForLinkAsync(device, "/switch", isThere: false);
    }

    public void Dispose() => fixture.AssertNothingRefused();

    private static async Task WaitForBrightnessAsync(Devices.Notifications observed, long brightness)
    {
        while ((long)(await observed.NextMapAsync())["brightness"]! != brightness)
        {
            // The first event of a subscription says what the answer said.
        }
    }
}
