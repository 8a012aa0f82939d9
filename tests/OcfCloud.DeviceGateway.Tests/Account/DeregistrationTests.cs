using OcfCloud.Coap;
using OcfCloud.Core.Devices;
using OcfCloud.DeviceGateway.Tests.Resources;

namespace OcfCloud.DeviceGateway.Tests.Account;

/// <summary>device-to-cloud.md, 3: DELETE.</summary>
public sealed class DeregistrationTests
{
    private readonly UserId _user = UserId.New();
    private readonly DeviceId _device = DeviceId.New();

    [Fact]
    public async Task A_device_that_is_signed_in_needs_to_say_nothing()
    {
        await using var room = await GatewayRoom.OpenAsync();
        var (caller, tokens) = await room.SignInAsync(_user, _device);

        var answer = await room.DeleteAsync(caller, "/oic/sec/account");

        Assert.Equal(CoapCode.Deleted, answer.Message.Code);
        Assert.False(answer.ClosesConnection);
        Assert.Null(caller.Session);
        Assert.Null(await FindAsync(room));
        Assert.False((await room.Accounts.SignInAsync(_device, _user, tokens.AccessToken, TestContext.Current.CancellationToken)).Accepted);
    }

    [Fact]
    public async Task What_a_device_that_is_signed_in_says_has_to_match()
    {
        await using var room = await GatewayRoom.OpenAsync();
        var (caller, tokens) = await room.SignInAsync(_user, _device);

        foreach (var query in new[] { $"di={DeviceId.New()}", $"uid={UserId.New()}", "accesstoken=wrong", $"accesstoken={tokens.RefreshToken}" })
            await AssertRefusedAsync(room, caller, query, CoapCode.Unauthorized);
        foreach (var query in new[] { "di=x", "di", "di=", "uid=x", "accesstoken=", $"di={_device}&di={_device}", "if=oic.if.ll" })
            await AssertRefusedAsync(room, caller, query, CoapCode.BadRequest);
        Assert.NotNull(caller.Session);

        var answer = await room.DeleteAsync(
            caller, $"/oic/sec/account?di={_device.ToString().ToUpperInvariant()}&uid={_user}&accesstoken={tokens.AccessToken}&if=oic.if.baseline&x=y");
        Assert.Equal(CoapCode.Deleted, answer.Message.Code);
        Assert.Null(await FindAsync(room));
    }

    [Fact]
    public async Task A_device_that_is_not_signed_in_shows_its_token()
    {
        await using var room = await GatewayRoom.OpenAsync();
        var tokens = await room.RegisterAsync(_user, _device);

        var answer = await room.DeleteAsync(new TestCaller(), $"/oic/sec/account?di={_device}&accesstoken={tokens.AccessToken}");

        Assert.Equal(CoapCode.Deleted, answer.Message.Code);
        Assert.Null(await FindAsync(room));
    }

    [Fact]
    public async Task Without_a_session_what_is_missing_or_malformed_is_4_00_and_what_is_wrong_4_01()
    {
        await using var room = await GatewayRoom.OpenAsync();
        var tokens = await room.RegisterAsync(_user, _device);
        var other = await room.RegisterAsync(UserId.New(), DeviceId.New());

        foreach (var query in new[]
        {
            "", $"di={_device}", $"accesstoken={tokens.AccessToken}", $"di=x&accesstoken={tokens.AccessToken}",
            $"di={{{_device}}}&accesstoken={tokens.AccessToken}",
            $"di={_device.Value:N}&accesstoken={tokens.AccessToken}", $"di={_device}&accesstoken=", $"di={_device}&accesstoken", $"di={_device}&uid=x&accesstoken={tokens.AccessToken}",
            $"di={_device}&accesstoken={tokens.AccessToken}&accesstoken={tokens.AccessToken}",
        })
        {
            await AssertRefusedAsync(room, new TestCaller(), query, CoapCode.BadRequest);
        }
        foreach (var query in new[]
        {
            $"di={_device}&accesstoken=wrong", $"di={_device}&accesstoken={new string('x', 200)}", $"di={_device}&accesstoken={other.AccessToken}",
            $"di={DeviceId.New()}&accesstoken={tokens.AccessToken}", $"di={_device}&accesstoken={tokens.RefreshToken}",
            $"di={_device}&uid={UserId.New()}&accesstoken={tokens.AccessToken}",
        })
        {
            await AssertRefusedAsync(room, new TestCaller(), query, CoapCode.Unauthorized);
        }
        await AssertRefusedAsync(room, new TestCaller { Certified = DeviceId.New() }, $"di={_device}&accesstoken={tokens.AccessToken}", CoapCode.Unauthorized);
    }

    [Fact]
    public async Task An_expired_token_deregisters_nothing()
    {
        await using var room = await GatewayRoom.OpenAsync();
        var tokens = await room.RegisterAsync(_user, _device);
        room.Time.Advance(TimeSpan.FromHours(1));
        await AssertRefusedAsync(room, new TestCaller(), $"di={_device}&accesstoken={tokens.AccessToken}", CoapCode.Unauthorized);
    }

    private Task<DeviceOwner?> FindAsync(GatewayRoom room) => room.Accounts.FindAsync(_device, TestContext.Current.CancellationToken);

    private async Task AssertRefusedAsync(GatewayRoom room, TestCaller caller, string query, CoapCode code)
    {
        var answer = await room.DeleteAsync(caller, $"/oic/sec/account?{query}");
        Assert.True(answer.Message.Code == code, $"{query}: {answer.Message.Code} {answer.Message.Diagnostic}");
        Assert.Null(answer.Message.ContentFormat);
        Assert.Equal(0, caller.SignOuts);
        Assert.NotNull(await FindAsync(room));
    }
}
