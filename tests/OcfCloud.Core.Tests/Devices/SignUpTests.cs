using OcfCloud.Core.Devices;
using OcfCloud.Core.Events;
using OcfCloud.Core.Storage;
using OcfCloud.Core.Tests.Support;

namespace OcfCloud.Core.Tests.Devices;

/// <summary>device-to-cloud.md, 3.</summary>
public sealed class SignUpTests(Stores stores) : StoreTests(stores)
{
    [Theory, InlineData(StoreProvider.Sqlite), InlineData(StoreProvider.PostgreSql)]
    public async Task A_sign_up_gives_tokens_of_32_bytes_and_their_lifetime(StoreProvider provider)
    {
        var node = await Stores.OnAsync(provider);
        var user = UserId.New();

        var outcome = await node.Accounts.SignUpAsync(CloudNode.NewDevice(), await node.OneTimeTokenAsync(user), Ending);

        Assert.Equal(SignUpRefusal.None, outcome.Refusal);
        Assert.Equal(user, outcome.UserId);
        Assert.Matches("^[A-Za-z0-9_-]{43}$", outcome.AccessToken);
        Assert.Matches("^[A-Za-z0-9_-]{43}$", outcome.RefreshToken);
        Assert.NotEqual(outcome.AccessToken, outcome.RefreshToken);
        Assert.Equal(TimeSpan.FromHours(1), outcome.ExpiresIn);
        Assert.InRange(outcome.UserId.ToString().Length + outcome.AccessToken.Length, 1, 86);
        Assert.False(outcome.Reregistered);
        Assert.Equal([EventKind.DeviceRegistered], await node.EventKindsAsync(user));
    }

    [Theory, InlineData(StoreProvider.Sqlite), InlineData(StoreProvider.PostgreSql)]
    public async Task A_wrong_token_is_refused_and_stores_nothing(StoreProvider provider)
    {
        var node = await Stores.OnAsync(provider);
        var device = CloudNode.NewDevice();

        foreach (var token in new[] { "", "wrong", new string('a', 43), new string('a', 5000) })
            Assert.Equal(SignUpRefusal.InvalidToken, (await node.Accounts.SignUpAsync(device, token, Ending)).Refusal);

        Assert.Null(await node.RowAsync(device));
    }

    [Theory, InlineData(StoreProvider.Sqlite), InlineData(StoreProvider.PostgreSql)]
    public async Task A_token_is_good_for_less_than_its_lifetime(StoreProvider provider)
    {
        var node = await Stores.OnAsync(provider);
        var user = UserId.New();
        var (early, late) = (await node.OneTimeTokenAsync(user), await node.OneTimeTokenAsync(user));

        node.Clock.Advance(TimeSpan.FromMinutes(10) - TimeSpan.FromSeconds(1));
        Assert.True((await node.Accounts.SignUpAsync(CloudNode.NewDevice(), early, Ending)).Succeeded);
        node.Clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(SignUpRefusal.InvalidToken, (await node.Accounts.SignUpAsync(CloudNode.NewDevice(), late, Ending)).Refusal);
    }

    [Theory, InlineData(StoreProvider.Sqlite), InlineData(StoreProvider.PostgreSql)]
    public async Task A_token_for_one_device_registers_no_other(StoreProvider provider)
    {
        var node = await Stores.OnAsync(provider);
        var device = CloudNode.NewDevice();
        var token = await node.OneTimeTokenAsync(UserId.New(), device);

        Assert.Equal(SignUpRefusal.InvalidToken, (await node.Accounts.SignUpAsync(CloudNode.NewDevice(), token, Ending)).Refusal);
        Assert.True((await node.Accounts.SignUpAsync(device, token, Ending)).Succeeded);
    }

    [Theory, InlineData(StoreProvider.Sqlite), InlineData(StoreProvider.PostgreSql)]
    public async Task A_used_token_registers_no_second_device(StoreProvider provider)
    {
        var node = await Stores.OnAsync(provider);
        var first = await node.RegisterAsync();

        Assert.Equal(SignUpRefusal.InvalidToken, (await node.Accounts.SignUpAsync(CloudNode.NewDevice(), first.OneTimeToken, Ending)).Refusal);
    }

    [Theory, InlineData(StoreProvider.Sqlite), InlineData(StoreProvider.PostgreSql)]
    public async Task A_repeated_sign_up_is_answered_anew_and_both_answers_hold_until_one_is_used(StoreProvider provider)
    {
        var node = await Stores.OnAsync(provider);
        var first = await node.RegisterAsync();

        var second = await node.Accounts.SignUpAsync(first.Id, first.OneTimeToken, Ending);

        Assert.True(second.Succeeded);
        Assert.False(second.Reregistered);
        Assert.NotEqual(first.AccessToken, second.AccessToken);
        Assert.True(await node.Accounts.IsAccessTokenAsync(first.Id, first.User, first.AccessToken, Ending));
        Assert.True((await node.Accounts.SignInAsync(first.Id, first.User, second.AccessToken, Ending)).Accepted);
        Assert.False((await node.Accounts.SignInAsync(first.Id, first.User, first.AccessToken, Ending)).Accepted);
        // The answer that got lost is no sign of a thief.
        Assert.False((await node.Accounts.RefreshAsync(first.Id, first.User, first.RefreshToken, Ending)).Accepted);
        Assert.True((await node.Accounts.SignInAsync(first.Id, first.User, second.AccessToken, Ending)).Accepted);
        Assert.Equal([EventKind.DeviceRegistered], await node.EventKindsAsync(first.User));
    }

    [Theory, InlineData(StoreProvider.Sqlite), InlineData(StoreProvider.PostgreSql)]
    public async Task The_first_of_two_answers_may_be_the_one_in_use(StoreProvider provider)
    {
        var node = await Stores.OnAsync(provider);
        var first = await node.RegisterAsync();
        var second = await node.Accounts.SignUpAsync(first.Id, first.OneTimeToken, Ending);

        Assert.True((await node.Accounts.RefreshAsync(first.Id, first.User, first.RefreshToken, Ending)).Accepted);

        Assert.False((await node.Accounts.SignInAsync(first.Id, first.User, second.AccessToken, Ending)).Accepted);
        Assert.True((await node.Accounts.SignInAsync(first.Id, first.User, first.AccessToken, Ending)).Accepted);
    }

    [Theory, InlineData(StoreProvider.Sqlite), InlineData(StoreProvider.PostgreSql)]
    public async Task After_the_first_sign_in_a_repeated_sign_up_is_refused(StoreProvider provider)
    {
        var node = await Stores.OnAsync(provider);
        var device = await node.RegisterAsync();
        Assert.True((await node.Accounts.SignInAsync(device.Id, device.User, device.AccessToken, Ending)).Accepted);

        Assert.Equal(SignUpRefusal.InvalidToken, (await node.Accounts.SignUpAsync(device.Id, device.OneTimeToken, Ending)).Refusal);
        Assert.True((await node.Accounts.SignInAsync(device.Id, device.User, device.AccessToken, Ending)).Accepted);
    }

    [Theory, InlineData(StoreProvider.Sqlite), InlineData(StoreProvider.PostgreSql)]
    public async Task A_repeated_sign_up_after_the_tokens_lifetime_is_refused(StoreProvider provider)
    {
        var node = await Stores.OnAsync(provider);
        var device = await node.RegisterAsync();
        node.Clock.Advance(TimeSpan.FromMinutes(10));

        Assert.Equal(SignUpRefusal.InvalidToken, (await node.Accounts.SignUpAsync(device.Id, device.OneTimeToken, Ending)).Refusal);
    }

    [Theory, InlineData(StoreProvider.Sqlite), InlineData(StoreProvider.PostgreSql)]
    public async Task A_device_of_another_user_is_refused_until_that_user_removes_it(StoreProvider provider)
    {
        var node = await Stores.OnAsync(provider);
        var device = await node.RegisterAsync();
        var other = UserId.New();
        var token = await node.OneTimeTokenAsync(other);

        Assert.Equal(SignUpRefusal.BelongsToAnotherUser, (await node.Accounts.SignUpAsync(device.Id, token, Ending)).Refusal);
        Assert.Equal(device.User, (await node.Accounts.FindAsync(device.Id, Ending))!.UserId);
        Assert.True(await node.Accounts.RemoveAsync(device.Id, device.User, Ending));
        // The refusal has not used the token up.
        Assert.True((await node.Accounts.SignUpAsync(device.Id, token, Ending)).Succeeded);
        Assert.Equal(other, (await node.Accounts.FindAsync(device.Id, Ending))!.UserId);
    }

    [Theory, InlineData(StoreProvider.Sqlite), InlineData(StoreProvider.PostgreSql)]
    public async Task Registering_again_kills_the_old_tokens_and_session_and_keeps_the_links(StoreProvider provider)
    {
        var node = await Stores.OnAsync(provider);
        var device = await node.RegisterAsync();
        var before = await node.PublishAsync(device, "/light", "/fan");
        var session = await node.SignInAsync(device);
        await node.Online.FlushAsync(Ending);

        var again = await node.Accounts.SignUpAsync(device.Id, await node.OneTimeTokenAsync(device.User), Ending);

        Assert.True(again.Succeeded);
        Assert.True(again.Reregistered);
        Assert.False((await node.Accounts.SignInAsync(device.Id, device.User, device.AccessToken, Ending)).Accepted);
        Assert.False((await node.Accounts.RefreshAsync(device.Id, device.User, device.RefreshToken, Ending)).Accepted);
        Assert.Equal(before.Select(l => (l.Ins, l.Link.Href)), (await node.Directory.OfDeviceAsync(device.Id, Ending)).Select(l => (l.Ins, l.Link.Href)));
        var events = await node.EventsAsync(device.User);
        Assert.Equal(
            [EventKind.DeviceRegistered, EventKind.ResourcesPublished, EventKind.DeviceOnline, EventKind.DeviceOffline, EventKind.SessionRevoked],
            events.Select(e => e.Kind));
        Assert.True(events[^1].Session > session);
        var next = await node.Accounts.SignInAsync(device.Id, device.User, again.AccessToken, Ending);
        Assert.True(next.Session > events[^1].Session);
        // The token of the registration before the last answers no more.
        Assert.Equal(SignUpRefusal.InvalidToken, (await node.Accounts.SignUpAsync(device.Id, device.OneTimeToken, Ending)).Refusal);
    }

    [Theory, InlineData(StoreProvider.Sqlite), InlineData(StoreProvider.PostgreSql)]
    public async Task A_device_that_left_and_comes_back_is_not_ended_by_its_leaving(StoreProvider provider)
    {
        var node = await Stores.OnAsync(provider);
        var device = await node.RegisterAsync();
        await node.SignInAsync(device);
        await node.Online.FlushAsync(Ending);
        node.Clock.Advance(TimeSpan.FromSeconds(2));
        Assert.True(await node.Accounts.DeregisterAsync(device.Id, device.User, Ending));
        var ended = (await node.EventsAsync(device.User)).Single(e => e.Kind == EventKind.DeviceUnregistered).Session;

        var back = await node.RegisterAsync(device.User, device.Id);

        Assert.True((await node.Accounts.SignInAsync(back.Id, back.User, back.AccessToken, Ending)).Session > ended);
    }
}
