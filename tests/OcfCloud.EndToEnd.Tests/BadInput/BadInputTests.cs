using OcfCloud.EndToEnd.Devices;
using OcfCloud.EndToEnd.Harness;
using OcfCloud.EndToEnd.Wire;

namespace OcfCloud.EndToEnd.BadInput;

/// <summary>
/// Every field of every payload of the cloud's resources, wrong in every way: the exact code, what happens to the connection, and that nothing was
/// stored. A row is made anew with the values of the test's own device and found by its name.
/// </summary>
public sealed class BadInputTests(QuietCloud fixture) : IClassFixture<QuietCloud>
{
    private static readonly DeviceTokens Sample = new(Guid.NewGuid().ToString(), "token", "token", 1);

    private Cloud Cloud => fixture.Cloud;

    private CloudUser User => fixture.User;

    public static TheoryData<string> AccountRows => Names(Account(Guid.NewGuid(), "token"));

    public static TheoryData<string> SessionRows => Names(Session(Guid.NewGuid(), Sample));

    public static TheoryData<string> RefreshRows => Names(Refresh(Guid.NewGuid(), Sample));

    public static TheoryData<string> PublishRows => Names(Publish(Guid.NewGuid()));

    [Theory]
    [MemberData(nameof(AccountRows))]
    public async Task A_sign_up_is_refused_closes_the_connection_and_stores_nothing_where(string what)
    {
        await using var device = new TestDevice(Cloud);
        var token = await User.CreateDeviceTokenAsync(device.Id);
        await device.ConnectAsync();
        await AssertRefusedAsync(device, "/oic/sec/account", Account(device.Id, token).Single(row => row.What == what));
        await device.Connection.EndAsync();

        // There is no device, and the token is not used up.
        Assert.Null(await User.StatusOfAsync(device.Id));
        await device.ConnectAsync();
        await device.SignUpAsync(token);
    }

    [Theory]
    [MemberData(nameof(SessionRows))]
    public async Task A_sign_in_is_refused_leaves_the_connection_and_lets_nobody_in_where(string what)
    {
        await using var device = await RegisteredAsync();
        await AssertRefusedAsync(device, "/oic/sec/session", Session(device.Id, device.Tokens).Single(row => row.What == what));
        Assert.Equal("4.01", (await device.RequestAsync("GET", "/oic/rd")).CodeText);
        Assert.Equal("offline", await User.StatusOfAsync(device.Id));
        await device.SignInAsync();
    }

    [Theory]
    [MemberData(nameof(RefreshRows))]
    public async Task A_refresh_is_refused_leaves_the_connection_and_changes_no_token_where(string what)
    {
        await using var device = await RegisteredAsync();
        await AssertRefusedAsync(device, "/oic/sec/tokenrefresh", Refresh(device.Id, device.Tokens).Single(row => row.What == what));
        await device.SignInAsync();
        Assert.Equal("2.04", (await device.TryRefreshAsync()).CodeText);
    }

    [Theory]
    [MemberData(nameof(PublishRows))]
    public async Task A_publish_is_refused_leaves_the_session_and_stores_nothing_where(string what)
    {
        await using var device = await RegisteredAsync();
        await device.SignInAsync();
        await AssertRefusedAsync(device, "/oic/rd", Publish(device.Id).Single(row => row.What == what));
        Assert.Empty(await device.DiscoverAsync($"?di={device.Id}"));
        Assert.Equal("2.04", (await device.RequestAsync("POST", "/oic/rd", Cbor.Encode(GoodPublish(device.Id)))).CodeText);
    }

    private static IEnumerable<WrongBody> Account(Guid device, string token)
    {
        var good = new Dictionary<string, object?> { ["di"] = device.ToString(), ["accesstoken"] = token, ["authprovider"] = "ocfcloud" };
        return
        [
            .. WrongBodies.OfUuid(good, "di"),
            .. WrongBodies.OfMember(good, "accesstoken", "a text"),
            .. WrongBodies.OfOptionalMember(good, "authprovider", "a text"),
            .. WrongBodies.OfEncoding(good),
            new("accesstoken is empty", WrongBodies.With(good, "accesstoken", ""), "4.01"),
            new("accesstoken is endless", WrongBodies.With(good, "accesstoken", new string('a', 200_000)), "4.01"),
            new("authprovider is endless", WrongBodies.With(good, "authprovider", new string('a', 200_000)), "4.01"),
            new("di is another device", WrongBodies.With(good, "di", Guid.NewGuid().ToString()), "4.01"),
        ];
    }

    private static IEnumerable<WrongBody> Session(Guid device, DeviceTokens tokens)
    {
        var good = new Dictionary<string, object?> { ["uid"] = tokens.Uid, ["di"] = device.ToString(), ["accesstoken"] = tokens.AccessToken, ["login"] = true };
        return
        [
            .. WrongBodies.OfUuid(good, "uid"),
            .. WrongBodies.OfUuid(good, "di"),
            .. WrongBodies.OfMember(good, "accesstoken", "a text"),
            .. WrongBodies.OfMember(good, "login", "true"),
            .. WrongBodies.OfEncoding(good),
            new("accesstoken is endless", WrongBodies.With(good, "accesstoken", new string('a', 200_000)), "4.01"),
            new("uid is another user", WrongBodies.With(good, "uid", Guid.NewGuid().ToString()), "4.01"),
            new("di is another device", WrongBodies.With(good, "di", Guid.NewGuid().ToString()), "4.01"),
            new("login is false", WrongBodies.With(good, "login", false), "4.01"),
        ];
    }

    private static IEnumerable<WrongBody> Refresh(Guid device, DeviceTokens tokens)
    {
        var good = new Dictionary<string, object?>
        {
            ["uid"] = tokens.Uid,
            ["di"] = device.ToString(),
            ["refreshtoken"] = tokens.RefreshToken,
            ["authprovider"] = "ocfcloud",
            ["granttype"] = "refresh_token",
        };
        return
        [
            .. WrongBodies.OfUuid(good, "uid"),
            .. WrongBodies.OfUuid(good, "di"),
            .. WrongBodies.OfMember(good, "refreshtoken", "a text"),
            .. WrongBodies.OfOptionalMember(good, "authprovider", "a text"),
            .. WrongBodies.OfOptionalMember(good, "granttype", "a text"),
            .. WrongBodies.OfEncoding(good),
            new("refreshtoken is empty", WrongBodies.With(good, "refreshtoken", ""), "4.01"),
            new("refreshtoken is endless", WrongBodies.With(good, "refreshtoken", new string('a', 200_000)), "4.01"),
            new("uid is another user", WrongBodies.With(good, "uid", Guid.NewGuid().ToString()), "4.01"),
            new("di is another device", WrongBodies.With(good, "di", Guid.NewGuid().ToString()), "4.01"),
            new("authprovider is unknown", WrongBodies.With(good, "authprovider", "github"), "4.01"),
        ];
    }

    private static IEnumerable<WrongBody> Publish(Guid device)
    {
        var good = GoodPublish(device);
        return
        [
            .. WrongBodies.OfUuid(good, "di"),
            .. WrongBodies.OfMember(good, "links"),
            .. WrongBodies.OfMember(good, "ttl", "an integer"),
            .. WrongBodies.OfEncoding(good),
            new("di is another device", WrongBodies.With(good, "di", Guid.NewGuid().ToString()), "4.01"),
            new("ttl is -2", WrongBodies.With(good, "ttl", -2)),
            new("links hold a text", WrongBodies.With(good, "links", new object?[] { GoodLink(), "text" })),
            .. Links("href", "", "light", "?", "/light?x=1", "/light#x", "/li\nght", "/\0", "/" + new string('x', 219), 7, null, new[] { "/light" }),
            .. Links("rt", "oic.r.light", Array.Empty<string>(), new object?[] { "oic.r.light", 7 }, new[] { "" }, new[] { "x", new string('r', 65) }, 7, null),
            .. Links("if", "oic.if.a", Array.Empty<string>(), new object?[] { null }, new[] { "" }, new[] { new string('i', 65) }, true, new Dictionary<string, object?>()),
            .. Links("p", "3", 3, Array.Empty<int>(), new Dictionary<string, object?>(), Bm("3"), Bm(-1), Bm(null), Bm(1.5)),
            .. Links("ins", "1", -1, 4294967296L, 1.5, null),
            .. new[] { "href", "rt", "if" }.Select(member => OfLink($"a link's {member} is missing", link => link.Remove(member))),
        ];

        IEnumerable<WrongBody> Links(string member, params object?[] values) =>
            values.Select((value, index) => OfLink($"a link's {member} is wrong, {index + 1}", link => link[member] = value));

        // A good one before it: of a bad request nothing is stored.
        WrongBody OfLink(string what, Action<Dictionary<string, object?>> spoil)
        {
            var link = GoodLink();
            link["href"] = "/second";
            spoil(link);
            return new WrongBody(what, WrongBodies.With(good, "links", new[] { GoodLink(), link }));
        }

        static Dictionary<string, object?> Bm(object? value) => new() { ["bm"] = value };
    }

    private static Dictionary<string, object?> GoodPublish(Guid device) => new() { ["di"] = device.ToString(), ["links"] = new[] { GoodLink() }, ["ttl"] = 0 };

    private static Dictionary<string, object?> GoodLink() =>
        new() { ["href"] = "/light", ["rt"] = new[] { "oic.r.light" }, ["if"] = new[] { "oic.if.a" }, ["p"] = new Dictionary<string, object?> { ["bm"] = 3 } };

    private static TheoryData<string> Names(IEnumerable<WrongBody> rows) => [.. rows.Select(row => row.What)];

    private async Task<TestDevice> RegisteredAsync()
    {
        var device = new TestDevice(Cloud);
        await device.ConnectAsync();
        await device.SignUpAsync(await User.CreateDeviceTokenAsync(device.Id));
        return device;
    }

    private static async Task AssertRefusedAsync(TestDevice device, string path, WrongBody row)
    {
        var answer = await device.Connection.RequestAsync(WireRequest.Of("POST", path, row.Bytes, row.Format));
        Assert.Equal(row.Code, answer.CodeText);
        Assert.Null(answer.Find(WireOption.ContentFormat));
        Assert.NotEmpty(answer.Payload);
    }
}
