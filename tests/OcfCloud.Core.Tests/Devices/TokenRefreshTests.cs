using OcfCloud.Core.Devices;
using OcfCloud.Core.Events;
using OcfCloud.Core.Storage;
using OcfCloud.Core.Tests.Support;

namespace OcfCloud.Core.Tests.Devices;

/// <summary>device-to-cloud.md, 5.</summary>
public sealed class TokenRefreshTests(Stores stores) : StoreTests(stores)
{
    [Theory, InlineData(StoreProvider.Sqlite), InlineData(StoreProvider.PostgreSql)]
    public async Task A_refresh_gives_new_tokens_with_a_new_lifetime(StoreProvider provider)
    {
        var node = await Stores.OnAsync(provider);
        var device = await node.RegisterAsync();
        node.Clock.Advance(TimeSpan.FromMinutes(30));

        var fresh = await RefreshAsync(node, device, device.RefreshToken);

        Assert.True(fresh.Accepted);
        Assert.Matches("^[A-Za-z0-9_-]{43}$", fresh.AccessToken);
        Assert.Matches("^[A-Za-z0-9_-]{43}$", fresh.RefreshToken);
        Assert.Equal(TimeSpan.FromHours(1), fresh.ExpiresIn);
        Assert.Equal(node.Clock.GetUtcNow() + TimeSpan.FromHours(1), fresh.Expires);
        Assert.True(await SignsInAsync(node, device, fresh.AccessToken));
    }

    [Theory, InlineData(StoreProvider.Sqlite), InlineData(StoreProvider.PostgreSql)]
    public async Task A_refresh_token_is_bound_to_its_device_and_user(StoreProvider provider)
    {
        var node = await Stores.OnAsync(provider);
        var (device, other) = (await node.RegisterAsync(), await node.RegisterAsync());

        Assert.False((await node.Accounts.RefreshAsync(other.Id, device.User, device.RefreshToken, Ending)).Accepted);
        Assert.False((await node.Accounts.RefreshAsync(device.Id, other.User, device.RefreshToken, Ending)).Accepted);
        Assert.False((await node.Accounts.RefreshAsync(other.Id, other.User, device.RefreshToken, Ending)).Accepted);
        Assert.False((await RefreshAsync(node, device, device.AccessToken)).Accepted);
        Assert.False((await RefreshAsync(node, device, device.OneTimeToken)).Accepted);
        Assert.False((await RefreshAsync(node, device, "")).Accepted);
        // None of that was reuse.
        Assert.True((await RefreshAsync(node, device, device.RefreshToken)).Accepted);
    }

    [Theory, InlineData(StoreProvider.Sqlite), InlineData(StoreProvider.PostgreSql)]
    public async Task The_answer_may_get_lost_again_and_again(StoreProvider provider)
    {
        var node = await Stores.OnAsync(provider);
        var device = await node.RegisterAsync();

        for (var i = 0; i < 20; i++) Assert.True((await RefreshAsync(node, device, device.RefreshToken)).Accepted);
        // The old access token too holds as long as no new one was used.
        Assert.True(await SignsInAsync(node, device, device.AccessToken));
        var last = await RefreshAsync(node, device, device.RefreshToken);

        Assert.True(await SignsInAsync(node, device, last.AccessToken));
        Assert.False(await SignsInAsync(node, device, device.AccessToken));
    }

    [Theory, InlineData(StoreProvider.Sqlite, true), InlineData(StoreProvider.Sqlite, false)]
    [InlineData(StoreProvider.PostgreSql, true), InlineData(StoreProvider.PostgreSql, false)]
    public async Task Once_a_new_token_was_used_the_old_refresh_token_revokes_all(StoreProvider provider, bool byAccessToken)
    {
        var node = await Stores.OnAsync(provider);
        var device = await node.RegisterAsync();
        var session = await node.SignInAsync(device);
        await node.Online.FlushAsync(Ending);
        var fresh = await RefreshAsync(node, device, device.RefreshToken);
        if (byAccessToken) Assert.True(await SignsInAsync(node, device, fresh.AccessToken));
        else fresh = await RefreshAsync(node, device, fresh.RefreshToken);

        Assert.False((await RefreshAsync(node, device, device.RefreshToken)).Accepted);

        Assert.False(await SignsInAsync(node, device, fresh.AccessToken));
        Assert.False((await RefreshAsync(node, device, fresh.RefreshToken)).Accepted);
        var events = await node.EventsAsync(device.User);
        Assert.Equal([EventKind.DeviceOffline, EventKind.SessionRevoked], events[^2..].Select(e => e.Kind));
        Assert.True(events[^1].Session > session);
        Assert.Contains(node.Log.Lines, line => line.Contains(device.Id.ToString(), StringComparison.Ordinal) && line.Contains("used again", StringComparison.Ordinal));
        Assert.DoesNotContain(node.Log.Lines, line => line.Contains(device.RefreshToken, StringComparison.Ordinal));
        // It stays registered, with its user, and may register again.
        Assert.Equal(device.User, (await node.Accounts.FindAsync(device.Id, Ending))!.UserId);
        Assert.True(await SignsInAsync(node, await node.RegisterAsync(device.User, device.Id)));
    }

    [Theory, InlineData(StoreProvider.Sqlite), InlineData(StoreProvider.PostgreSql)]
    public async Task The_previous_refresh_token_holds_until_the_new_one_is_used(StoreProvider provider)
    {
        var node = await Stores.OnAsync(provider);
        var device = await node.RegisterAsync();
        var token = device.RefreshToken;
        var access = "";
        for (var i = 0; i < 5; i++)
        {
            Assert.True((await RefreshAsync(node, device, token)).Accepted);
            var repeated = await RefreshAsync(node, device, token);
            Assert.True(repeated.Accepted);
            (token, access) = (repeated.RefreshToken, repeated.AccessToken);
        }

        Assert.True(await SignsInAsync(node, device, access));
    }

    [Theory, InlineData(StoreProvider.Sqlite), InlineData(StoreProvider.PostgreSql)]
    public async Task Reuse_of_a_very_old_token_revokes_too(StoreProvider provider)
    {
        var node = await Stores.OnAsync(provider);
        var device = await node.RegisterAsync();
        var tokens = new List<string> { device.RefreshToken };
        for (var i = 0; i < 12; i++) tokens.Add((await RefreshAsync(node, device, tokens[^1])).RefreshToken);

        Assert.False((await RefreshAsync(node, device, tokens[0])).Accepted);

        Assert.False((await RefreshAsync(node, device, tokens[^1])).Accepted);
    }

    [Theory, InlineData(StoreProvider.Sqlite), InlineData(StoreProvider.PostgreSql)]
    public async Task A_refresh_before_the_first_sign_in_leaves_a_repeated_sign_up_possible(StoreProvider provider)
    {
        var node = await Stores.OnAsync(provider);
        var device = await node.RegisterAsync();
        Assert.True((await RefreshAsync(node, device, device.RefreshToken)).Accepted);

        var again = await node.Accounts.SignUpAsync(device.Id, device.OneTimeToken, Ending);

        Assert.True(again.Succeeded);
        Assert.True(await SignsInAsync(node, device, again.AccessToken));
    }

    private static Task<RefreshOutcome> RefreshAsync(CloudNode node, RegisteredDevice device, string token) =>
        node.Accounts.RefreshAsync(device.Id, device.User, token, Ending);

    private static async Task<bool> SignsInAsync(CloudNode node, RegisteredDevice device, string? token = null) =>
        (await node.Accounts.SignInAsync(device.Id, device.User, token ?? device.AccessToken, Ending)).Accepted;
}
