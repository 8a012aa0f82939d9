using OcfCloud.EndToEnd.Devices;
using OcfCloud.EndToEnd.Harness;
using OcfCloud.EndToEnd.Wire;

namespace OcfCloud.EndToEnd.Directories;

/// <summary>device-to-cloud.md, 6: devices publish their links and take them back.</summary>
public sealed class PublishTests(QuietCloud fixture) : IClassFixture<QuietCloud>
{
    private Cloud Cloud => fixture.Cloud;

    [Fact]
    public async Task Every_link_has_its_number_which_stays_when_it_is_published_again()
    {
        await using var device = new TestDevice(Cloud, ("/a", "oic.r.a"), ("/b", "oic.r.b"));
        await device.JoinAsync(fixture.User);
        var first = await PublishAsync(device, ttl: 600);
        Assert.Equal(device.Id.ToString(), first["di"]);
        Assert.Equal(600L, first["ttl"]);
        var numbers = InsOf(first);
        Assert.Equal(["/a", "/b"], numbers.Keys.Order(StringComparer.Ordinal));
        Assert.All(numbers.Values, ins => Assert.InRange(ins, 1, int.MaxValue));
        Assert.Equal(2, numbers.Values.Distinct().Count());
        Assert.All(Links(first), link => Assert.Equal(["href", "if", "ins", "p", "rt"], link.Keys.Order(StringComparer.Ordinal)));

        // Upsert by href: the second publish names one link anew and one more.
        var second = InsOf(Cbor.DecodeMap((await PublishLinksAsync(device, Link("/b", "oic.r.changed"), Link("/c", "oic.r.c"))).Payload));
        Assert.Equal(numbers["/b"], second["/b"]);
        Assert.DoesNotContain(second["/c"], numbers.Values);
        Assert.Equal([device.PathOf("/a"), device.PathOf("/b"), device.PathOf("/c")], await device.DiscoverAsync($"?di={device.Id}"));
        Assert.Equal([device.PathOf("/b")], await device.DiscoverAsync($"?di={device.Id}&rt=oic.r.changed"));
        Assert.Empty(await device.DiscoverAsync($"?di={device.Id}&rt=oic.r.b"));
    }

    [Fact]
    public async Task Links_stay_while_the_device_is_offline_and_need_no_second_publish()
    {
        await using var device = new TestDevice(Cloud, ("/a", "oic.r.a"));
        await using var client = new TestDevice(Cloud);
        await device.JoinAsync(fixture.User);
        await client.JoinAsync(fixture.User);
        device.Connection.Reset();
        await Eventually.EqualAsync("offline", () => fixture.User.StatusOfAsync(device.Id));
        Assert.Equal([device.PathOf("/a")], await client.DiscoverAsync($"?di={device.Id}"));
        await device.ReturnAsync();
        Assert.Equal("2.05", (await client.RequestAsync("GET", device.PathOf("/a"))).CodeText);
    }

    [Fact]
    public async Task A_link_that_is_not_published_again_within_its_ttl_leaves_the_directory()
    {
        await using var device = new TestDevice(Cloud, ("/short", "oic.r.short"));
        await using var client = new TestDevice(Cloud);
        await device.JoinAsync(fixture.User);
        await client.JoinAsync(fixture.User);
        await PublishLinksAsync(device, Link("/long", "oic.r.long"));
        var links = await client.ObserveAsync($"/oic/res?di={device.Id}");
        Assert.Equal(2, Cbor.DecodeList((await links.NextAsync()).Payload).Count);
        var observed = await client.ObserveAsync(device.PathOf("/short"));
        await observed.NextMapAsync();

        Assert.Equal("2.04", (await device.TryPublishAsync(ttl: 1)).CodeText);
        Assert.Equal([device.PathOf("/long")], TestDevice.HrefsOf((await links.NextAsync()).Payload));
        Assert.Equal([device.PathOf("/long")], await client.DiscoverAsync($"?di={device.Id}"));
        Assert.Equal("5.03", (await observed.NextAsync()).CodeText);
        Assert.Equal(1, (await fixture.User.FindDeviceAsync(device.Id))!.Links);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    public async Task A_ttl_of_zero_or_minus_one_has_no_end(long ttl)
    {
        await using var device = new TestDevice(Cloud, ("/a", "oic.r.a"));
        await device.JoinAsync(fixture.User);
        Assert.Equal("2.04", (await device.TryPublishAsync(ttl: 1)).CodeText);
        Assert.Equal(ttl, (await PublishAsync(device, ttl))["ttl"]);
        // Beside it one that ends: when that is gone, this one still is there.
        Assert.Equal("2.04", (await device.RequestAsync("POST", "/oic/rd", Cbor.Map(("di", device.Id.ToString()), ("links", new[] { Link("/witness", "oic.r.w") }), ("ttl", 1)))).CodeText);
        await Eventually.EqualAsync(1, async () => (await device.DiscoverAsync($"?di={device.Id}")).Count);
        Assert.Equal([device.PathOf("/a")], await device.DiscoverAsync($"?di={device.Id}"));
    }

    [Fact]
    public async Task A_device_takes_back_the_links_that_it_names_or_all()
    {
        await using var device = new TestDevice(Cloud, ("/a", "oic.r.a"), ("/b", "oic.r.b"), ("/c", "oic.r.c"));
        await device.JoinAsync(fixture.User);
        var ins = InsOf(await PublishAsync(device));
        async Task AssertDeletedAsync(string code, string query, params string[] left)
        {
            Assert.Equal(code, (await device.RequestAsync("DELETE", "/oic/rd" + query)).CodeText);
            Assert.Equal(left.Select(device.PathOf), await device.DiscoverAsync($"?di={device.Id}"));
        }

        await AssertDeletedAsync("4.00", $"?ins={ins["/a"]}", "/a", "/b", "/c");
        await AssertDeletedAsync("4.00", "?di=nonsense", "/a", "/b", "/c");
        await AssertDeletedAsync("4.00", $"?di={device.Id}&ins=", "/a", "/b", "/c");
        await AssertDeletedAsync("4.00", $"?di={device.Id}&ins={ins["/a"]}&ins=x", "/a", "/b", "/c");
        await AssertDeletedAsync("4.01", $"?di={Guid.NewGuid()}", "/a", "/b", "/c");
        await AssertDeletedAsync("4.04", $"?di={device.Id}&ins=2000000000", "/a", "/b", "/c");
        await AssertDeletedAsync("4.04", $"?di={device.Id}&ins=99999999999", "/a", "/b", "/c");
        await AssertDeletedAsync("2.02", $"?di={device.Id}&ins={ins["/a"]}&ins={ins["/c"]}", "/b");
        await AssertDeletedAsync("2.02", $"?di={device.Id}");
        await AssertDeletedAsync("4.04", $"?di={device.Id}");
    }

    [Fact]
    public async Task A_retrieve_answers_what_selects_a_directory()
    {
        await using var device = new TestDevice(Cloud);
        await device.JoinAsync(fixture.User);
        var body = Cbor.DecodeMap((await device.RequestAsync("GET", "/oic/rd")).Payload);
        Assert.Equal(["oic.wk.rd"], (List<object?>)body["rt"]!);
        Assert.Equal(["oic.if.baseline"], (List<object?>)body["if"]!);
        Assert.InRange((long)body["sel"]!, 0, 100);
    }

    [Fact]
    public async Task Links_keep_what_devices_publish_beyond_the_schema()
    {
        await using var device = new TestDevice(Cloud);
        await device.JoinAsync(fixture.User);
        var href = "/" + Guid.NewGuid() + "/" + new string('x', 181);
        Assert.Equal(219, href.Length);
        var published = Cbor.DecodeMap((await PublishLinksAsync(device, new Dictionary<string, object?>
        {
            ["href"] = href,
            ["rt"] = new[] { "oic.wk.d", new string('r', 64) },
            ["if"] = new[] { new string('i', 64) },
            ["rel"] = new[] { "hosts", "item" },
            ["ins"] = 4294967295L,
            ["eps"] = new[] { new Dictionary<string, object?> { ["ep"] = "coaps://192.0.2.1:5684" } },
            ["anchor"] = "ocf://somebody-else",
            ["di"] = Guid.NewGuid().ToString(),
            ["tag-x"] = "kept",
            ["title"] = 5,
        })).Payload);
        var link = Assert.Single(Links(published));
        Assert.Equal(["href", "if", "ins", "p", "rel", "rt", "tag-x", "title"], link.Keys.Order(StringComparer.Ordinal));
        Assert.InRange((long)link["ins"]!, 1, int.MaxValue);

        var found = (Dictionary<string, object?>)Assert.Single(Cbor.DecodeList((await device.RequestAsync("GET", $"/oic/res?di={device.Id}")).Payload))!;
        Assert.Equal($"/{device.Id}{href}", found["href"]);
        Assert.Equal($"ocf://{device.Id}", found["anchor"]);
        Assert.Equal(["hosts", "item"], (List<object?>)found["rel"]!);
        Assert.Equal("kept", found["tag-x"]);
        Assert.Equal(5L, found["title"]);
        Assert.Equal(1L, ((Dictionary<string, object?>)found["p"]!)["bm"]);
        Assert.Equal([$"coaps+tcp://{Cloud.Coaps}"], ((List<object?>)found["eps"]!).Select(e => ((Dictionary<string, object?>)e!)["ep"]));
        Assert.DoesNotContain("di", found.Keys);
        Assert.DoesNotContain("ins", found.Keys);
        // Field: clients take a later array of texts for "if".
        Assert.True(found.Keys.ToList().IndexOf("rel") < found.Keys.ToList().IndexOf("rt"));
        Assert.Equal(["rt", "if", "p", "eps"], found.Keys.TakeLast(4));
    }

    [Fact]
    public async Task An_answer_too_large_for_its_device_names_the_links_and_their_numbers_alone()
    {
        await using var device = new TestDevice(Cloud, [.. Enumerable.Range(0, 20).Select(i => ($"/resource-{i}", "oic.r.a.rather.long.resource.type"))]);
        await device.ConnectAsync(new WireOptions { MaxMessageSize = 1152, BlockWise = false });
        await device.SignUpAsync(await fixture.User.CreateDeviceTokenAsync(device.Id));
        await device.SignInAsync();
        var published = await PublishAsync(device);
        Assert.Equal(20, Links(published).Count);
        Assert.All(Links(published), link => Assert.Equal(["href", "ins"], link.Keys.Order(StringComparer.Ordinal)));
    }

    [Fact]
    public async Task A_publish_of_17_KiB_comes_whole_whatever_we_announce()
    {
        // Field: devices do that without a CSM; what they take then is 8 KiB.
        await using var device = new TestDevice(Cloud, [.. Enumerable.Range(0, 148).Select(i => ($"/resource/{i}", $"x.org.example.a.resource.type.of.this.maker.number.{i:000}"))]);
        await device.ConnectAsync(new WireOptions { SendCsm = false });
        await device.SignUpAsync(await fixture.User.CreateDeviceTokenAsync(device.Id));
        await device.SignInAsync();
        Assert.InRange(device.PublishPayload().Length, 17_000, 18_000);
        Assert.Equal(148, Links(await PublishAsync(device)).Count);
        Assert.Equal(148, (await fixture.User.FindDeviceAsync(device.Id))!.Links);
    }

    private static Dictionary<string, object?> Link(string href, string rt) =>
        new() { ["href"] = href, ["rt"] = new[] { rt }, ["if"] = new[] { "oic.if.a" }, ["p"] = new Dictionary<string, object?> { ["bm"] = 1 } };

    private static async Task<Dictionary<string, object?>> PublishAsync(TestDevice device, long ttl = 0)
    {
        var answer = await device.TryPublishAsync(ttl);
        Assert.Equal("2.04", answer.CodeText);
        return Cbor.DecodeMap(answer.Payload);
    }

    private static async Task<WireMessage> PublishLinksAsync(TestDevice device, params Dictionary<string, object?>[] links)
    {
        var answer = await device.RequestAsync("POST", "/oic/rd", Cbor.Map(("di", device.Id.ToString()), ("links", links), ("ttl", 0)));
        Assert.Equal("2.04", answer.CodeText);
        return answer;
    }

    private static List<Dictionary<string, object?>> Links(Dictionary<string, object?> published) =>
        [.. ((List<object?>)published["links"]!).Cast<Dictionary<string, object?>>()];

    private static Dictionary<string, long> InsOf(Dictionary<string, object?> published) =>
        Links(published).ToDictionary(link => (string)link["href"]!, link => (long)link["ins"]!);
}
