using System.Diagnostics;
using System.Text.Json;
using Microsoft.Playwright;
using OcfCloud.EndToEnd.Devices;
using OcfCloud.EndToEnd.DevicesApi;
using OcfCloud.EndToEnd.Harness;
using OcfCloud.EndToEnd.Wire;
using OcfCloud.Testing;

namespace OcfCloud.EndToEnd.OriginCloud;

/// <summary>Two clouds of ours on different stores, each the Origin of the other at once for different users; a real Chromium, simulated devices, clients over CoAP.</summary>
public sealed class TwoCloudsTests(PostgreSqlFixture postgreSql)
{
    private static readonly TimeSpan Bound = TimeSpan.FromSeconds(10);

    [Fact]
    public async Task Users_link_work_with_the_other_clouds_devices_through_crashes_and_unlink()
    {
        postgreSql.Require();
        using var authority = new SharedAuthority();
        await using var a = await PeeredCloud.StartAsync(authority, TestStore.Sqlite, "localhost");
        await using var b = await PeeredCloud.StartAsync(authority, new TestStore("PostgreSql", await postgreSql.CreateMigratedDatabaseAsync()), "127.0.0.1");
        await Task.WhenAll(a.AddLinkerAsync("alice"), b.AddLinkerAsync("bob"));
        await b.MakeTargetOfAsync(a, "Cloud A", "cloud-b");
        await a.MakeTargetOfAsync(b, "Cloud B", "cloud-a");
        await using var light = await b.StartDeviceAsync("light");
        await using var plug = await a.StartDeviceAsync("switch");
        await using var counter = new TestDevice(b.Cloud, ("/counter", "x.counter"));
        await counter.JoinAsync(b.Owner);
        await using var alice = await ClientOfAsync(a);
        await using var bob = await ClientOfAsync(b);

        await using var chromium = await Chromium.StartAsync(script: false);
        await LinkAsync(chromium.Page, a, b);
        var theLight = await FindAsync(alice, "oic.r.switch.binary");
        await using (var another = await Chromium.StartAsync(script: false)) await LinkAsync(another.Page, b, a);
        var thePlug = await FindAsync(bob, "oic.r.switch.binary");
        Assert.Empty(chromium.Complaints);

        await SwitchAndObserveAsync(alice, theLight, b.Owner);
        await SwitchAndObserveAsync(bob, thePlug, a.Owner);
        Assert.DoesNotContain(counter.Id, (await a.Linker.DevicesAsync()).Keys);

        await WaitForLinkAsync(alice, counter.PathOf("/counter"));
        var counted = await alice.ObserveAsync(counter.PathOf("/counter"));
        await counted.NextAsync();
        Press(counter, 1, 20);
        await CountToAsync(counted, 0, 20);

        await KillTargetAsync(a, b, alice, counter, counted);
        await KillOriginAsync(a, b, alice, counter);
        await bob.ReturnAsync();
        await Eventually.EqualAsync("2.05", async () => (await bob.RequestAsync("GET", thePlug)).CodeText, TimeSpan.FromSeconds(60));

        await UnlinkAsync(chromium.Page, a, b, alice, theLight);
        Assert.Equal("2.05", (await bob.RequestAsync("GET", thePlug)).CodeText);
    }

    // B is gone for a while: A's client is told so in time, and what changed meanwhile comes when B is back, each value once.
    private static async Task KillTargetAsync(PeeredCloud a, PeeredCloud b, TestDevice alice, TestDevice counter, Notifications counted)
    {
        await using var own = new TestDevice(a.Cloud, ("/light", "oic.r.light"));
        await own.JoinAsync(a.Linker);
        await b.Cloud.KillAsync();
        for (var n = 0; n < 10; n++)
        {
            var started = Stopwatch.GetTimestamp();
            Assert.StartsWith("5.0", (await alice.RequestAsync("GET", counter.PathOf("/counter"))).CodeText, StringComparison.Ordinal);
            Assert.True(Stopwatch.GetElapsedTime(started) < Bound);
            Assert.Equal("2.05", (await alice.RequestAsync("GET", own.PathOf("/light"))).CodeText);
        }

        Press(counter, 21, 30);
        await b.Cloud.StartAsync();
        await counter.ReturnAsync();
        await CountToAsync(counted, 20, 30);
        Press(counter, 31, 40);
        await CountToAsync(counted, 30, 40);
        await using var newcomer = new TestDevice(b.Cloud, ("/new", "x.new"));
        await newcomer.JoinAsync(b.Owner);
        await WaitForLinkAsync(alice, newcomer.PathOf("/new"));
        Assert.Equal("2.02", (await newcomer.RequestAsync("DELETE", "/oic/sec/account")).CodeText);
        await WaitForLinkAsync(alice, newcomer.PathOf("/new"), isThere: false);
    }

    // A is gone for a while: B keeps what it has to tell.
    private static async Task KillOriginAsync(PeeredCloud a, PeeredCloud b, TestDevice alice, TestDevice counter)
    {
        await a.Cloud.KillAsync();
        Press(counter, 41, 60);
        await using var newcomer = new TestDevice(b.Cloud, ("/new", "x.new"));
        await newcomer.JoinAsync(b.Owner);
        await a.Cloud.StartAsync();
        await alice.ReturnAsync();
        await WaitForLinkAsync(alice, newcomer.PathOf("/new"));
        var counted = await alice.ObserveAsync(counter.PathOf("/counter"));
        Assert.Equal(60L, (await counted.NextMapAsync())["value"]);
        Press(counter, 61, 70);
        await CountToAsync(counted, 60, 70);
    }

    private static async Task UnlinkAsync(IPage page, PeeredCloud a, PeeredCloud b, TestDevice alice, string theLight)
    {
        await page.GotoAsync(a.Url);
        await page.GetByRole(AriaRole.Link, new() { Name = "Linked clouds" }).ClickAsync();
        await ClickAsync(page, "Unlink");
        await page.GetByRole(AriaRole.Button, new() { Name = "Link", Exact = true }).WaitForAsync();
        await WaitForLinkAsync(alice, theLight, isThere: false);
        await Eventually.EqualAsync("4.04", async () => (await alice.RequestAsync("GET", theLight)).CodeText);

        // The owner of the devices sees that nobody is let in any more. Whoever was sent there is still logged in.
        await Eventually.EqualAsync(true, async () =>
        {
            await page.GotoAsync(b.Url + "/connected-clouds");
            return await page.GetByText("There are none.").CountAsync() == 1;
        });
    }

    internal static async Task LinkAsync(IPage page, PeeredCloud origin, PeeredCloud target)
    {
        await page.GotoAsync(origin.Url + "/login");
        await LogInAsync(page, origin.Linker.Name);
        await page.GetByRole(AriaRole.Link, new() { Name = "Linked clouds" }).ClickAsync();
        await ClickAsync(page, "Link");
        await LogInAsync(page, target.Owner.Name);
        await ClickAsync(page, "Allow");
        await page.GetByRole(AriaRole.Button, new() { Name = "Unlink" }).WaitForAsync();
        Assert.StartsWith(origin.Url, page.Url, StringComparison.Ordinal);
    }

    private static async Task LogInAsync(IPage page, string name)
    {
        await page.GetByLabel("Name").FillAsync(name);
        await page.GetByLabel("Password").FillAsync(PeeredCloud.Password);
        await ClickAsync(page, "Log in");
    }

    private static Task ClickAsync(IPage page, string button) => page.GetByRole(AriaRole.Button, new() { Name = button, Exact = true }).ClickAsync();

    private static async Task<TestDevice> ClientOfAsync(PeeredCloud cloud)
    {
        var client = new TestDevice(cloud.Cloud);
        await client.JoinAsync(cloud.Linker);
        return client;
    }

    // The one resource of a type, which only the other cloud has.
    private static async Task<string> FindAsync(TestDevice client, string type)
    {
        await Eventually.EqualAsync(1, async () => (await client.DiscoverAsync("?rt=" + type)).Count);
        return (await client.DiscoverAsync("?rt=" + type))[0];
    }

    private static Task WaitForLinkAsync(TestDevice client, string path, bool isThere = true) =>
        Eventually.EqualAsync(isThere, async () => (await client.DiscoverAsync()).Contains(path, StringComparer.Ordinal), TimeSpan.FromSeconds(30));

    private static async Task SwitchAndObserveAsync(TestDevice client, string path, CloudUser owner)
    {
        Assert.Equal("2.04", (await client.RequestAsync("POST", path, Cbor.Map(("value", true)))).CodeText);
        using var read = await owner.GetAsync(path);
        Assert.True((await read.JsonAsync()).GetProperty("value").GetBoolean());
        var observed = await client.ObserveAsync(path);
        Assert.Equal(true, (await observed.NextMapAsync())["value"]);
        using var changed = await owner.PostAsync(path, JsonSerializer.Serialize(new { value = false }));
        Assert.True(changed.IsSuccessStatusCode);
        while ((bool)(await observed.NextMapAsync())["value"]!)
        {
            // The first event of the subscription says what the answer said.
        }

        await client.Connection.SendAsync(observed.Cancellation());
    }

    private static void Press(TestDevice counter, int from, int to)
    {
        for (var n = from; n <= to; n++) counter.Resources[0].Change(new Dictionary<string, object?> { ["value"] = n });
    }

    // Values may be skipped (the newest is told), but none comes twice or after a newer one, and the last one comes.
    private static async Task CountToAsync(Notifications counted, long above, long last)
    {
        var newest = above;
        while (newest < last)
        {
            var message = await counted.NextAsync();
            if (message.CodeText != "2.05" || Cbor.DecodeMap(message.Payload)["value"] is not long value) continue;
            Assert.True(value > newest || (newest == above && value == above), $"{value} came after {newest}.");
            newest = value;
        }
    }
}
