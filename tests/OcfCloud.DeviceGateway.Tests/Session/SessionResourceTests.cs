using OcfCloud.Coap;
using OcfCloud.Core.AccessRules;
using OcfCloud.Core.Devices;
using OcfCloud.Core.Tokens;
using OcfCloud.DeviceGateway.Tests.Resources;

namespace OcfCloud.DeviceGateway.Tests.Session;

/// <summary>device-to-cloud.md, 4.</summary>
public sealed class SessionResourceTests
{
    private const string Path = "/oic/sec/session";

    private readonly UserId _user = UserId.New();
    private readonly DeviceId _device = DeviceId.New();

    public static TheoryData<string, object?> BadFields => new()
    {
        { "uid", null },
        { "uid", 1 },
        { "uid", "" },
        { "uid", "somebody" },
        { "uid", new string('u', 10_000) },
        { "di", null },
        { "di", 1 },
        { "di", "00000000-0000-0000-0000-00000000000" },
        { "di", "{00000000-0000-0000-0000-000000000001}" },
        { "di", new string('d', 10_000) },
        { "accesstoken", null },
        { "accesstoken", 1 },
        { "accesstoken", new byte[] { 1 } },
        { "login", null },
        { "login", 1 },
        { "login", "true" },
        { "login", new[] { true } },
    };

    [Theory]
    [InlineData(null, false)]
    [InlineData(10000, true)]
    [InlineData(50, false)]
    [InlineData(60, false)]
    public async Task A_device_signs_in_with_its_token(int? format, bool indefinite)
    {
        await using var room = await GatewayRoom.OpenAsync();
        var body = Body(await room.RegisterAsync(_user, _device));
        room.Time.Advance(TimeSpan.FromMinutes(10));
        var caller = new TestCaller();

        var answer = await room.PostAsync(caller, Path, body, format, indefinite);

        Assert.Equal(CoapCode.Changed, answer.Message.Code);
        var members = Cbor.DecodeMap(answer.Message.Payload);
        Assert.Equal(["expiresin"], members.Keys);
        Assert.Equal(3000L, members["expiresin"]);
        Assert.Equal((_user, _device), (caller.Session!.User, caller.Session.Device));
    }

    [Fact]
    public async Task A_token_without_an_end_has_minus_one_left()
    {
        await using var room = await GatewayRoom.OpenAsync(tokens: new DeviceTokenOptions { AccessTokenLifetime = TimeSpan.Zero });
        var answer = await room.PostAsync(new TestCaller(), Path, Body(await room.RegisterAsync(_user, _device)));
        Assert.Equal(-1L, Cbor.DecodeMap(answer.Message.Payload)["expiresin"]);
    }

    [Fact]
    public async Task The_users_rules_are_known_before_the_session_begins()
    {
        await using var room = await GatewayRoom.OpenAsync();
        var body = Body(await room.RegisterAsync(_user, _device));
        var rules = room.Get<AccessRuleCache>();
        Assert.False(rules.TryGet(_user, out _));
        await room.PostAsync(new TestCaller(), Path, body);
        Assert.True(rules.TryGet(_user, out _));
    }

    [Theory]
    [MemberData(nameof(BadFields))]
    public async Task A_field_that_is_wrong_is_4_00(string field, object? value)
    {
        await using var room = await GatewayRoom.OpenAsync();
        await AssertRefusedAsync(room, new TestCaller(), Body(await room.RegisterAsync(_user, _device)).With(field, value), CoapCode.BadRequest, field);
    }

    [Theory]
    [InlineData("uid")]
    [InlineData("di")]
    [InlineData("accesstoken")]
    [InlineData("login")]
    public async Task A_field_that_is_missing_is_4_00(string field)
    {
        await using var room = await GatewayRoom.OpenAsync();
        await AssertRefusedAsync(room, new TestCaller(), Body(await room.RegisterAsync(_user, _device)).Without(field), CoapCode.BadRequest, field);
    }

    [Theory]
    [MemberData(nameof(BadBodies.Names), MemberType = typeof(BadBodies))]
    public async Task A_body_that_is_no_map_is_4_00(string body)
    {
        await using var room = await GatewayRoom.OpenAsync();
        var answer = await room.PostBytesAsync(new TestCaller(), Path, BadBodies.Get(body));
        Assert.Equal(CoapCode.BadRequest, answer.Message.Code);
        Assert.False(answer.ClosesConnection);
    }

    [Fact]
    public async Task A_value_that_is_not_the_tokens_is_4_01_and_the_connection_stays()
    {
        await using var room = await GatewayRoom.OpenAsync();
        var tokens = await room.RegisterAsync(_user, _device);
        var other = await room.RegisterAsync(_user, DeviceId.New());
        var body = Body(tokens);

        await AssertRefusedAsync(room, new TestCaller(), body.With("accesstoken", ""), CoapCode.Unauthorized);
        await AssertRefusedAsync(room, new TestCaller(), body.With("accesstoken", new string('x', 100_000)), CoapCode.Unauthorized);
        await AssertRefusedAsync(room, new TestCaller(), body.With("accesstoken", other.AccessToken), CoapCode.Unauthorized);
        await AssertRefusedAsync(room, new TestCaller(), body.With("accesstoken", tokens.RefreshToken), CoapCode.Unauthorized);
        await AssertRefusedAsync(room, new TestCaller(), body.With("uid", UserId.New().ToString()), CoapCode.Unauthorized);
        await AssertRefusedAsync(room, new TestCaller(), body.With("di", DeviceId.New().ToString()), CoapCode.Unauthorized);
        await AssertRefusedAsync(room, new TestCaller { Certified = DeviceId.New() }, body, CoapCode.Unauthorized);
        await AssertRefusedAsync(room, new TestCaller { LaterSignInWins = true }, body, CoapCode.Unauthorized);
        var bound = new TestCaller();
        bound.Bind(UserId.New(), _device);
        await AssertRefusedAsync(room, bound, body, CoapCode.Unauthorized);
        room.Time.Advance(TimeSpan.FromHours(1));
        await AssertRefusedAsync(room, new TestCaller(), body, CoapCode.Unauthorized);
    }

    [Fact]
    public async Task A_removed_device_does_not_sign_in()
    {
        await using var room = await GatewayRoom.OpenAsync();
        var tokens = await room.RegisterAsync(_user, _device);
        await room.Accounts.RemoveAsync(_device, _user, TestContext.Current.CancellationToken);
        await AssertRefusedAsync(room, new TestCaller(), Body(tokens), CoapCode.Unauthorized);
    }

    [Fact]
    public async Task A_device_signs_out_and_in_again()
    {
        await using var room = await GatewayRoom.OpenAsync();
        var tokens = await room.RegisterAsync(_user, _device);
        var caller = new TestCaller();
        await room.PostAsync(caller, Path, Body(tokens));

        var answer = await room.PostAsync(caller, Path, Body(tokens).With("login", false));

        Assert.Equal(CoapCode.Changed, answer.Message.Code);
        Assert.True(answer.Message.Payload.IsEmpty);
        Assert.Null(caller.Session);
        Assert.Equal(CoapCode.Changed, (await room.PostAsync(caller, Path, Body(tokens))).Message.Code);
        Assert.NotNull(caller.Session);
    }

    [Fact]
    public async Task Only_the_sessions_own_values_sign_out()
    {
        await using var room = await GatewayRoom.OpenAsync();
        var tokens = await room.RegisterAsync(_user, _device);
        var body = Body(tokens).With("login", false);
        await AssertRefusedAsync(room, new TestCaller(), body, CoapCode.Unauthorized);

        var caller = new TestCaller();
        await room.PostAsync(caller, Path, Body(tokens));
        foreach (var wrong in new[]
        {
            body.With("accesstoken", "wrong"), body.With("uid", UserId.New().ToString()), body.With("di", DeviceId.New().ToString()),
        })
        {
            Assert.Equal(CoapCode.Unauthorized, (await room.PostAsync(caller, Path, wrong)).Message.Code);
        }
        Assert.NotNull(caller.Session);
        Assert.Equal(0, caller.SignOuts);
    }

    private Fields Body(SignUpOutcome tokens) => new()
    {
        ["uid"] = _user.ToString(),
        ["di"] = _device.ToString(),
        ["accesstoken"] = tokens.AccessToken,
        ["login"] = true,
    };

    private static async Task AssertRefusedAsync(GatewayRoom room, TestCaller caller, Fields body, CoapCode code, string? field = null)
    {
        var answer = await room.PostAsync(caller, Path, body);
        Assert.Equal(code, answer.Message.Code);
        Assert.False(answer.ClosesConnection);
        Assert.Null(answer.Message.ContentFormat);
        if (field is not null) Assert.Contains($"\"{field}\"", answer.Message.Diagnostic, StringComparison.Ordinal);
        if (body.GetValueOrDefault("accesstoken") is string { Length: > 6 } token) Assert.DoesNotContain(token, answer.Message.Diagnostic, StringComparison.Ordinal);
        Assert.Null(caller.Session);
    }
}
