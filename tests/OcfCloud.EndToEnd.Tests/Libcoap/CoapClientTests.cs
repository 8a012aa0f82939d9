using OcfCloud.EndToEnd.Wire;

namespace OcfCloud.EndToEnd.Libcoap;

/// <summary>libcoap's own client, which knows nothing of OCF, at the cloud's door.</summary>
[Collection(nameof(LibcoapRoom))]
public sealed class CoapClientTests(LibcoapRoom room)
{
    [Fact]
    public async Task It_signs_a_device_up_with_a_certificate_of_the_operator_s_command()
    {
        var device = Guid.NewGuid();
        var certificates = await room.IssueDeviceAsync(device);
        var body = Cbor.Map(("di", device.ToString()), ("accesstoken", await room.User.CreateDeviceTokenAsync(device)));

        var answer = await room.RequestAsync(certificates, "post", "/oic/sec/account", body);

        Assert.Equal("2.04", answer.Code);
        // It sent no 2049 and no 2053: a critical option that it does not know would make it drop the answer.
        Assert.Equal("Content-Format:10000", answer.Options);
        var tokens = Cbor.DecodeMap(answer.Payload);
        Assert.Equal(["accesstoken", "expiresin", "refreshtoken", "uid"], tokens.Keys.Order(StringComparer.Ordinal));
        Assert.True(Guid.TryParseExact((string)tokens["uid"]!, "D", out _));
        Assert.Equal(3600L, tokens["expiresin"]);
    }

    [Fact]
    public async Task A_request_with_2053_is_answered_with_2053()
    {
        var device = Guid.NewGuid();
        var certificates = await room.IssueDeviceAsync(device);
        var body = Cbor.Map(("di", device.ToString()), ("accesstoken", await room.User.CreateDeviceTokenAsync(device)));

        // "-O" registers the option too.
        var answer = await room.RequestAsync(certificates, "post", "/oic/sec/account", body, "-O", "2053,0x0800");

        Assert.Equal("2.04", answer.Code);
        Assert.Contains("2053", answer.Options, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("get", "/oic/sec/account")]
    [InlineData("put", "/oic/sec/account")]
    [InlineData("fetch", "/oic/sec/session")]
    [InlineData("delete", "/oic/sec/tokenrefresh")]
    [InlineData("ipatch", "/oic/rd")]
    [InlineData("post", "/oic/res")]
    public async Task A_wrong_method_on_a_known_path_is_4_05(string method, string address)
    {
        byte[]? body = method is "get" or "delete" ? null : [0xA0];
        var answer = await room.RequestAsync(await room.IssueDeviceAsync(Guid.NewGuid()), method, address, body);
        Assert.Equal("4.05", answer.Code);
        // A diagnostic has no Content-Format.
        Assert.Empty(answer.Options);
    }

    [Theory]
    [InlineData("get", "/")]
    [InlineData("get", "/nothing")]
    [InlineData("post", "/oic/sec/roles")]
    [InlineData("get", "/oic/sec/account/more")]
    public async Task An_unknown_path_is_4_04_before_the_sign_in_too(string method, string address)
    {
        var answer = await room.RequestAsync(await room.IssueDeviceAsync(Guid.NewGuid()), method, address, method == "post" ? [0xA0] : null);
        Assert.Equal("4.04", answer.Code);
    }

    [Fact]
    public async Task Nobody_discovers_without_a_session()
    {
        var answer = await room.RequestAsync(await room.IssueDeviceAsync(Guid.NewGuid()), "get", "/oic/res");
        Assert.Equal("4.01", answer.Code);
    }

    [Fact]
    public async Task A_wrong_token_is_4_01_and_bad_CBOR_4_00()
    {
        var device = Guid.NewGuid();
        var certificates = await room.IssueDeviceAsync(device);
        var body = Cbor.Map(("di", device.ToString()), ("accesstoken", "wrong"));
        Assert.Equal("4.01", (await room.RequestAsync(certificates, "post", "/oic/sec/account", body)).Code);
        Assert.Equal("4.00", (await room.RequestAsync(certificates, "post", "/oic/sec/account", [0xA1, 0x62])).Code);
    }

    [Fact]
    public async Task Its_pings_are_answered()
    {
        // Requests a second apart, with a Ping where a second of silence is over first; where no Pong comes, libcoap gives the session up.
        var answer = await room.RequestAsync(await room.IssueDeviceAsync(Guid.NewGuid()), "get", "/nothing", null, "-K", "1", "-G", "6");
        Assert.Contains(answer.Lines, l => l.StartsWith("v:1 t:CON c:Ping", StringComparison.Ordinal));
        Assert.Contains(answer.Lines, l => l.StartsWith("v:1 t:CON c:Pong", StringComparison.Ordinal));
        Assert.Equal("4.04", answer.Code);
    }
}
