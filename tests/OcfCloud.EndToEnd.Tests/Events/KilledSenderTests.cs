using OcfCloud.EndToEnd.Devices;
using OcfCloud.EndToEnd.Harness;
using OcfCloud.EndToEnd.Wire;
using OcfCloud.Testing;

namespace OcfCloud.EndToEnd.Events;

/// <summary>The host is killed amid many events, several times: none is lost, the order is kept; one may come twice (at least once). On SQLite <see cref="Endurance.Storms.StormTests"/> shows it.</summary>
public sealed class KilledSenderTests(PostgreSqlFixture postgreSql)
{
    private const int Rounds = 3, Subscriptions = 4;

    [Fact]
    public async Task No_event_is_lost_by_a_kill_on_PostgreSQL()
    {
        postgreSql.Require();
        await KillAsync(new TestStore("PostgreSql", await postgreSql.CreateMigratedDatabaseAsync()));
    }

    private static async Task KillAsync(TestStore store)
    {
        using var certificate = new OwnCertificate();
        await using var receiver = await EventReceiver.StartAsync(certificate);
        await using var cloud = await Cloud.StartAsync(
            store, "Outbound:AllowedNetworks:0=127.0.0.1/32", $"Outbound:TrustAnchors:0={certificate.Path}", "Tokens:AccessTokenLifetime=01:00:00", "Nodes:Lease=00:00:03",
            "Nodes:LeaseRenewal=00:00:01", "Devices:MaxLinks=10000");
        var user = await cloud.AddUserAsync("alice");
        await using var device = new TestDevice(cloud, ("/light", "oic.r.light"));
        await device.JoinAsync(user);
        var urls = Enumerable.Range(0, Subscriptions).Select(_ => receiver.NewUrl("204:20")).ToArray();
        foreach (var url in urls) await user.SubscribeAsync($"/{device.Id}", url, "resources_published");

        var published = new List<string>();
        for (var round = 0; round < Rounds; round++)
        {
            var before = receiver.At(urls[0]).Count;
            var publishing = PublishUntilTheEndAsync(device, published, round);

            // In the middle: counted in notifications and not in time.
            await receiver.WaitAsync(urls[0], before + 5 + round);
            await cloud.KillAsync();
            await publishing;
            await cloud.StartAsync();
            await device.ReturnAsync();
        }

        Assert.True(await PublishAsync(device, "/last"));
        foreach (var url in urls)
        {
            await WaitForLastAsync(receiver, url, $"/{device.Id}/last");
            Check(receiver.At(url), published.Select(href => $"/{device.Id}{href}"));
        }
    }

    private static void Check(IReadOnlyList<ReceivedEvent> received, IEnumerable<string> published)
    {
        Assert.All(received, e => Assert.True(e.Signed));
        var highest = -1L;
        foreach (var e in received)
        {
            // The next one, or one that came before; never one too far.
            Assert.InRange(e.Number, 0, highest + 1);
            highest = Math.Max(highest, e.Number);
        }

        foreach (var attempts in received.GroupBy(e => e.Number)) Assert.Single(attempts.Select(e => (e.Text, e.Signature)).Distinct());
        var told = received.SelectMany(e => e.Hrefs).ToHashSet(StringComparer.Ordinal);
        Assert.All(published, href => Assert.Contains(href, told));
    }

    private static async Task PublishUntilTheEndAsync(TestDevice device, List<string> published, int round)
    {
        try
        {
            for (var n = 0; ; n++)
            {
                var href = $"/{round}/{n}";
                if (await PublishAsync(device, href)) published.Add(href);
            }
        }
        catch (WireEndedException)
        {
            // The kill.
        }
    }

    private static async Task<bool> PublishAsync(TestDevice device, string href)
    {
        var links = new List<object> { new DeviceResource(href, "x.survivor").Link };
        return (await device.RequestAsync("POST", "/oic/rd", Cbor.Map(("di", device.Id.ToString()), ("links", links), ("ttl", 0)))).CodeText == "2.04";
    }

    private static async Task WaitForLastAsync(EventReceiver receiver, string url, string href)
    {
        for (var count = receiver.At(url).Count; ; count++)
        {
            if ((await receiver.WaitAsync(url, count, TimeSpan.FromSeconds(90))).Any(e => e.Hrefs.Contains(href, StringComparer.Ordinal))) return;
        }
    }
}
