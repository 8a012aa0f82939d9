using System.Net;
using OcfCloud.Coap;
using OcfCloud.Core.Devices;
using OcfCloud.DeviceGateway.Resources;

namespace OcfCloud.DeviceGateway.Tests.Resources;

/// <summary>Who guesses tokens waits longer and longer; who has the right ones does not.</summary>
public sealed class FailedAttemptTests
{
    private readonly TestCaller _guesser = new();
    private readonly UserId _user = UserId.New();
    private readonly DeviceId _device = DeviceId.New();

    [Fact]
    public async Task After_more_than_ten_wrong_tokens_in_a_row_the_next_is_5_03_for_a_time_that_doubles_up_to_a_minute()
    {
        await using var room = await GatewayRoom.OpenAsync();
        await FailAsync(room, 11);

        foreach (var seconds in new uint[] { 1, 2, 4, 8, 16, 32, 60, 60 })
        {
            var postponed = await SignInAsync(room, _guesser, "wrong");
            Assert.Equal(CoapCode.ServiceUnavailable, postponed.Message.Code);
            Assert.Equal(seconds, postponed.Message.MaxAge);
            Assert.False(postponed.ClosesConnection);
            room.Time.Advance(TimeSpan.FromSeconds(seconds));
            Assert.Equal(CoapCode.Unauthorized, (await SignInAsync(room, _guesser, "wrong")).Message.Code);
        }
    }

    [Fact]
    public async Task Meanwhile_the_store_is_not_asked()
    {
        await using var room = await GatewayRoom.OpenAsync();
        await FailAsync(room, 11);
        room.BreakStore();

        Assert.Equal(CoapCode.ServiceUnavailable, (await SignInAsync(room, _guesser, "wrong")).Message.Code);
    }

    [Fact]
    public async Task A_right_token_ends_the_row()
    {
        await using var room = await GatewayRoom.OpenAsync();
        var tokens = await room.RegisterAsync(_user, _device);

        for (var round = 0; round < 3; round++)
        {
            await FailAsync(room, 10, new TestCaller());
            Assert.Equal(CoapCode.Changed, (await SignInAsync(room, new TestCaller(), tokens.AccessToken)).Message.Code);
        }
    }

    [Fact]
    public async Task A_row_is_forgotten_after_some_minutes()
    {
        await using var room = await GatewayRoom.OpenAsync();
        await FailAsync(room, 11);
        room.Time.Advance(TimeSpan.FromMinutes(10));

        await FailAsync(room, 10);
    }

    [Fact]
    public async Task The_device_itself_signs_in_from_another_address_meanwhile()
    {
        await using var room = await GatewayRoom.OpenAsync();
        var tokens = await room.RegisterAsync(_user, _device);
        await FailAsync(room, 11);

        Assert.Equal(CoapCode.Changed, (await SignInAsync(room, new TestCaller { Network = IPAddress.Parse("192.0.2.7") }, tokens.AccessToken)).Message.Code);
        Assert.Equal(CoapCode.ServiceUnavailable, (await SignInAsync(room, _guesser, tokens.AccessToken)).Message.Code);
    }

    [Fact]
    public async Task An_address_that_tries_many_devices_waits_too_but_not_a_device_that_was_let_in_there()
    {
        await using var room = await GatewayRoom.OpenAsync();
        var tokens = await room.RegisterAsync(_user, _device);
        Assert.Equal(CoapCode.Changed, (await SignInAsync(room, new TestCaller(), tokens.AccessToken)).Message.Code);
        for (var i = 0; i < 101; i++) Assert.Equal(CoapCode.Unauthorized, (await SignUpAsync(room)).Message.Code);

        var postponed = await SignUpAsync(room);
        Assert.Equal(CoapCode.ServiceUnavailable, postponed.Message.Code);
        Assert.Equal(1u, postponed.Message.MaxAge);
        Assert.True(postponed.ClosesConnection);
        Assert.Equal(CoapCode.Changed, (await SignInAsync(room, new TestCaller(), tokens.AccessToken)).Message.Code);
    }

    [Fact]
    public async Task Refreshes_and_deregistrations_count_as_sign_ins_do()
    {
        await using var room = await GatewayRoom.OpenAsync();
        for (var i = 0; i < 5; i++)
        {
            Assert.Equal(CoapCode.Unauthorized, (await RefreshAsync(room)).Message.Code);
            Assert.Equal(CoapCode.Unauthorized, (await DeregisterAsync(room)).Message.Code);
        }

        Assert.Equal(CoapCode.Unauthorized, (await RefreshAsync(room)).Message.Code);

        Assert.Equal(CoapCode.ServiceUnavailable, (await RefreshAsync(room)).Message.Code);
        Assert.Equal(CoapCode.ServiceUnavailable, (await DeregisterAsync(room)).Message.Code);
    }

    [Fact]
    public async Task Tokens_that_ran_out_are_no_guesses()
    {
        await using var room = await GatewayRoom.OpenAsync();
        var tokens = await room.RegisterAsync(_user, _device);
        room.Time.Advance(TimeSpan.FromHours(2));

        for (var i = 0; i < 20; i++) Assert.Equal(CoapCode.Unauthorized, (await SignInAsync(room, _guesser, tokens.AccessToken)).Message.Code);
    }

    private async Task FailAsync(GatewayRoom room, int times, TestCaller? caller = null)
    {
        for (var i = 0; i < times; i++) Assert.Equal(CoapCode.Unauthorized, (await SignInAsync(room, caller ?? _guesser, "wrong")).Message.Code);
    }

    private Task<ResourceAnswer> SignInAsync(GatewayRoom room, TestCaller caller, string token) =>
        room.PostAsync(caller, "/oic/sec/session", new Fields { ["uid"] = _user.ToString(), ["di"] = _device.ToString(), ["accesstoken"] = token, ["login"] = true });

    private static Task<ResourceAnswer> SignUpAsync(GatewayRoom room) =>
        room.PostAsync(new TestCaller(), "/oic/sec/account", new Fields { ["di"] = DeviceId.New().ToString(), ["accesstoken"] = "wrong" });

    private Task<ResourceAnswer> RefreshAsync(GatewayRoom room) =>
        room.PostAsync(_guesser, "/oic/sec/tokenrefresh", new Fields { ["uid"] = _user.ToString(), ["di"] = _device.ToString(), ["refreshtoken"] = "wrong" });

    private Task<ResourceAnswer> DeregisterAsync(GatewayRoom room) => room.DeleteAsync(_guesser, $"/oic/sec/account?di={_device}&accesstoken=wrong");
}
