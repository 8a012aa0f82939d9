using System.Text.Json;
using OcfCloud.Coap;
using OcfCloud.Core.Devices;
using OcfCloud.Core.Tokens;
using OcfCloud.DeviceGateway.Tests.Resources;

namespace OcfCloud.DeviceGateway.Tests.Account;

/// <summary>device-to-cloud.md, 3.</summary>
public sealed class SignUpTests
{
    private const string Path = "/oic/sec/account";

    private readonly UserId _user = UserId.New();
    private readonly DeviceId _device = DeviceId.New();

    public static TheoryData<string, object?> BadFields => new()
    {
        { "di", null },
        { "di", 5 },
        { "di", true },
        { "di", "" },
        { "di", "00000000-0000-0000-0000-00000000000" },
        { "di", "0000000000000000000000000000000000000" },
        { "di", "{00000000-0000-0000-0000-000000000001}" },
        { "di", " 00000000-0000-0000-0000-000000000001" },
        { "di", "00000000000000000000000000000001" },
        { "di", "0000000g-0000-0000-0000-000000000001" },
        { "di", "0x000000-0000-0000-0000-000000000001" },
        { "di", new string('a', 10_000) },
        { "accesstoken", null },
        { "accesstoken", 5 },
        { "accesstoken", new[] { "a" } },
        { "accesstoken", new byte[] { 1, 2 } },
        { "authprovider", null },
        { "authprovider", 7 },
        { "authprovider", new[] { "ocfcloud" } },
    };

    [Fact]
    public async Task A_one_time_token_registers_a_device()
    {
        await using var room = await GatewayRoom.OpenAsync();
        var caller = new TestCaller();

        var answer = await room.PostAsync(caller, Path, await BodyAsync(room));

        Assert.Equal(CoapCode.Changed, answer.Message.Code);
        Assert.False(answer.ClosesConnection);
        var body = Cbor.DecodeMap(answer.Message.Payload);
        Assert.Equal(["accesstoken", "refreshtoken", "expiresin", "uid"], body.Keys);
        Assert.Equal(3600L, body["expiresin"]);
        Assert.Equal(_user.ToString(), body["uid"]);
        Assert.Equal(43, ((string)body["accesstoken"]!).Length);
        Assert.Equal(43, ((string)body["refreshtoken"]!).Length);
        Assert.Equal((_user, _device), caller.Binding);
        Assert.Equal(_user, (await FindAsync(room))!.UserId);
    }

    [Fact]
    public async Task A_user_with_as_many_devices_as_one_may_have_gets_no_other_until_one_is_removed()
    {
        await using var room = await GatewayRoom.OpenAsync();
        var first = DeviceId.New();
        await room.RegisterAsync(_user, first);
        var body = await BodyAsync(room);
        room.Get<DeviceQuota>().MaxDevicesPerUser = 1;

        var refusal = await room.PostAsync(new TestCaller(), Path, body);
        Assert.Equal(CoapCode.Forbidden, refusal.Message.Code);
        Assert.True(refusal.ClosesConnection);

        // One that is there already registers again, and the token that was refused is not used up.
        await room.RegisterAsync(_user, first, first);
        Assert.True(await room.Accounts.RemoveAsync(first, _user, TestContext.Current.CancellationToken));
        Assert.Equal(CoapCode.Changed, (await room.PostAsync(new TestCaller(), Path, body)).Message.Code);
    }

    [Fact]
    public async Task Tokens_without_an_end_have_the_lifetime_minus_one()
    {
        await using var room = await GatewayRoom.OpenAsync(tokens: new DeviceTokenOptions { AccessTokenLifetime = TimeSpan.Zero });

        var answer = await room.PostAsync(new TestCaller(), Path, await BodyAsync(room));

        Assert.Equal(-1L, Cbor.DecodeMap(answer.Message.Payload)["expiresin"]);
    }

    [Theory]
    [InlineData(null, false)]
    [InlineData(10000, true)]
    [InlineData(60, false)]
    [InlineData(50, false)]
    public async Task Bodies_of_every_format_and_of_indefinite_length_are_read(int? format, bool indefinite)
    {
        await using var room = await GatewayRoom.OpenAsync();

        var answer = await room.PostAsync(new TestCaller(), Path, (await BodyAsync(room)).With("authprovider", "ocfcloud"), format, indefinite);

        Assert.Equal(CoapCode.Changed, answer.Message.Code);
        Assert.Equal(CoapContentFormat.OcfCbor, answer.Message.ContentFormat);
    }

    [Fact]
    public async Task An_answer_in_JSON_has_the_same_members()
    {
        await using var room = await GatewayRoom.OpenAsync();
        var request = CoapMessage.Request(CoapCode.Post, Path)
            .WithPayload(JsonSerializer.SerializeToUtf8Bytes(await BodyAsync(room)), CoapContentFormat.Json).WithOption(CoapOptionNumber.Accept, CoapContentFormat.Json);

        var answer = await room.AskAsync(new TestCaller(), request);

        Assert.Equal(50, answer.Message.ContentFormat);
        using var json = JsonDocument.Parse(answer.Message.Payload);
        Assert.Equal(3600, json.RootElement.GetProperty("expiresin").GetInt32());
    }

    [Fact]
    public async Task Members_that_nobody_knows_are_ignored_and_ids_are_written_in_lower_case()
    {
        await using var room = await GatewayRoom.OpenAsync();
        var body = (await BodyAsync(room)).With("di", _device.ToString().ToUpperInvariant()).With("devicetype", "device").With("uid", 5).With("n", new byte[] { 1 })
            .With("authprovider", "");

        var answer = await room.PostAsync(new TestCaller(), Path, body);

        Assert.Equal(CoapCode.Changed, answer.Message.Code);
        Assert.NotNull(await FindAsync(room));
    }

    [Theory]
    [MemberData(nameof(BadFields))]
    public async Task A_field_that_is_wrong_is_4_00_and_closes_the_connection(string field, object? value)
    {
        await using var room = await GatewayRoom.OpenAsync();
        var body = await BodyAsync(room);
        await AssertRefusedAsync(room, new TestCaller(), body.With(field, value), CoapCode.BadRequest, field);
        // Nothing was used up.
        Assert.Equal(CoapCode.Changed, (await room.PostAsync(new TestCaller(), Path, body)).Message.Code);
    }

    [Theory]
    [InlineData("di")]
    [InlineData("accesstoken")]
    public async Task A_field_that_is_missing_is_4_00(string field)
    {
        await using var room = await GatewayRoom.OpenAsync();
        await AssertRefusedAsync(room, new TestCaller(), (await BodyAsync(room)).Without(field), CoapCode.BadRequest, field);
    }

    [Theory]
    [MemberData(nameof(BadBodies.Names), MemberType = typeof(BadBodies))]
    public async Task A_body_that_is_no_map_is_4_00(string body)
    {
        await using var room = await GatewayRoom.OpenAsync();
        foreach (int? format in new int?[] { null, 60, 10000 })
        {
            var answer = await room.PostBytesAsync(new TestCaller(), Path, BadBodies.Get(body), format);
            Assert.Equal(CoapCode.BadRequest, answer.Message.Code);
            Assert.True(answer.ClosesConnection);
        }
    }

    [Theory]
    [MemberData(nameof(BadBodies.Json), MemberType = typeof(BadBodies))]
    public async Task A_body_that_is_no_JSON_object_is_4_00(string body)
    {
        await using var room = await GatewayRoom.OpenAsync();
        var answer = await room.PostBytesAsync(new TestCaller(), Path, System.Text.Encoding.UTF8.GetBytes(body), CoapContentFormat.Json);
        Assert.Equal(CoapCode.BadRequest, answer.Message.Code);
    }

    [Fact]
    public async Task A_token_that_nobody_issued_is_4_01_however_long()
    {
        await using var room = await GatewayRoom.OpenAsync();
        var body = await BodyAsync(room);
        foreach (var token in new[] { "", "wrong", new string('x', 100_000), (string)body["accesstoken"]! + "x" })
            await AssertRefusedAsync(room, new TestCaller(), body.With("accesstoken", token), CoapCode.Unauthorized, "accesstoken");
    }

    [Fact]
    public async Task A_token_of_another_device_an_expired_one_and_one_that_another_device_used_are_4_01()
    {
        await using var room = await GatewayRoom.OpenAsync();
        var others = new Fields { ["di"] = _device.ToString(), ["accesstoken"] = await room.OneTimeTokenAsync(_user, DeviceId.New()) };
        await AssertRefusedAsync(room, new TestCaller(), others, CoapCode.Unauthorized, "accesstoken");

        var used = await BodyAsync(room);
        await room.PostAsync(new TestCaller(), Path, used.With("di", DeviceId.New().ToString()));
        await AssertRefusedAsync(room, new TestCaller(), used, CoapCode.Unauthorized, "accesstoken");

        var expired = await BodyAsync(room);
        room.Time.Advance(TimeSpan.FromMinutes(10));
        await AssertRefusedAsync(room, new TestCaller(), expired, CoapCode.Unauthorized, "accesstoken");
    }

    [Fact]
    public async Task The_same_device_may_repeat_its_request()
    {
        await using var room = await GatewayRoom.OpenAsync();
        var body = await BodyAsync(room);

        var first = await room.PostAsync(new TestCaller(), Path, body);
        var second = await room.PostAsync(new TestCaller(), Path, body);

        Assert.Equal(CoapCode.Changed, second.Message.Code);
        Assert.NotEqual(Cbor.DecodeMap(first.Message.Payload)["accesstoken"], Cbor.DecodeMap(second.Message.Payload)["accesstoken"]);
    }

    [Fact]
    public async Task Another_provider_is_4_01()
    {
        await using var room = await GatewayRoom.OpenAsync(options => options.AuthProvider = "house");
        var body = await BodyAsync(room);
        await AssertRefusedAsync(room, new TestCaller(), body.With("authprovider", "ocfcloud"), CoapCode.Unauthorized, "authprovider");
        await AssertRefusedAsync(room, new TestCaller(), body.With("authprovider", "House"), CoapCode.Unauthorized, "authprovider");
        Assert.Equal(CoapCode.Changed, (await room.PostAsync(new TestCaller(), Path, body.With("authprovider", "house"))).Message.Code);
    }

    [Fact]
    public async Task A_device_of_another_user_is_4_03()
    {
        await using var room = await GatewayRoom.OpenAsync();
        await room.RegisterAsync(UserId.New(), _device);
        var answer = await room.PostAsync(new TestCaller(), Path, await BodyAsync(room));
        Assert.Equal(CoapCode.Forbidden, answer.Message.Code);
        Assert.True(answer.ClosesConnection);
        Assert.NotEqual(_user, (await FindAsync(room))!.UserId);
    }

    [Fact]
    public async Task A_connection_acts_for_one_device()
    {
        await using var room = await GatewayRoom.OpenAsync();
        var body = await BodyAsync(room);
        await AssertRefusedAsync(room, new TestCaller { Certified = DeviceId.New() }, body, CoapCode.Unauthorized, "di");

        var caller = new TestCaller();
        caller.Bind(_user, DeviceId.New());
        await AssertRefusedAsync(room, caller, body, CoapCode.Unauthorized, "di");
    }

    [Theory]
    [InlineData(null, null, null)]
    [InlineData("coaps+tcp://other.example:5684", null, "coaps+tcp://other.example:5684")]
    [InlineData("coaps+tcp://192.0.2.1:5684", null, null)]
    [InlineData("coaps+tcp://192.0.2.1:5685", null, "coaps+tcp://192.0.2.1:5685")]
    [InlineData("coaps+tcp://192.0.2.2:5684", null, "coaps+tcp://192.0.2.2:5684")]
    [InlineData("coaps+tcp://[::ffff:192.0.2.1]:5684", null, null)]
    [InlineData("coaps+tcp://cloud.example:5684", "coaps+tcp://Cloud.example:5684", null)]
    [InlineData("coaps+tcp://other.example:5684", "coaps+tcp://cloud.example:5684", "coaps+tcp://other.example:5684")]
    public async Task A_device_is_sent_elsewhere_unless_it_is_there(string? redirectUri, string? publicCoaps, string? expected)
    {
        await using var room = await GatewayRoom.OpenAsync(options => (options.RedirectUri, options.PublicCoaps) = (redirectUri, publicCoaps));

        var answer = await room.PostAsync(new TestCaller { LocalEndpoint = "coaps+tcp://192.0.2.1:5684" }, Path, await BodyAsync(room));

        Assert.Equal(expected, Cbor.DecodeMap(answer.Message.Payload).GetValueOrDefault("redirecturi"));
    }

    private async Task<Fields> BodyAsync(GatewayRoom room) => new() { ["di"] = _device.ToString(), ["accesstoken"] = await room.OneTimeTokenAsync(_user) };

    private Task<DeviceOwner?> FindAsync(GatewayRoom room) => room.Accounts.FindAsync(_device, TestContext.Current.CancellationToken);

    private async Task AssertRefusedAsync(GatewayRoom room, TestCaller caller, Fields body, CoapCode code, string field)
    {
        var binding = caller.Binding;

        var answer = await room.PostAsync(caller, Path, body);

        Assert.Equal(code, answer.Message.Code);
        Assert.True(answer.ClosesConnection);
        Assert.Null(answer.Message.ContentFormat);
        Assert.Contains($"\"{field}\"", answer.Message.Diagnostic, StringComparison.Ordinal);
        if (body.GetValueOrDefault("accesstoken") is string { Length: > 6 } token) Assert.DoesNotContain(token, answer.Message.Diagnostic, StringComparison.Ordinal);
        Assert.Equal(binding, caller.Binding);
        Assert.Null(await FindAsync(room));
    }
}
