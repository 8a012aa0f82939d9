using OcfCloud.Coap;
using OcfCloud.Core.Devices;
using OcfCloud.DeviceGateway.Tests.Resources;

namespace OcfCloud.DeviceGateway.Tests.TokenRefresh;

/// <summary>device-to-cloud.md, 5.</summary>
public sealed class TokenRefreshResourceTests
{
    private const string Path = "/oic/sec/tokenrefresh";

    private readonly UserId _user = UserId.New();
    private readonly DeviceId _device = DeviceId.New();

    public static TheoryData<string, object?> BadFields => new()
    {
        { "uid", null },
        { "uid", 1 },
        { "uid", "somebody" },
        { "di", null },
        { "di", 1 },
        { "di", "00000000-0000-0000-0000-0000000000011" },
        { "di", "(00000000-0000-0000-0000-000000000001)" },
        { "refreshtoken", null },
        { "refreshtoken", 1 },
        { "refreshtoken", new[] { "a" } },
        { "authprovider", 1 },
        { "authprovider", null },
        { "granttype", 1 },
    };

    [Theory]
    [InlineData(null, false)]
    [InlineData(10000, true)]
    [InlineData(50, false)]
    [InlineData(60, false)]
    public async Task A_refresh_token_gets_new_tokens_without_a_session(int? format, bool indefinite)
    {
        await using var room = await GatewayRoom.OpenAsync();
        var tokens = await room.RegisterAsync(_user, _device);
        var caller = new TestCaller();

        var body = Body(tokens).With("authprovider", "ocfcloud").With("granttype", "refresh_token").With("n", 5);
        var answer = await room.PostAsync(caller, Path, body, format, indefinite);

        Assert.Equal(CoapCode.Changed, answer.Message.Code);
        var members = Cbor.DecodeMap(answer.Message.Payload);
        Assert.Equal(["accesstoken", "refreshtoken", "expiresin"], members.Keys);
        Assert.Equal(3600L, members["expiresin"]);
        Assert.Null(caller.Session);
        Assert.Empty(caller.Extensions);
        Assert.True((await room.Accounts.SignInAsync(_device, _user, (string)members["accesstoken"]!, TestContext.Current.CancellationToken)).Accepted);
    }

    [Fact]
    public async Task A_refresh_on_a_session_moves_its_end()
    {
        await using var room = await GatewayRoom.OpenAsync();
        var (caller, tokens) = await room.SignInAsync(_user, _device);
        room.Time.Advance(TimeSpan.FromMinutes(30));

        await room.PostAsync(caller, Path, Body(tokens));

        Assert.Equal([room.Time.GetUtcNow().AddHours(1)], caller.Extensions);
        Assert.NotNull(caller.Session);
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
    [InlineData("refreshtoken")]
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
    public async Task A_token_that_is_not_the_devices_is_4_01()
    {
        await using var room = await GatewayRoom.OpenAsync();
        var tokens = await room.RegisterAsync(_user, _device);
        var other = await room.RegisterAsync(_user, DeviceId.New());
        var body = Body(tokens);

        await AssertRefusedAsync(room, new TestCaller(), body.With("refreshtoken", ""), CoapCode.Unauthorized);
        await AssertRefusedAsync(room, new TestCaller(), body.With("refreshtoken", new string('x', 100_000)), CoapCode.Unauthorized);
        await AssertRefusedAsync(room, new TestCaller(), body.With("refreshtoken", other.RefreshToken), CoapCode.Unauthorized);
        await AssertRefusedAsync(room, new TestCaller(), body.With("refreshtoken", tokens.AccessToken), CoapCode.Unauthorized);
        await AssertRefusedAsync(room, new TestCaller(), body.With("uid", UserId.New().ToString()), CoapCode.Unauthorized);
        await AssertRefusedAsync(room, new TestCaller(), body.With("di", DeviceId.New().ToString()), CoapCode.Unauthorized);
        await AssertRefusedAsync(room, new TestCaller(), body.With("authprovider", "another"), CoapCode.Unauthorized, "authprovider");
        await AssertRefusedAsync(room, new TestCaller { Certified = DeviceId.New() }, body, CoapCode.Unauthorized);
        Assert.Equal(CoapCode.Changed, (await room.PostAsync(new TestCaller(), Path, body)).Message.Code);
    }

    private Fields Body(SignUpOutcome tokens) => new() { ["uid"] = _user.ToString(), ["di"] = _device.ToString(), ["refreshtoken"] = tokens.RefreshToken };

    private static async Task AssertRefusedAsync(GatewayRoom room, TestCaller caller, Fields body, CoapCode code, string? field = null)
    {
        var answer = await room.PostAsync(caller, Path, body);
        Assert.Equal(code, answer.Message.Code);
        Assert.False(answer.ClosesConnection);
        Assert.Null(answer.Message.ContentFormat);
        if (field is not null) Assert.Contains($"\"{field}\"", answer.Message.Diagnostic, StringComparison.Ordinal);
        if (body.GetValueOrDefault("refreshtoken") is string { Length: > 6 } token) Assert.DoesNotContain(token, answer.Message.Diagnostic, StringComparison.Ordinal);
        Assert.Empty(caller.Extensions);
    }
}
