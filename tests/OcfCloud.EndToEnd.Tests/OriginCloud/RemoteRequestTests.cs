using OcfCloud.EndToEnd.Devices;
using OcfCloud.EndToEnd.Harness;
using OcfCloud.EndToEnd.Wire;

namespace OcfCloud.EndToEnd.OriginCloud;

/// <summary>A client's requests to devices of a cloud that is not ours.</summary>
[Collection(nameof(LinkingCloud))]
public sealed class RemoteRequestTests(LinkingCloud fixture) : IDisposable
{
    private StrictTarget Target => fixture.Target;

    private static string Light => $"/{StrictTarget.Light}/light";

    [Fact]
    public async Task A_client_reads_and_switches_a_light_there()
    {
        var alice = await fixture.LinkedAsync();

        var answer = await alice.Client.RequestAsync("POST", Light, Cbor.Map(("value", true), ("brightness", 80)));

        Assert.Equal("2.04", answer.CodeText);
        Assert.Equal(80L, Cbor.DecodeMap(answer.Payload)["brightness"]);
        var there = (await Target.StateAsync()).ResourceOf(StrictTarget.Light, "/light");
        Assert.Equal((true, 80), (there.GetProperty("value").GetBoolean(), there.GetProperty("brightness").GetInt32()));
        Assert.Equal(true, (await alice.ReadAsync(StrictTarget.Light, "/light"))["value"]);
        Assert.Equal(21.5, (await alice.ReadAsync(StrictTarget.Sensor, "/temperature"))["temperature"]);
    }

    [Fact]
    public async Task The_query_goes_along_as_it_is()
    {
        var alice = await fixture.LinkedAsync();

        var answer = await alice.Client.RequestAsync("GET", Light + "?if=oic.if.baseline");

        Assert.Equal("2.05", answer.CodeText);
        Assert.Equal(["oic.r.switch.binary", "oic.r.light.brightness"], ((List<object?>)Cbor.DecodeMap(answer.Payload)["rt"]!).Cast<string>());
        Assert.Contains($"GET /api/v1/devices{Light}?if=oic.if.baseline 200", (await Target.StateAsync()).Requests);
    }

    [Fact]
    public async Task Refusals_come_back_as_the_codes_of_CoAP()
    {
        var alice = await fixture.LinkedAsync();

        Assert.Equal("4.00", (await alice.Client.RequestAsync("POST", Light, Cbor.Map(("value", "yes")))).CodeText);
        Assert.Equal("4.05", (await alice.Client.RequestAsync("POST", $"/{StrictTarget.Sensor}/temperature", Cbor.Map(("temperature", 5)))).CodeText);
        Assert.Equal("4.04", await alice.CodeOfAsync(StrictTarget.Light, "/no/such"));
        Assert.Equal("4.05", (await alice.Client.RequestAsync("DELETE", Light)).CodeText);
        await Target.SetOnlineAsync(StrictTarget.Light, online: false);
        await Eventually.EqualAsync("5.03", () => alice.CodeOfAsync(StrictTarget.Light, "/light"));
        await Target.SetOnlineAsync(StrictTarget.Light, online: true);
        await Eventually.EqualAsync("2.05", () => alice.CodeOfAsync(StrictTarget.Light, "/light"));
    }

    [Fact]
    public async Task A_cloud_that_speaks_JSON_alone_is_asked_in_JSON_from_the_second_time_on()
    {
        var alice = await fixture.LinkedAsync();
        await Target.SetJsonOnlyAsync(true);

        Assert.Equal("2.04", (await alice.Client.RequestAsync("POST", Light, Cbor.Map(("brightness", 31)))).CodeText);
        var declined = (await Target.StateAsync()).Declined.Count;
        Assert.Equal("2.04", (await alice.Client.RequestAsync("POST", Light, Cbor.Map(("brightness", 32)))).CodeText);

        var state = await Target.StateAsync();
        Assert.Equal(32, state.ResourceOf(StrictTarget.Light, "/light").GetProperty("brightness").GetInt32());
        Assert.Equal(declined, state.Declined.Count);
        Assert.InRange(declined, 0, 1);
        Assert.Equal(32L, (await alice.ReadAsync(StrictTarget.Light, "/light"))["brightness"]);
    }

    [Fact]
    public async Task Observers_share_one_subscription_which_ends_with_the_last_of_them()
    {
        var alice = await fixture.LinkedAsync();
        var device = await Target.AddDeviceAsync();
        await alice.WaitForLinkAsync(device, "/switch");
        var path = $"/{device}/switch";
        var (first, second) = (await alice.Client.ObserveAsync(path), await alice.Client.ObserveAsync(path));
        Assert.Equal(false, (await first.NextMapAsync())["value"]);
        Assert.Equal(false, (await second.NextMapAsync())["value"]);
        await Eventually.EqualAsync(1, () => SubscriptionsToAsync(device));

        for (var n = 1; n <= 6; n++)
        {
            await Target.ChangeAsync(device, "/switch", new { value = n % 2 == 1 });
            Assert.Equal(n % 2 == 1, await NextValueAsync(first, n % 2 == 1));
            Assert.Equal(n % 2 == 1, await NextValueAsync(second, n % 2 == 1));
        }

        Assert.Equal(1, await SubscriptionsToAsync(device));
        await alice.Client.Connection.SendAsync(first.Cancellation());
        await alice.Client.Connection.SendAsync(second.Cancellation());
        await Eventually.EqualAsync(0, () => SubscriptionsToAsync(device));
        await Target.RemoveDeviceAsync(device);
        await alice.WaitForLinkAsync(device, "/switch", isThere: false);
    }

    public void Dispose() => fixture.AssertNothingRefused();

    // The first event of a subscription says again what the answer said.
    private static async Task<bool> NextValueAsync(Notifications notifications, bool expected)
    {
        var value = (bool)(await notifications.NextMapAsync())["value"]!;
        return value == expected ? value : (bool)(await notifications.NextMapAsync())["value"]!;
    }

    private async Task<int> SubscriptionsToAsync(Guid device) => (await Target.StateAsync()).Subscriptions.Count(s => s.Level == "resource" && s.Di == device);
}
