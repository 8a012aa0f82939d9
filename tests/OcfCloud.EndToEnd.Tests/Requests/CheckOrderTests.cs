using OcfCloud.EndToEnd.Devices;
using OcfCloud.EndToEnd.Harness;
using OcfCloud.EndToEnd.Wire;

namespace OcfCloud.EndToEnd.Requests;

/// <summary>device-to-cloud.md, 2: checks go in this order: path, method, session, options, payload. Each request here is wrong in everything that comes later.</summary>
public sealed class CheckOrderTests(QuietCloud fixture) : IClassFixture<QuietCloud>
{
    private const int UnknownCritical = 2055, UnknownElective = 2056, IfNoneMatch = 5, ProxyUri = 35;

    private static readonly byte[] Garbage = [0xBF, 0x61];

    private Cloud Cloud => fixture.Cloud;

    [Theory]
    [InlineData("POST", "/oic/sec/roles")]
    [InlineData("GET", "/")]
    [InlineData("GET", "/oic")]
    [InlineData("POST", "/oic/sec")]
    [InlineData("GET", "/oic/d")]
    [InlineData("GET", "/oic/res/more")]
    [InlineData("POST", "/oic/sec/account/more")]
    [InlineData("GET", "/OIC/RES")]
    [InlineData("PUT", "/light")]
    [InlineData("30", "/light")]
    [InlineData("GET", "/0b6f0ed6-3a02-4a4c-a5e3-3bd8e71f12b5")]
    [InlineData("GET", "/{0b6f0ed6-3a02-4a4c-a5e3-3bd8e71f12b5}/light")]
    [InlineData("GET", "/0b6f0ed63a024a4ca5e33bd8e71f12b5/light")]
    public async Task The_path_comes_first(string method, string path)
    {
        await using var device = new TestDevice(Cloud);
        await device.ConnectAsync();
        await AssertRefusedAsync(device, Wrong(method, path), "4.04");
        await JoinAsync(device);
        await AssertRefusedAsync(device, Wrong(method, path), "4.04");
    }

    [Theory]
    [InlineData("GET", "/oic/sec/account")]
    [InlineData("PUT", "/oic/sec/account")]
    [InlineData("30", "/oic/sec/account")]
    [InlineData("GET", "/oic/sec/session")]
    [InlineData("DELETE", "/oic/sec/session")]
    [InlineData("GET", "/oic/sec/tokenrefresh")]
    [InlineData("PUT", "/oic/sec/tokenrefresh")]
    [InlineData("PUT", "/oic/rd")]
    [InlineData("FETCH", "/oic/rd")]
    [InlineData("POST", "/oic/res")]
    [InlineData("DELETE", "/oic/res")]
    [InlineData("iPATCH", "/oic/res")]
    [InlineData("8", "/0b6f0ed6-3a02-4a4c-a5e3-3bd8e71f12b5/light")]
    public async Task Then_comes_the_method(string method, string path)
    {
        await using var device = new TestDevice(Cloud);
        await device.ConnectAsync();
        await AssertRefusedAsync(device, Wrong(method, path), "4.05");
        await JoinAsync(device);
        await AssertRefusedAsync(device, Wrong(method, path), "4.05");
    }

    [Theory]
    [InlineData("GET", "/oic/res")]
    [InlineData("GET", "/oic/rd")]
    [InlineData("POST", "/oic/rd")]
    [InlineData("DELETE", "/oic/rd")]
    [InlineData("GET", "/0b6f0ed6-3a02-4a4c-a5e3-3bd8e71f12b5/light")]
    [InlineData("POST", "/0b6f0ed6-3a02-4a4c-a5e3-3bd8e71f12b5/light")]
    public async Task Then_comes_the_session(string method, string path)
    {
        await using var device = new TestDevice(Cloud);
        await device.ConnectAsync();
        await AssertRefusedAsync(device, Wrong(method, path), "4.01");
        await JoinAsync(device);
        await AssertRefusedAsync(device, Wrong(method, path).Without(WireOption.ContentFormat), "4.02");
        Assert.Equal("2.04", (await device.TrySignInAsync(login: false)).CodeText);
        await AssertRefusedAsync(device, Wrong(method, path), "4.01");
    }

    [Theory]
    [InlineData("POST", "/oic/sec/session")]
    [InlineData("POST", "/oic/sec/tokenrefresh")]
    [InlineData("DELETE", "/oic/sec/account")]
    [InlineData("POST", "/oic/rd")]
    [InlineData("DELETE", "/oic/rd")]
    [InlineData("GET", "/oic/rd")]
    public async Task Then_come_the_options_of_the_clouds_resources(string method, string path)
    {
        await using var device = new TestDevice(Cloud);
        await device.ConnectAsync();
        await JoinAsync(device);
        var request = WireRequest.Of(method, path, method == "POST" ? Garbage : null);
        await AssertRefusedAsync(device, request.With(new WireOption(UnknownCritical, [])), "4.02");
        await AssertRefusedAsync(device, request.With(new WireOption(IfNoneMatch, [])), "4.02");
        await AssertRefusedAsync(device, request.With(WireOption.OfText(ProxyUri, "coap://elsewhere/")), "5.05");
        await AssertRefusedAsync(device, request.Without(WireOption.Accept).With(WireOption.OfNumber(WireOption.Accept, 40)), "4.06");
        await AssertRefusedAsync(device, request.With(WireOption.OfText(WireOption.UriQuery, "if=oic.if.ll")), "4.00");
        if (method == "POST")
        {
            await AssertRefusedAsync(device, request.Without(WireOption.ContentFormat).With(WireOption.OfNumber(WireOption.ContentFormat, 40)), "4.15");
            await AssertRefusedAsync(device, request.Without(WireOption.ContentFormat).With(new WireOption(WireOption.ContentFormat, [])), "4.15");
            await AssertRefusedAsync(device, request, "4.00");
        }
    }

    [Fact]
    public async Task An_unknown_critical_option_on_a_sign_up_is_refused_and_the_connection_closed()
    {
        await using var device = new TestDevice(Cloud);
        await device.ConnectAsync();
        var token = await fixture.User.CreateDeviceTokenAsync(device.Id);
        var request = WireRequest.Of("POST", "/oic/sec/account", Cbor.Map(("di", device.Id.ToString()), ("accesstoken", token)));
        await AssertRefusedAsync(device, request.With(new WireOption(UnknownCritical, [])), "4.02");
        await device.Connection.EndAsync();
        Assert.Null(await fixture.User.StatusOfAsync(device.Id));

        // The token was not used up.
        await device.ConnectAsync();
        await device.SignUpAsync(token);
    }

    [Fact]
    public async Task The_baseline_interface_other_queries_and_unknown_elective_options_are_taken()
    {
        await using var device = new TestDevice(Cloud, ("/light", "oic.r.light"));
        await device.ConnectAsync();
        await JoinAsync(device);
        foreach (var request in (WireMessage[])
        [
            WireRequest.Of("POST", "/oic/sec/tokenrefresh?if=oic.if.baseline&x=1&rt=oic.r.tokenrefresh", Cbor.Map(("uid", device.Tokens.Uid), ("di", device.Id.ToString()), ("refreshtoken", device.Tokens.RefreshToken))),
            WireRequest.Of("POST", "/oic/rd?if=oic.if.baseline&rt=oic.wk.rdpub&ins=x", device.PublishPayload()),
        ])
        {
            Assert.Equal("2.04", (await device.Connection.RequestAsync(request.With(new WireOption(UnknownElective, [1, 2, 3]), WireOption.OfText(3, "host"), WireOption.OfNumber(7, 5684)))).CodeText);
        }
    }

    private async Task JoinAsync(TestDevice device)
    {
        await device.SignUpAsync(await fixture.User.CreateDeviceTokenAsync(device.Id));
        await device.SignInAsync();
    }

    private static WireMessage Wrong(string method, string path) =>
        WireRequest.Of(method, path, Garbage, format: 40).With(new WireOption(UnknownCritical, []));

    private static async Task AssertRefusedAsync(TestDevice device, WireMessage request, string code)
    {
        var answer = await device.Connection.RequestAsync(request);
        Assert.Equal(code, answer.CodeText);
        // Field: a device drops the connection on a diagnostic with a Content-Format.
        Assert.Null(answer.Find(WireOption.ContentFormat));
        Assert.Null(answer.Find(WireOption.ContentVersion));
    }
}
