using System.Text;
using System.Text.Json;
using OcfCloud.EndToEnd.Devices;
using OcfCloud.EndToEnd.Harness;
using OcfCloud.EndToEnd.Wire;

namespace OcfCloud.EndToEnd.Requests;

/// <summary>device-to-cloud.md, 2: payload formats of the cloud's own resources and the two options of OCF's format version.</summary>
public sealed class FormatTests(QuietCloud fixture) : IClassFixture<QuietCloud>
{
    private const uint Json = 50, PlainCbor = 60, Version1 = 2048;

    private Cloud Cloud => fixture.Cloud;

    [Theory]
    [InlineData(null, null)]
    [InlineData(WireOption.AcceptVersion, Version1)]
    [InlineData(WireOption.ContentVersion, Version1)]
    public async Task Answers_carry_the_version_where_their_request_carried_one(int? option, uint? version)
    {
        await using var device = new TestDevice(Cloud, ("/light", "oic.r.light"));
        await device.ConnectAsync();
        WireMessage Of(string method, string address, byte[]? payload = null, uint? observe = null)
        {
            var plain = WireRequest.Of(method, address, payload, observe: observe).Without(WireOption.AcceptVersion, WireOption.ContentVersion);
            return option is { } number ? plain.With(WireOption.OfNumber(number, Version1)) : plain;
        }

        async Task<WireMessage> AskAsync(WireMessage request)
        {
            var answer = await device.Connection.RequestAsync(request);
            Assert.True(answer.CodeText is "2.04" or "2.05", $"{request.Path}: {answer.CodeText}");
            Assert.Equal(WireRequest.OcfCbor, answer.Find(WireOption.ContentFormat));
            Assert.True(version == answer.Find(WireOption.ContentVersion), request.Path);
            return answer;
        }

        var token = await fixture.User.CreateDeviceTokenAsync(device.Id);
        var signedUp = Cbor.DecodeMap((await AskAsync(Of("POST", "/oic/sec/account", Cbor.Map(("di", device.Id.ToString()), ("accesstoken", token))))).Payload);
        await AskAsync(Of("POST", "/oic/sec/session", Cbor.Map(("uid", signedUp["uid"]), ("di", device.Id.ToString()), ("accesstoken", signedUp["accesstoken"]), ("login", true))));
        await AskAsync(Of("POST", "/oic/sec/tokenrefresh", Cbor.Map(("uid", signedUp["uid"]), ("di", device.Id.ToString()), ("refreshtoken", signedUp["refreshtoken"]))));
        await AskAsync(Of("POST", "/oic/rd", device.PublishPayload()));
        await AskAsync(Of("GET", "/oic/rd"));
        await AskAsync(Of("GET", $"/oic/res?di={device.Id}"));
        await AskAsync(Of("GET", device.PathOf("/light")));
        await AskAsync(Of("POST", device.PathOf("/light"), Cbor.Map(("value", 1))));

        var light = await device.ObserveAsync(Of("GET", device.PathOf("/light"), observe: 0));
        var links = await device.ObserveAsync(Of("GET", $"/oic/res?di={device.Id}", observe: 0));
        await light.NextAsync();
        await links.NextAsync();
        device.Resources[0].Change(new Dictionary<string, object?> { ["value"] = 2 });
        Assert.Equal("2.02", (await device.RequestAsync("DELETE", $"/oic/rd?di={device.Id}")).CodeText);
        Assert.Equal(version, (await light.NextAsync()).Find(WireOption.ContentVersion));
        Assert.Equal(version, (await links.NextAsync()).Find(WireOption.ContentVersion));
    }

    [Theory]
    [InlineData(null)]
    [InlineData(WireRequest.OcfCbor)]
    [InlineData(PlainCbor)]
    [InlineData(Json)]
    public async Task Bodies_are_read_in_three_formats_and_none_means_ours(uint? format)
    {
        await using var device = new TestDevice(Cloud, ("/light", "oic.r.light"));
        await device.ConnectAsync();
        byte[] Body(params (string Name, object? Value)[] members) =>
            format == Json ? JsonSerializer.SerializeToUtf8Bytes(members.ToDictionary(m => m.Name, m => m.Value)) : Cbor.Map(members);
        Task<WireMessage> AskAsync(string address, byte[] body) => device.Connection.RequestAsync(WireRequest.Of("POST", address, body, format));

        var di = device.Id.ToString();
        var signedUp = await AskAsync("/oic/sec/account", Body(("di", di), ("accesstoken", await fixture.User.CreateDeviceTokenAsync(device.Id))));
        Assert.Equal("2.04", signedUp.CodeText);
        var tokens = Cbor.DecodeMap(signedUp.Payload);
        Assert.Equal("2.04", (await AskAsync("/oic/sec/session", Body(("uid", tokens["uid"]), ("di", di), ("accesstoken", tokens["accesstoken"]), ("login", true)))).CodeText);
        Assert.Equal("2.04", (await AskAsync("/oic/sec/tokenrefresh", Body(("uid", tokens["uid"]), ("di", di), ("refreshtoken", tokens["refreshtoken"])))).CodeText);
        Assert.Equal("2.04", (await AskAsync("/oic/rd", Body(("di", di), ("links", new[] { device.Resources[0].Link }), ("ttl", 600)))).CodeText);
        Assert.Equal([device.PathOf("/light")], await device.DiscoverAsync($"?di={di}"));
    }

    [Theory]
    [InlineData(PlainCbor)]
    [InlineData(Json)]
    public async Task Answers_come_in_the_format_that_is_asked_for(uint format)
    {
        await using var device = new TestDevice(Cloud, ("/light", "oic.r.light"));
        await device.JoinAsync(fixture.User);
        foreach (var address in (string[])["/oic/rd", $"/oic/res?di={device.Id}", $"/oic/res?di={device.Id}&if=oic.if.baseline", device.PathOf("/light")])
        {
            var request = WireRequest.Of("GET", address).Without(WireOption.Accept).With(WireOption.OfNumber(WireOption.Accept, format));
            var answer = await device.Connection.RequestAsync(request);
            Assert.Equal("2.05", answer.CodeText);
            Assert.Equal(format, answer.Find(WireOption.ContentFormat));
            // The version is that of OCF's format alone.
            Assert.Null(answer.Find(WireOption.ContentVersion));
            if (format == Json)
            {
                using var json = JsonDocument.Parse(answer.Payload);
            }
            else
            {
                Cbor.Decode(answer.Payload);
            }
        }
    }

    [Fact]
    public async Task Maps_and_arrays_of_indefinite_length_and_members_that_no_document_lists_are_taken()
    {
        await using var device = new TestDevice(Cloud);
        await device.ConnectAsync();
        // {_ "di": (_ …), "accesstoken": …, "devicetype": "device", "n": [_ {_ }], "authprovider": "ocfcloud"}
        var token = await fixture.User.CreateDeviceTokenAsync(device.Id);
        byte[] body =
        [
            0xBF,
            .. Text("di"), 0x7F, .. Text(device.Id.ToString()[..10]), .. Text(device.Id.ToString()[10..]), 0xFF,
            .. Text("accesstoken"), .. Text(token),
            .. Text("devicetype"), .. Text("device"),
            .. Text("n"), 0x9F, 0xBF, 0xFF, 0xFF,
            .. Text("authprovider"), .. Text("ocfcloud"),
            0xFF,
        ];
        Assert.Equal("2.04", (await device.RequestAsync("POST", "/oic/sec/account", body)).CodeText);
    }

    [Fact]
    public async Task A_device_id_in_capitals_is_the_same_device()
    {
        await using var device = new TestDevice(Cloud, ("/light", "oic.r.light"));
        await device.ConnectAsync();
        var capitals = device.Id.ToString().ToUpperInvariant();
        var token = await fixture.User.CreateDeviceTokenAsync(device.Id);
        var signedUp = await device.RequestAsync("POST", "/oic/sec/account", Cbor.Map(("di", capitals), ("accesstoken", token)));
        var tokens = Cbor.DecodeMap(signedUp.Payload);
        var uid = ((string)tokens["uid"]!).ToUpperInvariant();
        Assert.Equal("2.04", (await device.RequestAsync("POST", "/oic/sec/session", Cbor.Map(("uid", uid), ("di", capitals), ("accesstoken", tokens["accesstoken"]), ("login", true)))).CodeText);
        var published = await device.RequestAsync("POST", "/oic/rd", Cbor.Map(("di", capitals), ("links", new[] { device.Resources[0].Link }), ("ttl", 0)));
        Assert.Equal(device.Id.ToString(), Cbor.DecodeMap(published.Payload)["di"]);
        Assert.Equal([device.PathOf("/light")], await device.DiscoverAsync($"?di={capitals}"));
        Assert.Equal("2.05", (await device.RequestAsync("GET", $"/{capitals}/light")).CodeText);
    }

    private static byte[] Text(string text) => text.Length < 24
        ? [(byte)(0x60 + text.Length), .. Encoding.ASCII.GetBytes(text)]
        : [0x78, (byte)text.Length, .. Encoding.ASCII.GetBytes(text)];
}
