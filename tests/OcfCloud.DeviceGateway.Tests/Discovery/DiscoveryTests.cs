using OcfCloud.Coap;
using OcfCloud.Core.Devices;
using OcfCloud.DeviceGateway.Tests.Resources;
using static OcfCloud.DeviceGateway.Tests.Directory.DirectoryRoom;

namespace OcfCloud.DeviceGateway.Tests.Discovery;

/// <summary>device-to-cloud.md, 7.</summary>
public sealed class DiscoveryTests
{
    private readonly UserId _user = UserId.New();
    private readonly DeviceId _lamp = DeviceId.New(), _sensor = DeviceId.New();

    [Fact]
    public async Task Links_of_all_devices_of_the_user_are_found_the_askers_own_included()
    {
        await using var room = await OpenAsync();
        var (stranger, _) = await room.SignInAsync(UserId.New(), DeviceId.New());
        await PublishAsync(room, stranger, Link("/strange"));
        var lamp = await SignInAsync(room, _lamp, Link("/light"));
        await SignInAsync(room, _sensor, Link("/temperature"));

        Assert.Equal(Sorted($"/{_lamp}/light", $"/{_sensor}/temperature"), Sorted(await HrefsAsync(room, lamp, "")));
        Assert.Equal([$"/{stranger.Session!.Device}/strange"], await HrefsAsync(room, stranger, ""));
    }

    [Fact]
    public async Task A_link_is_reached_through_this_cloud_and_its_members_stand_in_order()
    {
        await using var room = await OpenAsync();
        var asker = await SignInAsync(room, _lamp, Link("/light").With("title", "Lamp").With("rel", new[] { "hosts" }).With("ins", 7)
            .With("di", _sensor.ToString()).With("anchor", "ocf://elsewhere").With("eps", new[] { new Fields { ["ep"] = "coaps://192.0.2.7:1" } })
            .With("p", new Fields { ["x"] = 1, ["bm"] = 3 }).With("more", new[] { new Fields() }));

        var link = Assert.Single(await LinksAsync(room, asker, ""));

        Assert.Equal(["anchor", "href", "rel", "title", "rt", "if", "p", "eps"], link.Keys);
        Assert.Equal($"ocf://{_lamp}", link["anchor"]);
        Assert.Equal($"/{_lamp}/light", link["href"]);
        var policy = (OrderedDictionary<string, object?>)link["p"]!;
        Assert.Equal("bm", policy.GetAt(0).Key);
        Assert.Equal(3L, policy["bm"]);
        var ep = (OrderedDictionary<string, object?>)Assert.Single((List<object?>)link["eps"]!)!;
        Assert.Equal("coaps+tcp://192.0.2.1:5684", Assert.Single(ep).Value);
    }

    [Fact]
    public async Task The_public_name_is_the_endpoint_where_there_is_one()
    {
        await using var room = await OpenAsync("coaps+tcp://cloud.example:5684");
        var asker = await SignInAsync(room, _lamp, Link("/light"));
        var ep = (OrderedDictionary<string, object?>)((List<object?>)Assert.Single(await LinksAsync(room, asker, ""))["eps"]!)[0]!;
        Assert.Equal("coaps+tcp://cloud.example:5684", ep["ep"]);
    }

    [Theory]
    [InlineData("", "/a /b /c")]
    [InlineData("rt=x.a", "/a")]
    [InlineData("rt=x.a&rt=x.b", "/a /b")]
    [InlineData("rt=x.both", "/b /c")]
    [InlineData("rt=x.none", "")]
    [InlineData("rt=X.A", "")]
    [InlineData("rt=x", "")]
    [InlineData("rt=", "")]
    [InlineData("if=oic.if.s", "/c")]
    [InlineData("if=oic.if.s&rt=x.a", "")]
    [InlineData("if=oic.if.s&rt=x.both", "/c")]
    [InlineData("if=oic.if.a&if=oic.if.s", "/a /b /c")]
    [InlineData("if=oic.if.ll", "/a /b /c")]
    [InlineData("if=oic.if.ll&if=oic.if.s", "/c")]
    [InlineData("di={lamp}", "/a /b")]
    [InlineData("di={LAMP}", "/a /b")]
    [InlineData("di={lamp}&di={sensor}&rt=x.both", "/b /c")]
    [InlineData("di={sensor}&rt=x.a", "")]
    [InlineData("di=00000000-0000-0000-0000-000000000001", "")]
    [InlineData("sduuid=whatever", "/a /b /c")]
    [InlineData("unknown=1&x&rt=x.a", "/a")]
    public async Task Values_of_a_key_are_alternatives_and_keys_narrow_each_other(string query, string expected)
    {
        await using var room = await OpenAsync();
        var asker = await SignInAsync(room, _lamp, Link("/a", "x.a"), Link("/b", "x.b", "x.both"));
        await SignInAsync(room, _sensor, Link("/c", "x.c", "x.both").With("if", new[] { "oic.if.s" }));
        query = query.Replace("{lamp}", _lamp.ToString(), StringComparison.Ordinal).Replace("{LAMP}", _lamp.ToString().ToUpperInvariant(), StringComparison.Ordinal)
            .Replace("{sensor}", _sensor.ToString(), StringComparison.Ordinal);

        var found = await HrefsAsync(room, asker, query);

        Assert.Equal(expected.Split(' ', StringSplitOptions.RemoveEmptyEntries), Sorted([.. found.Select(href => href[37..])]));
    }

    [Fact]
    public async Task The_baseline_form_holds_the_same_links()
    {
        await using var room = await OpenAsync();
        var asker = await SignInAsync(room, _lamp, Link("/a", "x.a"), Link("/b", "x.b"));

        var answer = await room.GetAsync(asker, "/oic/res?if=oic.if.baseline&rt=x.b");

        var representation = (OrderedDictionary<string, object?>)Assert.Single(Cbor.DecodeList(answer.Message.Payload))!;
        Assert.Equal(["rt", "if", "links"], representation.Keys);
        Assert.Equal(["oic.wk.res"], (List<object?>)representation["rt"]!);
        Assert.Equal(["oic.if.ll", "oic.if.baseline"], (List<object?>)representation["if"]!);
        Assert.Equal($"/{_lamp}/b", ((OrderedDictionary<string, object?>)Assert.Single((List<object?>)representation["links"]!)!)["href"]);
    }

    [Fact]
    public async Task Nothing_found_is_an_empty_array()
    {
        await using var room = await OpenAsync();
        var answer = await room.GetAsync(await SignInAsync(room, _lamp), "/oic/res");
        Assert.Equal(CoapCode.Content, answer.Message.Code);
        Assert.Equal(new byte[] { 0x80 }, answer.Message.Payload.ToArray());
        Assert.Equal(CoapContentFormat.OcfCbor, answer.Message.ContentFormat);
    }

    [Theory]
    [InlineData("if=oic.if.b")]
    [InlineData("if=oic.if.ll&if=oic.if.b")]
    [InlineData("di=lamp")]
    [InlineData("di=")]
    [InlineData("di={00000000-0000-0000-0000-000000000001}")]
    public async Task A_query_that_makes_no_sense_is_4_00(string query)
    {
        await using var room = await OpenAsync();
        var answer = await room.GetAsync(await SignInAsync(room, _lamp, Link("/a")), "/oic/res?" + query);
        Assert.Equal(CoapCode.BadRequest, answer.Message.Code);
        Assert.Null(answer.Message.ContentFormat);
    }

    [Fact]
    public async Task More_filters_than_anybody_needs_are_4_00()
    {
        await using var room = await OpenAsync();
        var query = string.Join('&', Enumerable.Range(0, 129).Select(_ => $"di={DeviceId.New()}"));
        Assert.Equal(CoapCode.BadRequest, (await room.GetAsync(await SignInAsync(room, _lamp, Link("/a")), "/oic/res?" + query)).Message.Code);
    }

    [Fact]
    public async Task JSON_is_given_where_it_loses_nothing()
    {
        await using var room = await OpenAsync();
        var asker = await SignInAsync(room, _lamp, Link("/a"));
        Assert.Equal(CoapContentFormat.Json, (await AskJsonAsync(room, asker)).ContentFormat);

        await PublishAsync(room, asker, Link("/b").With("x", new byte[] { 1 }));
        Assert.Equal(CoapCode.NotAcceptable, (await AskJsonAsync(room, asker)).Code);
    }

    [Fact]
    public async Task An_asker_that_takes_no_such_answer_is_told_to_filter()
    {
        await using var room = await OpenAsync();
        Assert.Contains("filter", (await room.GetAsync(await SignInAsync(room, _lamp, Link("/a")), "/oic/res")).WhenTooLarge, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_a_session_nothing_is_found()
    {
        await using var room = await OpenAsync();
        Assert.Equal(CoapCode.Unauthorized, (await room.GetAsync(new TestCaller(), "/oic/res")).Message.Code);
    }

    private static Task<GatewayRoom> OpenAsync(string? publicCoaps = null) => GatewayRoom.OpenAsync(options => options.PublicCoaps = publicCoaps);

    private static async Task<CoapMessage> AskJsonAsync(GatewayRoom room, TestCaller asker) =>
        (await room.AskAsync(asker, CoapMessage.Request(CoapCode.Get, "/oic/res").WithOption(CoapOptionNumber.Accept, 50))).Message;

    private static string[] Sorted(params string[] texts) => [.. texts.Order(StringComparer.Ordinal)];

    private async Task<TestCaller> SignInAsync(GatewayRoom room, DeviceId device, params Fields[] links)
    {
        var (caller, _) = await room.SignInAsync(_user, device);
        if (links.Length > 0) await PublishAsync(room, caller, links);
        return caller;
    }

    private static async Task PublishAsync(GatewayRoom room, TestCaller caller, params Fields[] links)
    {
        var body = new Fields { ["di"] = caller.Session!.Device.ToString(), ["links"] = links, ["ttl"] = 0 };
        Assert.Equal(CoapCode.Changed, (await room.PostAsync(caller, PublishPath, body)).Message.Code);
    }

    private static async Task<List<OrderedDictionary<string, object?>>> LinksAsync(GatewayRoom room, TestCaller asker, string query)
    {
        var answer = await room.GetAsync(asker, "/oic/res?" + query);
        Assert.Equal(CoapCode.Content, answer.Message.Code);
        return [.. Cbor.DecodeList(answer.Message.Payload).Cast<OrderedDictionary<string, object?>>()];
    }

    private static async Task<string[]> HrefsAsync(GatewayRoom room, TestCaller asker, string query) =>
        [.. (await LinksAsync(room, asker, query)).Select(link => (string)link["href"]!)];
}
