using System.Text;
using OcfCloud.EndToEnd.Devices;
using OcfCloud.EndToEnd.Harness;
using OcfCloud.EndToEnd.Wire;

namespace OcfCloud.EndToEnd.Routing;

/// <summary>device-to-cloud.md, 2 and 8: what of a client's request reaches the device, and what of the device's answer the client.</summary>
public sealed class RoutingTests(QuietCloud fixture) : IClassFixture<QuietCloud>
{
    private const int IfMatch = 1, UriHost = 3, ETag = 4, UriPort = 7, LocationPath = 8, MaxAge = 14, LocationQuery = 20, UnknownCritical = 2055, UnknownElective = 2056;
    private const uint Json = 50, PlainCbor = 60;

    private Cloud Cloud => fixture.Cloud;

    [Theory]
    [InlineData("GET")]
    [InlineData("POST")]
    [InlineData("PUT")]
    [InlineData("DELETE")]
    [InlineData("FETCH")]
    [InlineData("PATCH")]
    [InlineData("iPATCH")]
    public async Task Every_method_goes_on_without_the_device_id_and_its_query_as_is(string method)
    {
        await using var pair = await Pair.JoinAsync(fixture.User);
        pair.Device.Connection.OnRequest = request => WireRequest.Answer(request, "2.04", Cbor.Map(("done", true)));
        var body = method is "GET" or "DELETE" ? null : Cbor.Map(("value", 3));
        var query = "?if=oic.if.baseline&x=%20&y=a=b&z";
        var request = WireRequest.Of(method, pair.PathOf("/a/very/deep/path") + query, body);
        var answer = await pair.Client.Connection.RequestAsync(request);
        Assert.Equal("2.04", answer.CodeText);
        Assert.Equal(request.Token, answer.Token);
        Assert.Equal(Cbor.Map(("done", true)), answer.Payload);

        var got = await pair.Device.NextRequestAsync();
        Assert.Equal(request.Code, got.Code);
        Assert.Equal("/a/very/deep/path", got.Path);
        Assert.Equal(["if=oic.if.baseline", "x=%20", "y=a=b", "z"], got.Queries);
        Assert.Equal(body ?? [], got.Payload);
        Assert.NotEqual(request.Token, got.Token);
        Assert.Equal(8, got.Token.Length);
        Assert.Equal(body is null ? null : WireRequest.OcfCbor, got.Find(WireOption.ContentFormat));
        Assert.Equal(WireRequest.OcfCbor, got.Find(WireOption.Accept));
        Assert.Equal(2048u, got.Find(WireOption.AcceptVersion));
    }

    [Fact]
    public async Task A_device_gets_the_options_that_it_takes_and_no_others()
    {
        await using var pair = await Pair.JoinAsync(fixture.User);
        var request = WireRequest.Of("POST", pair.PathOf("/light"), Cbor.Map(("value", 1)))
            .With(WireOption.OfText(UriHost, "cloud.example"), WireOption.OfNumber(UriPort, 5684), new WireOption(UnknownElective, [1]), new WireOption(ETag, [1, 2]), WireOption.OfNumber(MaxAge, 1));
        Assert.Equal("2.04", (await pair.Client.Connection.RequestAsync(request)).CodeText);
        var got = await pair.Device.NextRequestAsync();
        Assert.Equal(
            [WireOption.UriPath, WireOption.ContentFormat, WireOption.Accept, WireOption.AcceptVersion, WireOption.ContentVersion],
            got.Options.Select(o => o.Number));

        // None of its own either: a device may never have heard of them.
        var bare = WireRequest.Of("GET", pair.PathOf("/light")).Without(WireOption.Accept, WireOption.AcceptVersion);
        Assert.Equal("2.05", (await pair.Client.Connection.RequestAsync(bare)).CodeText);
        Assert.Equal([WireOption.UriPath], (await pair.Device.NextRequestAsync()).Options.Select(o => o.Number));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(4)]
    [InlineData(8)]
    public async Task An_answer_has_the_token_of_its_request_whatever_its_length(int length)
    {
        await using var pair = await Pair.JoinAsync(fixture.User);
        byte[] token = [.. WireConnection.NewToken().Take(length)];
        foreach (var (path, code) in ((string, string)[])[(pair.PathOf("/light"), "2.05"), ($"/oic/res?di={pair.Device.Id}", "2.05"), ("/oic/nothing", "4.04")])
        {
            Assert.Equal(code, (await pair.Client.Connection.RequestAsync(WireRequest.Of("GET", path) with { Token = token })).CodeText);
        }
    }

    [Fact]
    public async Task Other_critical_options_are_4_02_and_the_device_hears_nothing()
    {
        await using var pair = await Pair.JoinAsync(fixture.User);
        foreach (var option in (int[])[UnknownCritical, IfMatch, 5, 21])
        {
            Assert.Equal("4.02", (await pair.Client.Connection.RequestAsync(WireRequest.Of("GET", pair.PathOf("/light")).With(new WireOption(option, [])))).CodeText);
        }

        Assert.Equal("5.05", (await pair.Client.Connection.RequestAsync(WireRequest.Of("GET", pair.PathOf("/light")).With(WireOption.OfText(35, "coap://x/")))).CodeText);
        await pair.AssertNothingReachedTheDeviceAsync();
    }

    [Theory]
    [InlineData("2.05")]
    [InlineData("2.03")]
    [InlineData("4.04")]
    [InlineData("4.09")]
    [InlineData("5.01")]
    public async Task An_answer_keeps_its_code_its_payload_and_the_options_that_are_for_the_client(string code)
    {
        await using var pair = await Pair.JoinAsync(fixture.User);
        byte[] payload = [0xBF, 0x61, 0x78, 0x18, 0x01, 0xFF];
        pair.Device.Connection.OnRequest = request => WireRequest.Answer(request, code, payload)
            .With(new WireOption(ETag, [7, 7]), WireOption.OfNumber(MaxAge, 9), new WireOption(UnknownElective, [1]), WireOption.OfText(LocationQuery, "q"));
        var answer = await pair.Client.RequestAsync("GET", pair.PathOf("/light"));
        Assert.Equal(code, answer.CodeText);
        Assert.Equal(payload, answer.Payload);
        Assert.Equal([ETag, WireOption.ContentFormat, MaxAge, WireOption.ContentVersion], answer.Options.Select(o => o.Number));
    }

    [Fact]
    public async Task A_location_gets_the_device_id_in_front()
    {
        await using var pair = await Pair.JoinAsync(fixture.User);
        pair.Device.Connection.OnRequest = request => WireRequest.Answer(request, "2.01").With(WireOption.OfText(LocationPath, "scenes"), WireOption.OfText(LocationPath, "7"));
        foreach (var request in (WireMessage[])[WireRequest.Of("POST", pair.PathOf("/scenes"), Cbor.Map()), WireRequest.Of("POST", pair.PathOf("/scenes"), "{}"u8.ToArray(), Json)])
        {
            var answer = await pair.Client.Connection.RequestAsync(request);
            Assert.Equal("2.01", answer.CodeText);
            Assert.Equal([pair.Device.Id.ToString(), "scenes", "7"], answer.Options.Where(o => o.Number == LocationPath).Select(o => o.Text));
        }
    }

    [Fact]
    public async Task Devices_own_resources_are_reached_too()
    {
        await using var pair = await Pair.JoinAsync(fixture.User);
        pair.Device.Connection.OnRequest = request => WireRequest.Answer(request, "2.05", Cbor.Map(("path", request.Path)));
        foreach (var path in (string[])["/oic/res", "/oic/d", "/oic/p", "/oic/rd", "/oic", "/x/oic/sec/y", "/oicx/sec", "/oic/secx"])
        {
            Assert.Equal(path, Cbor.DecodeMap((await pair.Client.RequestAsync("GET", pair.PathOf(path))).Payload)["path"]);
        }
    }

    public static TheoryData<string, string[]> SecurityPaths => new()
    {
        { "as it is", ["oic", "sec", "doxm"] },
        { "alone", ["oic", "sec"] },
        { "in capitals", ["OIC", "Sec", "doxm"] },
        { "an empty segment in front", ["", "oic", "sec", "doxm"] },
        { "an empty segment between", ["oic", "", "sec", "doxm"] },
        { "an empty segment behind", ["oic", "sec", ""] },
        { "a dot between", ["oic", ".", "sec", "doxm"] },
        { "a dot in front", [".", "oic", "sec", "doxm"] },
        { "two dots", ["x", "..", "oic", "sec", "doxm"] },
        { "two dots between", ["oic", "x", "..", "sec", "doxm"] },
        { "one segment with slashes", ["oic/sec/doxm"] },
        { "a slash at the end", ["oic/", "sec", "doxm"] },
        { "a slash inside", ["oic", "sec/doxm"] },
        { "a slash in front", ["/oic", "sec", "doxm"] },
        { "a zero at the end", ["oic", "sec\0", "doxm"] },
        { "a zero inside", ["oic", "se\0c", "doxm"] },
        { "a line feed", ["oic\n", "sec"] },
        { "a delete", ["oic\x7f", "sec"] },
    };

    [Theory]
    [MemberData(nameof(SecurityPaths))]
    public async Task The_devices_security_resources_are_out_of_reach(string what, string[] segments)
    {
        await using var pair = await Pair.JoinAsync(fixture.User);
        foreach (var method in (string[])["GET", "POST", "DELETE"])
        {
            var request = new WireMessage(
                WireMessage.MethodOf(method), WireConnection.NewToken(),
                [WireOption.OfText(WireOption.UriPath, pair.Device.Id.ToString()), .. segments.Select(s => WireOption.OfText(WireOption.UriPath, s))], []);
            var answer = await pair.Client.Connection.RequestAsync(request);
            Assert.True(answer.CodeText is "4.03" or "4.00", $"{what}: {answer.CodeText}");
            var observe = await pair.Client.Connection.RequestAsync(request.With(WireOption.OfNumber(WireOption.Observe, 0)) with { Token = WireConnection.NewToken() });
            Assert.True(observe.CodeText is "4.03" or "4.00", $"{what}, observed: {observe.CodeText}");
        }

        await pair.AssertNothingReachedTheDeviceAsync();
    }

    [Fact]
    public async Task A_path_that_is_no_text_is_4_00()
    {
        await using var pair = await Pair.JoinAsync(fixture.User);
        var request = WireRequest.Of("GET", pair.PathOf("/light")).With(new WireOption(WireOption.UriPath, [0xC3, 0x28]));
        Assert.Equal("4.00", (await pair.Client.Connection.RequestAsync(request)).CodeText);
        await pair.AssertNothingReachedTheDeviceAsync();
    }

    [Theory]
    [InlineData(Json)]
    [InlineData(PlainCbor)]
    public async Task Bodies_in_other_formats_reach_the_device_in_its_own_and_answers_the_client_in_its(uint format)
    {
        await using var pair = await Pair.JoinAsync(fixture.User);
        pair.Device.Connection.OnRequest = request => WireRequest.Answer(request, "2.04", Cbor.Map(("n", "é"), ("list", new[] { 1, 2 }), ("on", true), ("none", null)));
        var body = format == Json ? """{"value": 1.5, "name": "é", "list": [1, {"a": null}]}"""u8.ToArray()
            : Cbor.Map(("value", 1.5), ("name", "é"), ("list", new object?[] { 1, new Dictionary<string, object?> { ["a"] = null } }));
        var request = WireRequest.Of("POST", pair.PathOf("/light"), body, format).Without(WireOption.Accept, WireOption.ContentVersion).With(WireOption.OfNumber(WireOption.Accept, format));
        var answer = await pair.Client.Connection.RequestAsync(request);
        Assert.Equal("2.04", answer.CodeText);
        Assert.Equal(format, answer.Find(WireOption.ContentFormat));
        Assert.Null(answer.Find(WireOption.ContentVersion));
        if (format == Json)
        {
            Assert.Equal("""{"n":"é","list":[1,2],"on":true,"none":null}""", Encoding.UTF8.GetString(answer.Payload).Replace("\\u00E9", "é", StringComparison.OrdinalIgnoreCase));
        }
        else
        {
            Assert.Equal("é", Cbor.DecodeMap(answer.Payload)["n"]);
        }

        var got = await pair.Device.NextRequestAsync();
        Assert.Equal(WireRequest.OcfCbor, got.Find(WireOption.ContentFormat));
        Assert.Equal(WireRequest.OcfCbor, got.Find(WireOption.Accept));
        var map = Cbor.DecodeMap(got.Payload);
        Assert.Equal(1.5, map["value"]);
        Assert.Equal("é", map["name"]);
        Assert.Equal(1L, ((List<object?>)map["list"]!)[0]);
    }

    [Theory]
    [InlineData(WireOption.Accept, 0u, "4.06")]
    [InlineData(WireOption.Accept, 40u, "4.06")]
    [InlineData(WireOption.ContentFormat, 0u, "4.15")]
    [InlineData(WireOption.ContentFormat, 40u, "4.15")]
    public async Task Formats_that_devices_drop_the_connection_on_are_refused(int option, uint format, string code)
    {
        await using var pair = await Pair.JoinAsync(fixture.User);
        var request = WireRequest.Of("POST", pair.PathOf("/light"), Cbor.Map()).Without(option).With(WireOption.OfNumber(option, format));
        Assert.Equal(code, (await pair.Client.Connection.RequestAsync(request)).CodeText);
        await pair.AssertNothingReachedTheDeviceAsync();
    }

    [Theory]
    [InlineData(Json, "7B")]
    [InlineData(Json, "7B2261223A312C2261223A327D")]
    [InlineData(PlainCbor, "A161")]
    public async Task A_body_that_cannot_be_converted_is_refused(uint format, string body)
    {
        await using var pair = await Pair.JoinAsync(fixture.User);
        var answer = await pair.Client.Connection.RequestAsync(WireRequest.Of("POST", pair.PathOf("/light"), Convert.FromHexString(body), format));
        Assert.True(answer.CodeText is "4.15" or "4.00", answer.CodeText);
        await pair.AssertNothingReachedTheDeviceAsync();
    }

    [Theory]
    [InlineData("A1616142FFFF")]
    [InlineData("A10101")]
    [InlineData("A16161C11A514B67B0")]
    [InlineData("A16161F97E00")]
    public async Task An_answer_that_JSON_would_lose_something_of_is_4_06(string payload)
    {
        await using var pair = await Pair.JoinAsync(fixture.User);
        pair.Device.Connection.OnRequest = request => WireRequest.Answer(request, "2.05", Convert.FromHexString(payload));
        var request = WireRequest.Of("GET", pair.PathOf("/light")).Without(WireOption.Accept);
        Assert.Equal("4.06", (await pair.Client.Connection.RequestAsync(request.With(WireOption.OfNumber(WireOption.Accept, Json)))).CodeText);
        Assert.Equal("2.05", (await pair.Client.Connection.RequestAsync(request with { Token = WireConnection.NewToken() })).CodeText);
    }

    [Theory]
    [InlineData(PlainCbor, "2.05")]
    [InlineData(Json, "5.02")]
    [InlineData(0u, "5.02")]
    [InlineData(112u, "5.02")]
    public async Task An_answer_of_a_device_in_plain_CBOR_is_converted_and_in_any_other_format_is_5_02(uint format, string code)
    {
        await using var pair = await Pair.JoinAsync(fixture.User);
        pair.Device.Connection.OnRequest = request => new WireMessage(WireMessage.CodeOf("2.05"), request.Token, [WireOption.OfNumber(WireOption.ContentFormat, format)], Cbor.Map(("a", 1)));
        var answer = await pair.Client.RequestAsync("GET", pair.PathOf("/light"));
        Assert.Equal(code, answer.CodeText);
        Assert.Equal(code == "2.05" ? WireRequest.OcfCbor : null, answer.Find(WireOption.ContentFormat));
    }

    [Fact]
    public async Task Another_users_device_looks_like_none_at_all()
    {
        await using var pair = await Pair.JoinAsync(fixture.User);
        await using var stranger = new TestDevice(Cloud);
        await stranger.JoinAsync(await fixture.AnotherUserAsync());
        foreach (var method in (string[])["GET", "POST", "DELETE"])
        {
            var foreign = await stranger.RequestAsync(method, pair.PathOf("/light"));
            var unknown = await stranger.RequestAsync(method, $"/{Guid.NewGuid()}/light");
            Assert.Equal("4.04", foreign.CodeText);
            Assert.Equal(unknown with { Token = foreign.Token }, foreign, Same);
        }

        var observed = await (await stranger.ObserveAsync(pair.PathOf("/light"))).NextAsync();
        Assert.Equal("4.04", observed.CodeText);

        // Offline it looks no different.
        pair.Device.Connection.Reset();
        await Eventually.EqualAsync("offline", () => fixture.User.StatusOfAsync(pair.Device.Id));
        var offline = await stranger.RequestAsync("GET", pair.PathOf("/light"));
        Assert.Equal(observed with { Token = offline.Token }, offline, Same);
    }

    [Fact]
    public async Task An_offline_device_is_5_03_at_once_with_Max_Age()
    {
        await using var pair = await Pair.JoinAsync(fixture.User);
        Assert.Equal("2.04", (await pair.Device.TrySignInAsync(login: false)).CodeText);
        var answer = await pair.Client.RequestAsync("GET", pair.PathOf("/light")).WaitAsync(TimeSpan.FromSeconds(5), TestContext.Current.CancellationToken);
        Assert.Equal("5.03", answer.CodeText);
        Assert.InRange(answer.Find(MaxAge)!.Value, 1u, 60u);
        Assert.Equal("5.03", (await (await pair.Client.ObserveAsync(pair.PathOf("/light"))).NextAsync()).CodeText);
    }

    [Fact]
    public async Task A_device_that_goes_while_requests_are_in_flight_is_5_03_for_each()
    {
        await using var pair = await Pair.JoinAsync(fixture.User);
        pair.Device.Connection.OnRequest = _ => null;
        Task<WireMessage>[] asked =
        [
            pair.Client.RequestAsync("GET", pair.PathOf("/light")),
            pair.Client.RequestAsync("POST", pair.PathOf("/light"), Cbor.Map()),
            pair.Client.Connection.RequestAsync(WireRequest.Of("POST", pair.PathOf("/light"), "{}"u8.ToArray(), Json)),
        ];
        for (var i = 0; i < asked.Length; i++)
        {
            await pair.Device.NextRequestAsync();
        }

        pair.Device.Connection.Reset();
        Assert.All(await Task.WhenAll(asked), answer =>
        {
            Assert.Equal("5.03", answer.CodeText);
            Assert.NotNull(answer.Find(MaxAge));
        });
    }

    [Fact]
    public async Task A_client_that_goes_leaves_nothing_on_the_device_connection()
    {
        await using var pair = await Pair.JoinAsync(fixture.User);
        pair.Device.Connection.OnRequest = _ => null;
        var asked = Assert.ThrowsAsync<WireEndedException>(() => pair.Client.RequestAsync("GET", pair.PathOf("/light")));
        var request = await pair.Device.NextRequestAsync();
        pair.Client.Connection.Reset();
        await asked;
        await Eventually.EqualAsync("offline", () => fixture.User.StatusOfAsync(pair.Client.Id));
        await pair.Client.ReturnAsync();
        await pair.Device.Connection.SendAsync(WireRequest.Answer(request, "2.05", Cbor.Map()));
        await pair.Device.Connection.PingAsync();
        pair.Device.Connection.OnRequest = r => WireRequest.Answer(r, "2.05", Cbor.Map(("value", 9)));
        Assert.Equal(9L, Cbor.DecodeMap((await pair.Client.RequestAsync("GET", pair.PathOf("/light"))).Payload)["value"]);
        Assert.DoesNotContain(pair.Client.Connection.Received, m => m.CodeText == "2.05" && m.Payload.Length == 1);
    }

    private static bool Same(WireMessage one, WireMessage other) => WireCodec.Encode(one).AsSpan().SequenceEqual(WireCodec.Encode(other));
}
