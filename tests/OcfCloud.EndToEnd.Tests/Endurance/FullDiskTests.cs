using System.Net;
using OcfCloud.EndToEnd.Devices;
using OcfCloud.EndToEnd.Endurance.Stores;
using OcfCloud.EndToEnd.Events;
using OcfCloud.EndToEnd.Harness;
using OcfCloud.EndToEnd.Wire;

namespace OcfCloud.EndToEnd.Endurance;

/// <summary>The disk of the store is full: what writes is refused, all else goes on, and when there is room again everything does.</summary>
public sealed class FullDiskTests
{
    // Of requests that are refused, each logged once; and of lines in the log all the while, stack traces included.
    private const int Refusals = 100, MostTold = 250;

    [Fact]
    public async Task While_the_disk_is_full_what_writes_is_refused_and_all_else_goes_on()
    {
        using var disk = await Preloaded.FullDiskAsync();
        await RunAsync(certificate => Cloud.StartAsync(disk.Environment, SettingsOf(certificate)), _ => disk.Set(1), _ => disk.Set(0));
    }

    internal static string[] SettingsOf(OwnCertificate certificate) =>
        ["Outbound:AllowedNetworks:0=127.0.0.1/32", $"Outbound:TrustAnchors:0={certificate.Path}", "Events:RetryPeriod=00:00:00.2", "Devices:TwinSpread=00:00:00"];

    /// <summary>Fills the disk of a cloud with a device, a client and a receiver, and frees it.</summary>
    internal static async Task RunAsync(Func<OwnCertificate, Task<Cloud>> start, Action<Cloud> fill, Action<Cloud> free)
    {
        using var certificate = new OwnCertificate();
        await using var receiver = await EventReceiver.StartAsync(certificate);
        await using var cloud = await start(certificate);
        var user = await cloud.AddUserAsync("alice");
        await using var pair = await Pair.JoinAsync(user);
        await using var newcomer = new TestDevice(cloud, ("/fan", "oic.r.fan"));
        await newcomer.ConnectAsync();
        var oneTime = await user.CreateDeviceTokenAsync(newcomer.Id);
        var (links, value) = (receiver.NewUrl(), receiver.NewUrl());
        await user.SubscribeAsync($"/{pair.Device.Id}", links, "resources_published");
        await user.SubscribeAsync(pair.PathOf("/light"), value, "resource_contentchanged");
        await receiver.WaitAsync(value, 1);
        var observed = await pair.Client.ObserveAsync(pair.PathOf("/light"));
        Assert.Equal(false, (await observed.NextMapAsync())["value"]);

        fill(cloud);
        await Eventually.EqualAsync("5.03", async () => (await PublishAsync(pair.Device, "/refused")).CodeText);
        var said = cloud.Host.Output.Count;
        for (var attempt = 1; attempt <= Refusals / 2; attempt++)
        {
            var refused = await PublishAsync(pair.Device, $"/refused/{attempt}");
            Assert.Equal(("5.03", true), (refused.CodeText, refused.Find(WireOption.MaxAge) > 0));
            Assert.Equal("5.03", (await newcomer.TrySignUpAsync(oneTime)).CodeText);
            Assert.Equal("2.05", (await pair.Client.RequestAsync("GET", pair.PathOf("/light"))).CodeText);
            pair.Press(attempt);
            Assert.Equal((long)attempt, (await observed.NextMapAsync())["value"]);
        }

        // Reading needs no room, and a sign-in with a token that was used before writes nothing that is waited for.
        Assert.Contains(pair.PathOf("/light"), await pair.Client.DiscoverAsync());
        await pair.Client.ReturnAsync();
        Assert.Equal("2.05", (await pair.Client.RequestAsync("GET", pair.PathOf("/light"))).CodeText);
        using (var subscribing = await user.TrySubscribeAsync("", new { eventsUrl = receiver.NewUrl(), eventTypes = new[] { "devices_online" }, signingSecret = EventReceiver.Secret }))
        {
            Assert.Equal((HttpStatusCode.ServiceUnavailable, true), (subscribing.StatusCode, subscribing.Headers.RetryAfter is not null));
        }

        var told = cloud.Host.OutputFrom(said);
        Assert.True(told.Count <= MostTold, $"{told.Count} lines in the log:\n{string.Join('\n', told.Take(100))}");

        free(cloud);
        await Eventually.EqualAsync("2.04", async () => (await PublishAsync(pair.Device, "/taken")).CodeText);
        await Eventually.EqualAsync("2.04", async () => (await newcomer.TrySignUpAsync(oneTime)).CodeText);
        await newcomer.SignInAsync();
        await newcomer.PublishAsync();
        await pair.Client.ReturnAsync();
        Assert.Contains(newcomer.PathOf("/fan"), await pair.Client.DiscoverAsync());

        // What was told meanwhile waited in memory; what was refused was not.
        await receiver.WaitAsync(value, e => e.Json.GetProperty("value") is { ValueKind: System.Text.Json.JsonValueKind.Number } number && number.GetInt32() == Refusals / 2);
        await receiver.WaitAsync(links, e => e.Hrefs.Contains(pair.PathOf("/taken")));
        Assert.DoesNotContain(receiver.At(links).SelectMany(e => e.Hrefs), href => href.Contains("/refused/", StringComparison.Ordinal));
        await StoreCheck.AssertAsync(cloud);
    }

    private static Task<WireMessage> PublishAsync(TestDevice device, string href) => device.RequestAsync(
        "POST", "/oic/rd", Cbor.Map(("di", device.Id.ToString()), ("links", new List<object> { new DeviceResource(href, "x.disk").Link }), ("ttl", 0)));
}
