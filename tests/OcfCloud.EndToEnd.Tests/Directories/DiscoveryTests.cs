using OcfCloud.EndToEnd.Devices;
using OcfCloud.EndToEnd.Harness;
using OcfCloud.EndToEnd.Wire;

namespace OcfCloud.EndToEnd.Directories;

/// <summary>device-to-cloud.md, 7: clients find the devices of their user, and are told when what they find changes.</summary>
public sealed class DiscoveryTests(QuietCloud fixture) : IClassFixture<QuietCloud>
{
    private static readonly string[] BaselineKeys = ["if", "links", "rt"];

    private Cloud Cloud => fixture.Cloud;

    private CloudUser User => fixture.User;

    [Fact]
    public async Task Values_of_one_key_are_alternatives_and_keys_narrow_each_other()
    {
        await using var one = new TestDevice(Cloud, ("/a", "oic.r.filter.a"), ("/b", "oic.r.filter.b"));
        await using var two = new TestDevice(Cloud, ("/a", "oic.r.filter.a"), ("/c", "oic.r.filter.c"));
        await one.JoinAsync(User);
        await two.JoinAsync(User);
        async Task AssertFoundAsync(string query, params string[] hrefs) => Assert.Equal(hrefs.Order(StringComparer.Ordinal), await one.DiscoverAsync(query));

        await AssertFoundAsync("?rt=oic.r.filter.a", one.PathOf("/a"), two.PathOf("/a"));
        await AssertFoundAsync("?rt=oic.r.filter.b&rt=oic.r.filter.c", one.PathOf("/b"), two.PathOf("/c"));
        await AssertFoundAsync($"?rt=oic.r.filter.a&di={two.Id}", two.PathOf("/a"));
        await AssertFoundAsync($"?di={one.Id}&di={two.Id}", one.PathOf("/a"), one.PathOf("/b"), two.PathOf("/a"), two.PathOf("/c"));
        await AssertFoundAsync($"?di={one.Id}&if=oic.if.a&if=oic.if.s", one.PathOf("/a"), one.PathOf("/b"));
        await AssertFoundAsync($"?di={one.Id}&if=oic.if.s");
        await AssertFoundAsync($"?di={one.Id}&if=oic.if.ll", one.PathOf("/a"), one.PathOf("/b"));
        await AssertFoundAsync($"?di={one.Id}&sduuid=nonsense&other=1", one.PathOf("/a"), one.PathOf("/b"));
        await AssertFoundAsync($"?di={Guid.NewGuid()}");
        await AssertFoundAsync("?rt=oic.r.nothing");
    }

    [Fact]
    public async Task The_baseline_interface_wraps_the_links_and_the_batch_interface_is_refused()
    {
        await using var device = new TestDevice(Cloud, ("/a", "oic.r.a"));
        await device.JoinAsync(User);
        var answer = await device.RequestAsync("GET", $"/oic/res?if=oic.if.baseline&di={device.Id}");
        var baseline = (Dictionary<string, object?>)Assert.Single(Cbor.DecodeList(answer.Payload))!;
        Assert.Equal(BaselineKeys, baseline.Keys.Order(StringComparer.Ordinal));
        Assert.Equal(["oic.wk.res"], (List<object?>)baseline["rt"]!);
        Assert.Equal(["oic.if.ll", "oic.if.baseline"], (List<object?>)baseline["if"]!);
        var link = (Dictionary<string, object?>)Assert.Single((List<object?>)baseline["links"]!)!;
        Assert.Equal(device.PathOf("/a"), link["href"]);
        Assert.Equal("bm", ((Dictionary<string, object?>)link["p"]!).Keys.First());

        Assert.Equal("4.00", (await device.RequestAsync("GET", "/oic/res?if=oic.if.b")).CodeText);
        Assert.Equal("4.00", (await device.RequestAsync("GET", "/oic/res?di=nonsense")).CodeText);
    }

    [Fact]
    public async Task Nothing_found_is_an_empty_array()
    {
        await using var device = new TestDevice(Cloud);
        await device.JoinAsync(User);
        var answer = await device.RequestAsync("GET", $"/oic/res?di={device.Id}");
        Assert.Equal("2.05", answer.CodeText);
        Assert.Empty(Cbor.DecodeList(answer.Payload));
    }

    [Fact]
    public async Task Another_users_devices_are_not_found()
    {
        var bob = await fixture.AnotherUserAsync();
        await using var device = new TestDevice(Cloud, ("/a", "oic.r.mine"));
        await using var stranger = new TestDevice(Cloud);
        await device.JoinAsync(User);
        await stranger.JoinAsync(bob);
        Assert.Empty(await stranger.DiscoverAsync($"?di={device.Id}"));
        Assert.Empty(await stranger.DiscoverAsync("?rt=oic.r.mine"));
    }

    [Fact]
    public async Task An_observer_is_told_when_its_answer_changes_and_only_then()
    {
        await using var client = new TestDevice(Cloud);
        await using var device = new TestDevice(Cloud, ("/a", "oic.r.watched"), ("/b", "oic.r.other"));
        await client.JoinAsync(User);
        var links = await client.ObserveAsync("/oic/res?rt=oic.r.watched");
        var first = await links.NextAsync();
        Assert.Empty(Cbor.DecodeList(first.Payload));
        Assert.NotNull(first.Find(WireOption.Observe));

        await device.JoinAsync(User);
        var published = await links.NextAsync();
        Assert.Equal([device.PathOf("/a")], TestDevice.HrefsOf(published.Payload));
        Assert.True(published.Find(WireOption.Observe) > first.Find(WireOption.Observe));

        // Not a word about: publishing the same, a link that does not match, values, a sign-out, a return, another device.
        await device.PublishAsync();
        Assert.Equal("2.04", (await device.RequestAsync("POST", "/oic/rd", Cbor.Map(("di", device.Id.ToString()), ("links", new[] { new TestDevice(Cloud, ("/c", "oic.r.other")).Resources[0].Link }), ("ttl", 0)))).CodeText);
        device.Resources[0].Change(new Dictionary<string, object?> { ["value"] = 2 });
        Assert.Equal("2.04", (await device.TrySignInAsync(login: false)).CodeText);
        await device.ReturnAsync();
        await using var another = new TestDevice(Cloud, ("/a", "oic.r.other"));
        await another.JoinAsync(User);

        Assert.Equal("2.02", (await device.RequestAsync("DELETE", "/oic/sec/account")).CodeText);
        Assert.Empty(Cbor.DecodeList((await links.NextAsync()).Payload));
        await client.Connection.PingAsync();
        links.NothingMore();
    }

    [Fact]
    public async Task A_cancelled_observation_is_answered_and_over()
    {
        await using var client = new TestDevice(Cloud);
        await using var device = new TestDevice(Cloud, ("/a", "oic.r.cancelled"));
        await client.JoinAsync(User);
        var cancelled = await client.ObserveAsync("/oic/res?rt=oic.r.cancelled");
        var witness = await client.ObserveAsync("/oic/res?rt=oic.r.cancelled&if=oic.if.ll");
        await cancelled.NextAsync();
        await witness.NextAsync();
        await client.Connection.SendAsync(cancelled.Cancellation());
        var last = await cancelled.NextAsync();
        Assert.Equal("2.05", last.CodeText);
        Assert.Null(last.Find(WireOption.Observe));
        await device.JoinAsync(User);
        await witness.NextAsync();
        await client.Connection.PingAsync();
        cancelled.NothingMore();
    }

    [Fact]
    public async Task An_answer_larger_than_its_client_takes_comes_in_blocks()
    {
        await using var device = ManyLinks();
        await using var client = new TestDevice(Cloud);
        await device.JoinAsync(User);
        await client.JoinAsync(User, new WireOptions { MaxMessageSize = 1152 });
        var request = WireRequest.Of("GET", $"/oic/res?di={device.Id}");
        Assert.Equal(device.Resources.Count, Cbor.DecodeList((await Blocks.DownloadAsync(client.Connection, request)).Payload).Count);

        // BERT: several blocks of 1024 bytes in a message where the client takes them (RFC 8323, 6).
        await client.ReturnAsync(new WireOptions { MaxMessageSize = 4096 });
        Assert.Equal(device.Resources.Count, Cbor.DecodeList((await Blocks.DownloadAsync(client.Connection, request with { Token = WireConnection.NewToken() })).Payload).Count);
        Assert.All(client.Connection.Received, m => Assert.True(WireCodec.Encode(m).Length <= 4096));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task An_answer_larger_than_a_client_without_blocks_takes_is_4_13(bool csm)
    {
        await using var device = ManyLinks();
        await using var client = new TestDevice(Cloud);
        await device.JoinAsync(User);
        await client.JoinAsync(User, new WireOptions { SendCsm = csm, MaxMessageSize = null, BlockWise = false });
        Assert.Equal("4.13", (await client.RequestAsync("GET", $"/oic/res?di={device.Id}")).CodeText);
        Assert.Equal("4.13", (await (await client.ObserveAsync($"/oic/res?di={device.Id}")).NextAsync()).CodeText);
        Assert.Single(await client.DiscoverAsync($"?di={device.Id}&rt=oic.r.rather.long.type.0"));
    }

    [Fact]
    public async Task A_notification_too_large_for_its_observer_ends_the_observation_with_4_13()
    {
        await using var client = new TestDevice(Cloud);
        await using var device = ManyLinks();
        await client.JoinAsync(User, new WireOptions { MaxMessageSize = 1152, BlockWise = false });
        var links = await client.ObserveAsync($"/oic/res?di={device.Id}");
        await links.NextAsync();
        await device.JoinAsync(User);
        var last = await links.NextAsync();
        Assert.Equal("4.13", last.CodeText);
        Assert.Null(last.Find(WireOption.Observe));

        // It is over: what would fit again is told to others alone.
        var witness = await client.ObserveAsync("/oic/res?rt=oic.r.rather.long.type.0");
        await witness.NextAsync();
        Assert.Equal("2.02", (await device.RequestAsync("DELETE", $"/oic/rd?di={device.Id}")).CodeText);
        await witness.NextAsync();
        await client.Connection.PingAsync();
        links.NothingMore();
    }

    private TestDevice ManyLinks() => new(Cloud, [.. Enumerable.Range(0, 90).Select(i => ($"/resource-{i}", $"oic.r.rather.long.type.{i}"))]);
}
