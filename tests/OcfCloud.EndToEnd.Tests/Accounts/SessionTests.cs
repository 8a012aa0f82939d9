using System.Text.Json;
using OcfCloud.EndToEnd.Devices;
using OcfCloud.EndToEnd.Harness;
using OcfCloud.EndToEnd.Wire;

namespace OcfCloud.EndToEnd.Accounts;

/// <summary>device-to-cloud.md, 4 and 5: sessions and the tokens that open them.</summary>
public sealed class SessionTests(QuietCloud fixture) : IClassFixture<QuietCloud>
{
    private Cloud Cloud => fixture.Cloud;

    private CloudUser User => fixture.User;

    [Fact]
    public async Task A_sign_in_says_what_remains_of_the_token_and_the_device_is_online_until_its_connection_ends()
    {
        await using var device = new TestDevice(Cloud);
        await device.ConnectAsync();
        await device.SignUpAsync(await User.CreateDeviceTokenAsync(device.Id));
        Assert.Equal("offline", await User.StatusOfAsync(device.Id));
        var body = Cbor.DecodeMap((await device.TrySignInAsync()).Payload);
        Assert.Equal(["expiresin"], body.Keys);
        Assert.InRange((long)body["expiresin"]!, 3500, 3600);
        await Eventually.EqualAsync("online", () => User.StatusOfAsync(device.Id));
        device.Connection.Reset();
        await Eventually.EqualAsync("offline", () => User.StatusOfAsync(device.Id));
    }

    [Fact]
    public async Task A_sign_out_says_nothing_keeps_the_registration_and_lets_the_device_in_again()
    {
        await using var device = new TestDevice(Cloud, ("/light", "oic.r.light"));
        await using var client = new TestDevice(Cloud);
        await device.JoinAsync(User);
        await client.JoinAsync(User);
        var answer = await device.TrySignInAsync(login: false);
        Assert.Equal("2.04", answer.CodeText);
        Assert.DoesNotContain("expiresin", answer.Payload.Length == 0 ? [] : Cbor.DecodeMap(answer.Payload).Keys);
        await Eventually.EqualAsync("offline", () => User.StatusOfAsync(device.Id));
        Assert.Equal("5.03", (await client.RequestAsync("GET", device.PathOf("/light"))).CodeText);
        Assert.Equal([device.PathOf("/light")], await client.DiscoverAsync($"?di={device.Id}"));
        Assert.Equal("4.01", (await device.TryPublishAsync()).CodeText);

        await device.SignInAsync();
        await Eventually.EqualAsync("online", () => User.StatusOfAsync(device.Id));
        Assert.Equal("2.05", (await client.RequestAsync("GET", device.PathOf("/light"))).CodeText);
    }

    [Fact]
    public async Task A_sign_out_with_a_wrong_token_or_without_a_session_is_refused()
    {
        await using var device = new TestDevice(Cloud);
        await device.JoinAsync(User);
        var tokens = device.Tokens;
        device.Tokens = tokens with { AccessToken = tokens.RefreshToken };
        Assert.Equal("4.01", (await device.TrySignInAsync(login: false)).CodeText);
        device.Tokens = tokens;
        Assert.Equal("2.05", (await device.RequestAsync("GET", "/oic/rd")).CodeText);
        Assert.Equal("2.04", (await device.TrySignInAsync(login: false)).CodeText);
        Assert.Equal("4.01", (await device.TrySignInAsync(login: false)).CodeText);
    }

    [Fact]
    public async Task Why_a_device_was_refused_stands_in_the_list_of_devices_and_its_coming_and_going_on_record()
    {
        await using var device = new TestDevice(Cloud);
        await device.JoinAsync(User);
        device.Tokens = device.Tokens with { AccessToken = device.Tokens.RefreshToken };
        Assert.Equal("4.01", (await device.TrySignInAsync()).CodeText);
        await using var stranger = new TestDevice(Cloud);
        await stranger.ConnectAsync();
        Assert.Equal("4.01", (await stranger.TrySignUpAsync("nobody's")).CodeText);

        await Eventually.EqualAsync("sign-in 4.01 token-unknown", () => RefusalOfAsync(device, "device", "list", "--json"));
        await Eventually.EqualAsync("sign-up 4.01 token-unknown", () => RefusalOfAsync(stranger, "device", "list", "--refused", "--json"));
        var registered = (await Cloud.ArrangeAsync("audit", "list", "--kind", "device-registered", "--json")).Succeeded().Json.EnumerateArray()
            .Single(entry => entry.GetProperty("subject").GetString() == $"device:{device.Id}");
        Assert.Equal($"device:{device.Id}", registered.GetProperty("actor").GetString());
        Assert.Equal(User.Name, registered.GetProperty("user").GetString());
        Assert.DoesNotContain(device.Tokens.RefreshToken, registered.GetRawText(), StringComparison.Ordinal);

        async Task<string?> RefusalOfAsync(TestDevice of, params string[] command)
        {
            var listed = (await Cloud.ArrangeAsync(command)).Succeeded().Json.EnumerateArray().FirstOrDefault(one => one.GetProperty("di").GetGuid() == of.Id);
            return listed.ValueKind == JsonValueKind.Object && listed.GetProperty("lastRefusal") is { ValueKind: JsonValueKind.Object } refusal
                ? $"{refusal.GetProperty("what").GetString()} {refusal.GetProperty("code").GetString()} {refusal.GetProperty("reason").GetString()}"
                : null;
        }
    }

    [Fact]
    public async Task A_second_sign_in_elsewhere_wins_and_what_the_first_connection_does_changes_nothing()
    {
        await using var first = new TestDevice(Cloud, ("/light", "oic.r.light"));
        await using var client = new TestDevice(Cloud);
        await first.JoinAsync(User);
        await client.JoinAsync(User);
        await using var second = new TestDevice(Cloud, first.Id, ("/light", "oic.r.light")) { Tokens = first.Tokens };
        await second.ReturnAsync();
        await first.Connection.EndAsync();
        Assert.Contains(first.Connection.Received, m => m.Code == WireMessage.Release && m.Token.Length == 8);

        await first.DisposeAsync();
        second.Resources[0].Change(new Dictionary<string, object?> { ["value"] = 2 });
        Assert.Equal(2L, Cbor.DecodeMap((await client.RequestAsync("GET", first.PathOf("/light"))).Payload)["value"]);
        // By the way of its own, later changes of the state would be there before this one; its beginning has to be written first to have an end.
        await Eventually.EqualAsync("online", () => User.StatusOfAsync(client.Id));
        Assert.Equal("2.04", (await client.TrySignInAsync(login: false)).CodeText);
        await Eventually.EqualAsync("offline", () => User.StatusOfAsync(client.Id));
        Assert.Equal("online", await User.StatusOfAsync(first.Id));
    }

    [Fact]
    public async Task Two_sign_ins_on_one_connection_are_one_session()
    {
        await using var device = new TestDevice(Cloud, ("/light", "oic.r.light"));
        await device.JoinAsync(User);
        await device.SignInAsync();
        Assert.Equal("2.05", (await device.RequestAsync("GET", device.PathOf("/light"))).CodeText);
        await Eventually.EqualAsync("online", () => User.StatusOfAsync(device.Id));
        Assert.Equal("2.04", (await device.TrySignInAsync(login: false)).CodeText);
        await Eventually.EqualAsync("offline", () => User.StatusOfAsync(device.Id));
    }

    [Fact]
    public async Task A_token_that_is_not_the_devices_is_refused_with_4_01_and_the_connection_stays()
    {
        var bob = await fixture.AnotherUserAsync();
        await using var other = new TestDevice(Cloud);
        await other.JoinAsync(bob);
        await using var device = new TestDevice(Cloud);
        await device.ConnectAsync();
        await device.SignUpAsync(await User.CreateDeviceTokenAsync(device.Id));
        await device.ConnectAsync();
        var own = device.Tokens;
        foreach (var wrong in (DeviceTokens[])
        [
            own with { AccessToken = "wrong" },
            own with { AccessToken = "" },
            own with { AccessToken = own.RefreshToken },
            own with { AccessToken = other.Tokens.AccessToken },
            own with { Uid = other.Tokens.Uid },
            own with { Uid = Guid.NewGuid().ToString() },
        ])
        {
            device.Tokens = wrong;
            Assert.Equal("4.01", (await device.TrySignInAsync()).CodeText);
        }

        foreach (var wrong in (DeviceTokens[])
        [
            own with { RefreshToken = "wrong" },
            own with { RefreshToken = own.AccessToken },
            own with { RefreshToken = other.Tokens.RefreshToken },
            own with { Uid = other.Tokens.Uid },
        ])
        {
            device.Tokens = wrong;
            Assert.Equal("4.01", (await device.TryRefreshAsync()).CodeText);
        }

        device.Tokens = own;
        Assert.Equal("2.04", (await device.TryRefreshAsync()).CodeText);
        await device.SignInAsync();
    }

    [Fact]
    public async Task A_publish_right_behind_a_sign_in_finds_the_session()
    {
        await using var device = new TestDevice(Cloud, ("/light", "oic.r.light"));
        await device.ConnectAsync();
        await device.SignUpAsync(await User.CreateDeviceTokenAsync(device.Id));
        var signIn = device.TrySignInAsync();
        var publish = device.TryPublishAsync();
        var read = device.RequestAsync("GET", device.PathOf("/light"));
        Assert.Equal("2.04", (await signIn).CodeText);
        Assert.Equal("2.04", (await publish).CodeText);
        Assert.Equal("2.05", (await read).CodeText);
    }

    [Fact]
    public async Task A_refresh_gives_new_tokens_with_and_without_a_session()
    {
        await using var device = new TestDevice(Cloud);
        await device.JoinAsync(User);
        var old = device.Tokens;
        var body = Cbor.DecodeMap((await device.TryRefreshAsync()).Payload);
        Assert.Equal(["accesstoken", "expiresin", "refreshtoken"], body.Keys.Order(StringComparer.Ordinal));
        Assert.Equal(3600L, body["expiresin"]);
        Assert.NotEqual(old.AccessToken, device.Tokens.AccessToken);
        Assert.NotEqual(old.RefreshToken, device.Tokens.RefreshToken);

        // Field: after a reconnect a device refreshes first, then signs in.
        await device.ConnectAsync();
        Assert.Equal("2.04", (await device.TryRefreshAsync()).CodeText);
        await device.SignInAsync();
        device.Tokens = old;
        Assert.Equal("4.01", (await device.TrySignInAsync()).CodeText);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task The_previous_refresh_token_is_accepted_until_one_of_the_new_tokens_was_used_and_then_revokes_the_family(bool byAccessToken)
    {
        await using var device = new TestDevice(Cloud);
        await device.JoinAsync(User);
        var first = device.Tokens.RefreshToken;
        Assert.Equal("2.04", (await device.TryRefreshAsync(first, keep: false)).CodeText);
        Assert.Equal("2.04", (await device.TryRefreshAsync(first)).CodeText);
        if (byAccessToken)
        {
            await device.SignInAsync();
        }
        else
        {
            Assert.Equal("2.04", (await device.TryRefreshAsync()).CodeText);
        }

        var printed = Cloud.Host.Output.Count;
        await using var thief = new TestDevice(Cloud, device.Id) { Tokens = device.Tokens };
        await thief.ConnectAsync();
        Assert.Equal("4.01", (await thief.TryRefreshAsync(first)).CodeText);
        await device.Connection.EndAsync();
        await Cloud.Host.WaitForAsync(device.Id.ToString(), printed);
        Assert.Equal("4.01", (await thief.TryRefreshAsync()).CodeText);
        Assert.Equal("4.01", (await thief.TrySignInAsync()).CodeText);
        await Eventually.EqualAsync("offline", () => User.StatusOfAsync(device.Id));

        // The registration stays: its user gives it a new token.
        await device.ConnectAsync();
        await device.SignUpAsync(await User.CreateDeviceTokenAsync(device.Id));
    }

    [Fact]
    public async Task No_token_is_ever_in_the_log()
    {
        await using var device = new TestDevice(Cloud, ("/light", "oic.r.light"));
        await device.ConnectAsync();
        var oneTime = await User.CreateDeviceTokenAsync(device.Id);
        await device.SignUpAsync(oneTime);
        await device.SignInAsync();
        var first = device.Tokens;
        await device.TryRefreshAsync();
        await device.TrySignInAsync();
        await using var thief = new TestDevice(Cloud, device.Id) { Tokens = first };
        await thief.ConnectAsync();
        Assert.Equal("4.01", (await thief.TryRefreshAsync()).CodeText);
        Assert.Equal("4.01", (await thief.RequestAsync("DELETE", $"/oic/sec/account?di={device.Id}&accesstoken={first.AccessToken}")).CodeText);
        foreach (var secret in (string[])[oneTime, first.AccessToken, first.RefreshToken, device.Tokens.AccessToken, device.Tokens.RefreshToken, User.Bearer])
        {
            Assert.DoesNotContain(secret, Cloud.Host.Transcript, StringComparison.Ordinal);
        }
    }
}
