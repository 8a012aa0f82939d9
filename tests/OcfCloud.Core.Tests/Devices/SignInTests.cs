using Microsoft.EntityFrameworkCore;
using OcfCloud.Core.Devices;
using OcfCloud.Core.Storage;
using OcfCloud.Core.Tests.Support;
using OcfCloud.Core.Tokens;

namespace OcfCloud.Core.Tests.Devices;

/// <summary>device-to-cloud.md, 4: what decides on a sign-in. What is written of it: <see cref="OnlineStateTests"/>.</summary>
public sealed class SignInTests(Stores stores) : StoreTests(stores)
{
    [Theory, InlineData(StoreProvider.Sqlite), InlineData(StoreProvider.PostgreSql)]
    public async Task A_sign_in_is_answered_with_what_remains_of_the_token(StoreProvider provider)
    {
        var node = await Stores.OnAsync(provider);
        var device = await node.RegisterAsync();
        var registered = node.Clock.GetUtcNow();
        node.Clock.Advance(TimeSpan.FromMinutes(20));

        var outcome = await node.Accounts.SignInAsync(device.Id, device.User, device.AccessToken, Ending);

        Assert.True(outcome.Accepted);
        Assert.Equal(registered + TimeSpan.FromHours(1), outcome.Expires);
        Assert.True(outcome.TwinEnabled);
    }

    [Theory, InlineData(StoreProvider.Sqlite), InlineData(StoreProvider.PostgreSql)]
    public async Task Only_the_devices_own_access_token_of_its_own_user_signs_in(StoreProvider provider)
    {
        var node = await Stores.OnAsync(provider);
        var (device, other) = (await node.RegisterAsync(), await node.RegisterAsync());

        Assert.False((await node.Accounts.SignInAsync(device.Id, device.User, "wrong", Ending)).Accepted);
        Assert.False((await node.Accounts.SignInAsync(device.Id, device.User, device.RefreshToken, Ending)).Accepted);
        Assert.False((await node.Accounts.SignInAsync(device.Id, device.User, device.OneTimeToken, Ending)).Accepted);
        Assert.False((await node.Accounts.SignInAsync(device.Id, device.User, other.AccessToken, Ending)).Accepted);
        Assert.False((await node.Accounts.SignInAsync(other.Id, device.User, device.AccessToken, Ending)).Accepted);
        Assert.False((await node.Accounts.SignInAsync(device.Id, other.User, device.AccessToken, Ending)).Accepted);
        Assert.True((await node.Accounts.SignInAsync(device.Id, device.User, device.AccessToken, Ending)).Accepted);
    }

    [Theory, InlineData(StoreProvider.Sqlite), InlineData(StoreProvider.PostgreSql)]
    public async Task An_expired_access_token_is_refused_and_its_refresh_token_is_not(StoreProvider provider)
    {
        var node = await Stores.OnAsync(provider);
        var device = await node.RegisterAsync();

        node.Clock.Advance(TimeSpan.FromHours(1) - TimeSpan.FromSeconds(1));
        Assert.True((await node.Accounts.SignInAsync(device.Id, device.User, device.AccessToken, Ending)).Accepted);
        node.Clock.Advance(TimeSpan.FromSeconds(1));
        Assert.False((await node.Accounts.SignInAsync(device.Id, device.User, device.AccessToken, Ending)).Accepted);
        Assert.False(await node.Accounts.IsAccessTokenAsync(device.Id, device.User, device.AccessToken, Ending));
        // A refresh token has no lifetime of its own.
        node.Clock.Advance(TimeSpan.FromDays(4000));
        Assert.True((await node.Accounts.RefreshAsync(device.Id, device.User, device.RefreshToken, Ending)).Accepted);
    }

    [Theory, InlineData(StoreProvider.Sqlite), InlineData(StoreProvider.PostgreSql)]
    public async Task Session_numbers_rise_on_a_clock_that_stands_still_or_goes_back(StoreProvider provider)
    {
        var node = await Stores.OnAsync(provider);
        var device = await node.RegisterAsync();

        var sessions = new List<long>();
        for (var i = 0; i < 3; i++) sessions.Add(await node.SignInAsync(device));
        await node.Online.FlushAsync(Ending);
        // Whatever a former clock said: the row's number is beyond this one's.
        var ahead = sessions[^1] + 500_000_000_000;
        await node.Store.WriteAsync(
            (context, token) => context.Set<Device>().Where(d => d.Id == device.Id).ExecuteUpdateAsync(set => set.SetProperty(d => d.Session, ahead), token), Ending);
        sessions.Add(await node.SignInAsync(device));
        sessions.Add(await node.SignInAsync(device));

        Assert.Equal(sessions.Order(), sessions);
        Assert.Equal(sessions.Count, sessions.Distinct().Count());
        Assert.All(sessions[^2..], session => Assert.InRange(session, ahead + 1, ahead + 2_000_001));
    }

    // Right after a registration the row's number is beyond the clock.
    [Theory, InlineData(StoreProvider.Sqlite), InlineData(StoreProvider.PostgreSql)]
    public async Task Sign_ins_at_once_have_different_numbers(StoreProvider provider)
    {
        var node = await Stores.OnAsync(provider);
        var device = await node.RegisterAsync();

        var outcomes = await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => node.Accounts.SignInAsync(device.Id, device.User, device.AccessToken, Ending)));

        Assert.All(outcomes, outcome => Assert.True(outcome.Accepted));
        Assert.Equal(10, outcomes.Select(o => o.Session).Distinct().Count());
    }

    [Theory, InlineData(StoreProvider.Sqlite), InlineData(StoreProvider.PostgreSql)]
    public async Task A_sign_in_after_the_first_writes_nothing(StoreProvider provider)
    {
        var node = await Stores.OnAsync(provider);
        var device = await node.RegisterAsync();
        Assert.True((await node.Accounts.SignInAsync(device.Id, device.User, device.AccessToken, Ending)).Accepted);
        var before = await GenerationsAsync(node, device.Id);

        Assert.True((await node.Accounts.SignInAsync(device.Id, device.User, device.AccessToken, Ending)).Accepted);

        Assert.Equal(before, await GenerationsAsync(node, device.Id));
        Assert.Equal([GenerationState.Current], before);
    }

    [Fact]
    public async Task A_token_without_a_lifetime_never_expires()
    {
        var node = Stores.OnSqlite(Stores.NewFolder());
        node.Get<DeviceTokenOptions>().AccessTokenLifetime = TimeSpan.Zero;
        await node.MigrateOnceAsync();
        var device = CloudNode.NewDevice();
        var signedUp = await node.Accounts.SignUpAsync(device, await node.OneTimeTokenAsync(UserId.New()), Ending);

        node.Clock.Advance(TimeSpan.FromDays(4000));
        var signedIn = await node.Accounts.SignInAsync(device, signedUp.UserId, signedUp.AccessToken, Ending);

        Assert.Null(signedUp.ExpiresIn);
        Assert.True(signedIn.Accepted);
        Assert.Null(signedIn.Expires);
    }

    private static Task<List<GenerationState>> GenerationsAsync(CloudNode node, DeviceId device) =>
        node.Store.ReadAsync(
            (context, token) => context.Set<TokenGeneration>().Where(g => g.Family.DeviceId == device).Select(g => g.State).ToListAsync(token), Ending);
}
