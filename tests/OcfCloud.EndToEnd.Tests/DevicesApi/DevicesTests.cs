using System.Net;
using OcfCloud.EndToEnd.Devices;
using OcfCloud.EndToEnd.Harness;
using OcfCloud.EndToEnd.Wire;

namespace OcfCloud.EndToEnd.DevicesApi;

/// <summary>cloud-to-cloud.md, 1.3: the real host, real devices, and a caller who knows the official document alone.</summary>
public abstract class DevicesTests(ApiCloud fixture)
{
    private Cloud Cloud => fixture.Cloud;

    [Fact]
    public async Task Devices_are_listed_with_their_links_or_with_all_that_is_known_of_them()
    {
        var user = await fixture.AnotherUserAsync("lister");
        await using var lamp = new TestDevice(Cloud, ("/light", "oic.r.switch.binary"), ("/oic/d", "oic.wk.d"));
        await using var client = new TestDevice(Cloud);
        lamp.Resources[1].Change(new Dictionary<string, object?> { ["n"] = "Hall", ["rt"] = new[] { "oic.wk.d", "oic.d.light" }, ["value"] = null });
        await lamp.JoinAsync(user);
        await client.JoinAsync(user);
        await Eventually.EqualAsync("Hall", async () => (await user.DevicesAsync())[lamp.Id].GetProperty("device").GetProperty("n").GetString());
        await Eventually.EqualAsync(2, async () => (await user.DevicesAsync("?content=all"))[lamp.Id].GetProperty("links").GetArrayLength());
        await Eventually.EqualAsync("online", async () => (await user.DevicesAsync())[lamp.Id].GetProperty("status").GetString());

        var listed = await user.DevicesAsync();
        var device = listed[lamp.Id];
        Assert.Equal(2, listed.Count);
        Assert.Equal($$"""{"rt":["oic.wk.d","oic.d.light"],"di":"{{lamp.Id}}","dmn":[{"language":"en","value":"unknown"}],"n":"Hall"}""", device.GetProperty("device").GetRawText());
        Assert.Equal([$"/{lamp.Id}/light", $"/{lamp.Id}/oic/d"], device.GetProperty("links").EnumerateArray().Select(l => l.GetProperty("href").GetString()));
        Assert.Equal("oic.r.switch.binary", device.GetProperty("links")[0].GetProperty("rt")[0].GetString());
        Assert.Equal(0, listed[client.Id].GetProperty("links").GetArrayLength());
        using var one = await user.GetAsync($"/{lamp.Id}");
        Assert.Equal(device.GetRawText(), (await one.JsonAsync()).GetRawText());
        Assert.Equal([lamp.Id], (await user.DevicesAsync("?rt=oic.d.light")).Keys);

        // What is known last stays known while the device is away.
        Assert.Equal(HttpStatusCode.OK, (await user.PostAsync($"/{lamp.Id}/light", """{"value":true}""")).StatusCode);
        await Eventually.EqualAsync(
            $$$"""[{"href":"/{{{lamp.Id}}}/light","rep":{"value":true}},{"href":"/{{{lamp.Id}}}/oic/d","rep":{"value":null,"n":"Hall","rt":["oic.wk.d","oic.d.light"]}}]""",
            async () => (await user.DevicesAsync("?content=all"))[lamp.Id].GetProperty("links").GetRawText());
        lamp.Connection.Reset();
        await Eventually.EqualAsync("offline", async () => (await user.DevicesAsync())[lamp.Id].GetProperty("status").GetString());
        using var all = await user.GetAsync($"/{lamp.Id}?content=all", PeerCloud.OcfCbor);
        var offline = Cbor.DecodeMap(await all.CborAsync());
        Assert.Equal("offline", offline["status"]);
        Assert.Equal(true, ((Dictionary<string, object?>)((Dictionary<string, object?>)((List<object?>)offline["links"]!)[0]!)["rep"]!)["value"]);
    }

    [Fact]
    public async Task A_resource_is_read_and_updated_over_the_devices_connection_in_both_formats()
    {
        await using var lamp = new TestDevice(Cloud, ("/light", "oic.r.light"));
        await lamp.JoinAsync(fixture.User);
        var light = $"/{lamp.Id}/light";

        using var json = await fixture.User.GetAsync(light + "?if=oic.if.baseline&x=%26");
        Assert.Equal("""{"value":false}""", (await json.JsonAsync()).GetRawText());
        using var posted = await fixture.User.PostAsync(light, """{"value":7,"text":"ü"}""");
        Assert.Equal("""{"value":7,"text":"ü"}""", (await posted.JsonAsync()).GetRawText());
        using var cborPost = await fixture.User.AskAsync(HttpMethod.Post, light + "?if=oic.if.rw", Cbor.Map(("value", 8)), PeerCloud.OcfCbor, PeerCloud.OcfCbor);
        Assert.Equal(8L, Cbor.DecodeMap(await cborPost.CborAsync())["value"]);
        using var cbor = await fixture.User.GetAsync(light, "application/json;q=0.5, application/vnd.ocf+cbor");
        Assert.Equal(8L, Cbor.DecodeMap(await cbor.CborAsync())["value"]);

        var asked = lamp.Connection.Received.Where(m => m.IsRequest && m.Find(WireOption.Observe) is null && m.Path == "/light").ToList();
        Assert.Equal([1, 2, 2, 1], asked.Select(m => m.Code));
        Assert.Equal(["if=oic.if.baseline", "x=&"], asked[0].Queries);
        Assert.Equal(["if=oic.if.rw"], asked[2].Queries);
        Assert.All(asked, m => Assert.Equal(WireRequest.OcfCbor, m.Find(WireOption.Accept)));
        Assert.All(asked.Where(m => m.Code == 2), m => Assert.Equal(WireRequest.OcfCbor, m.Find(WireOption.ContentFormat)));
        await fixture.User.GetAsync($"/{lamp.Id}/nothing").RefusedAsync(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task A_collections_hrefs_are_below_the_device_outside_and_its_own_inside()
    {
        await using var lamp = new TestDevice(Cloud, ("/lights", "oic.wk.col"));
        await lamp.JoinAsync(fixture.User);
        byte[]? told = null;
        lamp.Connection.OnRequest = request =>
        {
            if (request.Code == 2) told = request.Payload;
            return request.Code == 2
                ? WireRequest.Answer(request, "2.04", request.Payload)
                : WireRequest.Answer(request, "2.05", Cbor.Encode(new object?[] { new Dictionary<string, object?> { ["href"] = "/light/1", ["rep"] = new Dictionary<string, object?> { ["value"] = true } } }));
        };
        var batch = $$$"""[{"href":"/{{{lamp.Id}}}/light/1","rep":{"value":true}}]""";

        using var read = await fixture.User.GetAsync($"/{lamp.Id}/lights?if=oic.if.b");
        Assert.Equal(batch, (await read.JsonAsync()).GetRawText());
        using var updated = await fixture.User.PostAsync($"/{lamp.Id}/lights?if=oic.if.b", batch);
        Assert.Equal(batch, (await updated.JsonAsync()).GetRawText());
        Assert.Equal("/light/1", ((Dictionary<string, object?>)Cbor.DecodeList(told!)[0]!)["href"]);
    }

    [Fact]
    public async Task A_device_that_is_away_or_does_not_answer_is_a_timeout_that_comes_in_time()
    {
        await using var lamp = new TestDevice(Cloud, ("/light", "oic.r.light"));
        await lamp.JoinAsync(fixture.User);
        lamp.Connection.OnRequest = _ => null;

        await fixture.User.GetAsync($"/{lamp.Id}/light").WaitAsync(TimeSpan.FromSeconds(15), TestContext.Current.CancellationToken).RefusedAsync(HttpStatusCode.GatewayTimeout);
        lamp.Connection.Reset();
        await Eventually.EqualAsync("offline", async () => (await fixture.User.DevicesAsync())[lamp.Id].GetProperty("status").GetString());
        await fixture.User.GetAsync($"/{lamp.Id}/light").RefusedAsync(HttpStatusCode.GatewayTimeout);
        await fixture.User.PostAsync($"/{lamp.Id}/light", "{}").RefusedAsync(HttpStatusCode.GatewayTimeout);
    }

    [Fact]
    public async Task What_is_cached_is_answered_without_the_device()
    {
        await using var lamp = new TestDevice(Cloud, ("/light", "oic.r.light"));
        await lamp.JoinAsync(fixture.User);
        lamp.Resources[0].Change(new Dictionary<string, object?> { ["value"] = 3 });
        await Eventually.EqualAsync("""{"value":3}""", async () => await (await CachedAsync(lamp)).Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        lamp.Connection.Reset();
        await Eventually.EqualAsync("offline", async () => (await fixture.User.DevicesAsync())[lamp.Id].GetProperty("status").GetString());

        using var cached = await CachedAsync(lamp);
        Assert.Equal("""{"value":3}""", (await cached.JsonAsync()).GetRawText());
        Assert.InRange(cached.Headers.Age!.Value, TimeSpan.Zero, TimeSpan.FromMinutes(1));
        Assert.NotNull(cached.Content.Headers.LastModified);
        await fixture.User.AskAsync(HttpMethod.Get, $"/{lamp.Id}/other", onlyIfCached: true).RefusedAsync(HttpStatusCode.GatewayTimeout);
    }

    [Fact]
    public async Task Nobody_gets_at_anothers_devices_or_beyond_the_tokens_scope()
    {
        await using var lamp = new TestDevice(Cloud, ("/light", "oic.r.light"));
        await lamp.JoinAsync(fixture.User);
        var other = await fixture.AnotherUserAsync("other");

        foreach (var device in new[] { lamp.Id, Guid.NewGuid() })
        {
            await other.GetAsync($"/{device}").RefusedAsync(HttpStatusCode.NotFound);
            await other.GetAsync($"/{device}/light").RefusedAsync(HttpStatusCode.NotFound);
            await other.PostAsync($"/{device}/light", "{}").RefusedAsync(HttpStatusCode.NotFound);
        }

        var reader = other with { Bearer = (await Cloud.ArrangeAsync("token", "create", "--user", fixture.User.Name, "--scope", "r:*")).Succeeded().LastLine };
        Assert.Equal(HttpStatusCode.OK, (await reader.GetAsync($"/{lamp.Id}/light")).StatusCode);
        await reader.PostAsync($"/{lamp.Id}/light", "{}").RefusedAsync(HttpStatusCode.Forbidden);
        await (other with { Bearer = "nonsense" }).GetAsync("").RefusedAsync(HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task What_is_not_understood_is_refused_before_the_device_hears_of_it()
    {
        await using var lamp = new TestDevice(Cloud, ("/light", "oic.r.light"));
        await lamp.JoinAsync(fixture.User);
        var light = $"/{lamp.Id}/light";
        var large = new byte[65_537];

        await fixture.User.GetAsync(light, "text/html").RefusedAsync(HttpStatusCode.NotAcceptable);
        await fixture.User.AskAsync(HttpMethod.Post, light, "{}"u8.ToArray(), "text/plain").RefusedAsync(HttpStatusCode.UnsupportedMediaType);
        await fixture.User.AskAsync(HttpMethod.Post, light, "{}"u8.ToArray()).RefusedAsync(HttpStatusCode.UnsupportedMediaType);
        await fixture.User.PostAsync(light, "{").RefusedAsync(HttpStatusCode.BadRequest);
        await fixture.User.AskAsync(HttpMethod.Post, light, large, PeerCloud.OcfCbor).RefusedAsync(HttpStatusCode.RequestEntityTooLarge);
        await fixture.User.GetAsync("/no-uuid/light").RefusedAsync(HttpStatusCode.BadRequest);
        await fixture.User.GetAsync("?content=much").RefusedAsync(HttpStatusCode.BadRequest);
        await fixture.User.GetAsync($"/{lamp.Id}/oic/sec/cred").RefusedAsync(HttpStatusCode.Forbidden);
        await fixture.User.PostAsync(light + "/subscriptions", "{}").RefusedAsync(HttpStatusCode.BadRequest);
        await lamp.Connection.PingAsync();
        Assert.DoesNotContain(lamp.Connection.Received, m => m.Code == 2 || m.Path.StartsWith("/oic/sec", StringComparison.Ordinal));
    }

    private Task<HttpResponseMessage> CachedAsync(TestDevice device) => fixture.User.AskAsync(HttpMethod.Get, $"/{device.Id}/light", onlyIfCached: true);
}
