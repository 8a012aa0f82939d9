using System.Net;
using System.Text;
using OcfCloud.Core.AccessRules;
using OcfCloud.Core.Devices;
using OcfCloud.Core.Directory;
using OcfCloud.Core.Payloads;

namespace OcfCloud.CloudApi.Tests.Devices;

/// <summary>cloud-to-cloud.md, 1.3: the lists.</summary>
public sealed class DeviceListTests(SharedHost shared) : IClassFixture<SharedHost>
{
    private const string Cbor = "application/vnd.ocf+cbor";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_user_without_devices_has_an_empty_list()
    {
        var (_, client) = await UserAsync("nobody");

        using var json = await client.GetAsync("/api/v1/devices", Cancellation);
        using var cbor = await GetAsync(client, "/api/v1/devices?content=all", Cbor);

        Assert.Equal("[]", await json.Content.ReadAsStringAsync(Cancellation));
        Assert.Equal("application/json", json.Content.Headers.ContentType!.ToString());
        Assert.True(json.Headers.CacheControl!.NoStore);
        Assert.Equal([0x9f, 0xff], await cbor.Content.ReadAsByteArrayAsync(Cancellation));
        Assert.Equal(Cbor, cbor.Content.Headers.ContentType!.ToString());
    }

    [Fact]
    public async Task A_device_is_listed_with_its_properties_and_links_and_one_without_links_with_defaults()
    {
        var (user, client) = await UserAsync("lister");
        var (device, token, _) = await shared.Host.AddDeviceTokensAsync(user);
        var bare = await shared.Host.AddDeviceAsync(user);
        await shared.Host.AddDeviceAsync(await shared.Host.AddUserAsync("lister-other"));
        await PublishAsync(user, device, "/light", "oic.r.switch.binary");
        await shared.Host.KnowAsync(
            device, user, token,
            ("/oic/d", ToCbor("""{"n":"Lamp","rt":["oic.wk.d","oic.d.light"],"dmn":[{"language":"de","value":"Werk"}]}""")), ("/light", ToCbor("""{"value":true}""")));

        using var answer = await client.GetAsync("/api/v1/devices", Cancellation);
        var listed = (await answer.JsonAsync(HttpStatusCode.OK)).EnumerateArray().ToDictionary(d => d.GetProperty("device").Text("di"));

        Assert.Equal(2, listed.Count);
        Assert.Equal(["device", "status", "links"], listed[device.ToString()].Members());
        Assert.Equal(
            $$"""{"rt":["oic.wk.d","oic.d.light"],"di":"{{device}}","dmn":[{"language":"de","value":"Werk"}],"n":"Lamp"}""",
            listed[device.ToString()].GetProperty("device").GetRawText());
        Assert.Equal(
            $$$"""[{"href":"/{{{device}}}/light","rt":["oic.r.switch.binary"],"if":["oic.if.a"],"p":{"bm":3}}]""",
            listed[device.ToString()].GetProperty("links").GetRawText());
        Assert.Equal("offline", listed[bare.ToString()].Text("status"));
        Assert.Equal("[]", listed[bare.ToString()].GetProperty("links").GetRawText());
        Assert.Equal(
            $$"""{"rt":["oic.wk.d"],"di":"{{bare}}","dmn":[{"language":"en","value":"unknown"}],"n":"{{bare}}"}""",
            listed[bare.ToString()].GetProperty("device").GetRawText());
        Assert.True(string.CompareOrdinal(listed.Keys.First(), listed.Keys.Last()) < 0);

        using var one = await client.GetAsync($"/api/v1/devices/{device.ToString().ToUpperInvariant()}?content=base", Cancellation);
        Assert.Equal(listed[device.ToString()].GetRawText(), (await one.JsonAsync(HttpStatusCode.OK)).GetRawText());
    }

    [Fact]
    public async Task All_content_is_what_the_twin_knows_with_hrefs_below_the_device()
    {
        var (user, client) = await UserAsync("everything");
        var (device, token, _) = await shared.Host.AddDeviceTokensAsync(user);
        await PublishAsync(user, device, "/light", "oic.r.switch.binary");
        await PublishAsync(user, device, "/all", "oic.wk.col");
        await PublishAsync(user, device, "/unseen", "x.y");
        await shared.Host.KnowAsync(
            device, user, token,
            ("/oic/p", ToCbor("""{"mnmn":"Factory"}""")), ("/light", [0xa1, 0x61, 0x6b, 0x42, 0xfb, 0xff]), ("/all", ToCbor("""{"links":[{"href":"/light","rt":["x"]}]}""")));
        var expected = $$$"""
            {"device":{"rt":["oic.wk.d"],"di":"{{{device}}}","dmn":[{"language":"en","value":"Factory"}],"n":"{{{device}}}"},"status":"offline","links":[{"href":"/{{{device}}}/all","rep":{"links":[{"href":"/{{{device}}}/light","rt":["x"]}]}},{"href":"/{{{device}}}/light","rep":{"k":"-_8"}},{"href":"/{{{device}}}/oic/p","rep":{"mnmn":"Factory"}}]}
            """;

        using var list = await client.GetAsync("/api/v1/devices?content=all", Cancellation);
        using var one = await client.GetAsync($"/api/v1/devices/{device}?content=all", Cancellation);
        using var cbor = await GetAsync(client, $"/api/v1/devices/{device}?content=all", Cbor);

        Assert.Equal($"[{expected}]", await list.Content.ReadAsStringAsync(Cancellation));
        Assert.Equal(expected, await one.Content.ReadAsStringAsync(Cancellation));
        Assert.True(PayloadConversion.TryToJsonWithLoss(await cbor.Content.ReadAsByteArrayAsync(Cancellation), out var same));
        Assert.Equal(expected, Encoding.UTF8.GetString(same));
    }

    [Fact]
    public async Task What_access_rules_keep_from_the_client_is_not_in_it()
    {
        var (user, client) = await UserAsync("careful");
        var (device, token, _) = await shared.Host.AddDeviceTokensAsync(user);
        await PublishAsync(user, device, "/light", "x");
        await PublishAsync(user, device, "/door", "x");
        await shared.Host.KnowAsync(device, user, token, ("/light", [0xa0]), ("/door", [0xa0]));
        Assert.True(AccessRule.TryCreate("test-client", "*", "/light", AccessOperations.All, out var rule));
        await shared.Host.SetRulesAsync(user, rule);

        using var answer = await client.GetAsync($"/api/v1/devices/{device}?content=all", Cancellation);
        using var cached = await CachedAsync(client, $"/api/v1/devices/{device}/door");

        Assert.Equal([$"/{device}/light"], (await answer.JsonAsync(HttpStatusCode.OK)).GetProperty("links").EnumerateArray().Select(l => l.Text("href")));
        Assert.Equal("an access rule forbids it", await cached.RefusedAsync(HttpStatusCode.Forbidden));
    }

    [Fact]
    public async Task The_list_is_filtered_by_device_type()
    {
        var (user, client) = await UserAsync("filter");
        var ids = new List<DeviceId>();
        foreach (var type in new[] { "oic.d.light", "oic.d.sensor", "oic.d.fan" })
        {
            var (device, token, _) = await shared.Host.AddDeviceTokensAsync(user);
            await shared.Host.KnowAsync(device, user, token, ("/oic/d", ToCbor($$"""{"rt":["oic.wk.d","{{type}}"]}""")));
            ids.Add(device);
        }

        Assert.Equal([ids[0]], await ListAsync(client, "?rt=oic.d.light"));
        Assert.Equal(new[] { ids[1], ids[2] }.Order(), await ListAsync(client, "?rt=oic.d.sensor&rt=oic.d.fan&content=all"));
        Assert.Equal(ids.Order(), await ListAsync(client, "?rt=oic.wk.d"));
        Assert.Empty(await ListAsync(client, "?rt=oic.d.LIGHT"));
        Assert.Empty(await ListAsync(client, "?rt="));
    }

    [Theory]
    [InlineData("?content=some")]
    [InlineData("?content=")]
    [InlineData("?content=ALL")]
    [InlineData("?content=base&content=all")]
    public async Task Content_of_another_value_is_refused(string query)
    {
        var (_, client) = await UserAsync("content" + Guid.NewGuid().ToString("N"));

        Assert.Equal("content has to be base or all.", await (await client.GetAsync("/api/v1/devices" + query, Cancellation)).RefusedAsync(HttpStatusCode.BadRequest));
        Assert.Equal("content has to be base or all.", await (await client.GetAsync($"/api/v1/devices/{Guid.NewGuid()}{query}", Cancellation)).RefusedAsync(HttpStatusCode.BadRequest));
    }

    [Fact]
    public async Task Somebody_elses_device_and_none_at_all_get_the_same_bytes()
    {
        var (_, client) = await UserAsync("curious");
        var others = await shared.Host.AddDeviceAsync(await shared.Host.AddUserAsync("curious-other"));

        using var theirs = await client.GetAsync($"/api/v1/devices/{others}", Cancellation);
        using var nobodys = await client.GetAsync($"/api/v1/devices/{Guid.NewGuid()}", Cancellation);
        using var cached = await CachedAsync(client, $"/api/v1/devices/{others}/light");

        Assert.Equal("The user has no such device.", await theirs.RefusedAsync(HttpStatusCode.NotFound));
        await nobodys.RefusedAsync(HttpStatusCode.NotFound);
        Assert.Equal(await theirs.Content.ReadAsByteArrayAsync(Cancellation), await nobodys.Content.ReadAsByteArrayAsync(Cancellation));
        Assert.Equal(await theirs.Content.ReadAsByteArrayAsync(Cancellation), await cached.Content.ReadAsByteArrayAsync(Cancellation));
    }

    [Theory]
    [InlineData("not-a-uuid")]
    [InlineData("subscriptions")]
    [InlineData("53080a4f5e3e4291802f3436238232d2")]
    public async Task A_device_id_that_is_no_UUID_is_refused(string id)
    {
        var (_, client) = await UserAsync("ids" + Guid.NewGuid().ToString("N"));

        Assert.Equal("The device id is no UUID.", await (await client.GetAsync($"/api/v1/devices/{id}", Cancellation)).RefusedAsync(HttpStatusCode.BadRequest));
        Assert.Equal("The device id is no UUID.", await (await client.GetAsync($"/api/v1/devices/{id}/light/1/2", Cancellation)).RefusedAsync(HttpStatusCode.BadRequest));
    }

    [Fact]
    public async Task Nothing_acceptable_is_said()
    {
        var (_, client) = await UserAsync("picky");

        foreach (var path in new[] { "/api/v1/devices", $"/api/v1/devices/{Guid.NewGuid()}", $"/api/v1/devices/{Guid.NewGuid()}/light" })
        {
            using var answer = await GetAsync(client, path, "text/html");
            await answer.RefusedAsync(HttpStatusCode.NotAcceptable);
        }
    }

    [Fact]
    public async Task A_caller_without_a_token_or_without_the_scope_is_told_so()
    {
        var user = await shared.Host.AddUserAsync("scopes");
        using var mediator = shared.Host.As(await shared.Host.TokenAsync(user, "mediator"));
        using var reader = shared.Host.As(await shared.Host.TokenAsync(user, "r:*"));
        using var writer = shared.Host.As(await shared.Host.TokenAsync(user, "w:*"));
        var resource = $"/api/v1/devices/{Guid.NewGuid()}/light";

        foreach (var path in new[] { "/api/v1/devices", $"/api/v1/devices/{Guid.NewGuid()}", resource })
        {
            using var anonymous = await shared.Host.Http.GetAsync(path, Cancellation);
            await anonymous.RefusedAsync(HttpStatusCode.Unauthorized);
            Assert.Equal("Bearer realm=\"ocfcloud\"", anonymous.Headers.WwwAuthenticate.ToString());
            foreach (var client in new[] { mediator, writer })
            {
                using var refused = await client.GetAsync(path, Cancellation);
                await refused.RefusedAsync(HttpStatusCode.Forbidden);
                Assert.Equal("Bearer realm=\"ocfcloud\", error=\"insufficient_scope\", scope=\"r:*\"", refused.Headers.WwwAuthenticate.ToString());
            }
        }

        foreach (var client in new[] { mediator, reader, writer })
        {
            using var refused = await client.PostAsync(resource, "{}");
            await refused.RefusedAsync(HttpStatusCode.Forbidden);
            Assert.Equal("Bearer realm=\"ocfcloud\", error=\"insufficient_scope\", scope=\"r:* w:*\"", refused.Headers.WwwAuthenticate.ToString());
        }

        Assert.Equal(HttpStatusCode.OK, (await reader.GetAsync("/api/v1/devices", Cancellation)).StatusCode);
    }

    [Fact]
    public async Task Other_methods_are_refused()
    {
        var (_, client) = await UserAsync("methods");

        foreach (var (method, path) in new[]
        {
            (HttpMethod.Post, "/api/v1/devices"), (HttpMethod.Delete, $"/api/v1/devices/{Guid.NewGuid()}"),
            (HttpMethod.Put, $"/api/v1/devices/{Guid.NewGuid()}/light"), (HttpMethod.Delete, $"/api/v1/devices/{Guid.NewGuid()}/light"),
        })
        {
            using var answer = await client.SendAsync(method, path);
            await answer.RefusedAsync(HttpStatusCode.MethodNotAllowed);
        }
    }

    private async Task<(UserId User, HttpClient Client)> UserAsync(string name)
    {
        var user = await shared.Host.AddUserAsync(name);
        return (user, shared.Host.As(await shared.Host.TokenAsync(user, "r:* w:*")));
    }

    private async Task PublishAsync(UserId user, DeviceId device, string path, string type)
    {
        Assert.True(ResourceHref.TryParse(path, out var href));
        Assert.True(ResourceLink.TryCreate(href, [type], ["oic.if.a"], 3, [], out var link));
        Assert.True((await shared.Host.Directory.PublishAsync(device, user, [link], ttl: null, Cancellation)).Succeeded);
    }

    private static async Task<IEnumerable<DeviceId>> ListAsync(HttpClient client, string query)
    {
        using var answer = await client.GetAsync("/api/v1/devices" + query, Cancellation);
        var list = await answer.JsonAsync(HttpStatusCode.OK);
        return [.. list.EnumerateArray().Select(d => new DeviceId(d.GetProperty("device").GetProperty("di").GetGuid()))];
    }

    private static async Task<HttpResponseMessage> GetAsync(HttpClient client, string path, string accept)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.TryAddWithoutValidation("Accept", accept);
        return await client.SendAsync(request, Cancellation);
    }

    private static async Task<HttpResponseMessage> CachedAsync(HttpClient client, string path)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.CacheControl = new() { OnlyIfCached = true };
        return await client.SendAsync(request, Cancellation);
    }

    private static byte[] ToCbor(string json) => PayloadConversion.TryToCbor(Encoding.UTF8.GetBytes(json), out var cbor) ? cbor : throw new ArgumentException(json);
}
