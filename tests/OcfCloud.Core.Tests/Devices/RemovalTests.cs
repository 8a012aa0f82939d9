using Microsoft.EntityFrameworkCore;
using OcfCloud.Core.AccessRules;
using OcfCloud.Core.Devices;
using OcfCloud.Core.Directory;
using OcfCloud.Core.Events;
using OcfCloud.Core.Storage;
using OcfCloud.Core.Tests.Support;
using OcfCloud.Core.Tokens;
using OcfCloud.Core.Twins;

namespace OcfCloud.Core.Tests.Devices;

/// <summary>Deregistration (device-to-cloud.md, 3), removal by the owner (4), and a user who goes.</summary>
public sealed class RemovalTests(Stores stores) : StoreTests(stores)
{
    [Theory, InlineData(StoreProvider.Sqlite), InlineData(StoreProvider.PostgreSql)]
    public async Task A_removed_device_leaves_nothing_but_its_events(StoreProvider provider)
    {
        var node = await Stores.OnAsync(provider);
        var device = await node.RegisterAsync();
        await node.PublishAsync(device, "/light", "/fan");
        var session = await node.SignInAsync(device);
        await node.Online.FlushAsync(Ending);
        node.Twins.Changed(device.Id, device.User, session, "/light", [0xa0], 10000);
        await node.Twins.FlushAsync(Ending);
        Assert.Single(await node.Get<TwinStore>().OfDeviceAsync(device.Id, Ending));

        Assert.True(await node.Accounts.DeregisterAsync(device.Id, device.User, Ending));

        Assert.Null(await node.Accounts.FindAsync(device.Id, Ending));
        Assert.Empty(await node.Directory.OfDeviceAsync(device.Id, Ending));
        Assert.Empty(await node.Get<TwinStore>().OfDeviceAsync(device.Id, Ending));
        Assert.False((await node.Accounts.SignInAsync(device.Id, device.User, device.AccessToken, Ending)).Accepted);
        Assert.False((await node.Accounts.RefreshAsync(device.Id, device.User, device.RefreshToken, Ending)).Accepted);
        Assert.Equal(SignUpRefusal.InvalidToken, (await node.Accounts.SignUpAsync(device.Id, device.OneTimeToken, Ending)).Refusal);
        var events = await node.EventsAsync(device.User);
        Assert.Equal(
            [EventKind.DeviceRegistered, EventKind.ResourcesPublished, EventKind.DeviceOnline, EventKind.ResourcesUnpublished, EventKind.DeviceUnregistered],
            events.Select(e => e.Kind));
        Assert.True(events[^1].Session > session);
        Assert.False(await node.Accounts.DeregisterAsync(device.Id, device.User, Ending));
        Assert.Equal(events.Count, (await node.EventsAsync(device.User)).Count);
    }

    [Theory, InlineData(StoreProvider.Sqlite), InlineData(StoreProvider.PostgreSql)]
    public async Task Without_a_session_the_access_token_deregisters_and_a_given_user_has_to_match(StoreProvider provider)
    {
        var node = await Stores.OnAsync(provider);
        var (device, other) = (await node.RegisterAsync(), await node.RegisterAsync());

        Assert.False(await node.Accounts.DeregisterAsync(device.Id, null, other.AccessToken, Ending));
        Assert.False(await node.Accounts.DeregisterAsync(device.Id, null, device.RefreshToken, Ending));
        Assert.False(await node.Accounts.DeregisterAsync(device.Id, other.User, device.AccessToken, Ending));
        Assert.False(await node.Accounts.DeregisterAsync(other.Id, device.User, device.AccessToken, Ending));
        Assert.NotNull(await node.RowAsync(device.Id));

        Assert.True(await node.Accounts.DeregisterAsync(device.Id, null, device.AccessToken, Ending));
        Assert.True(await node.Accounts.DeregisterAsync(other.Id, other.User, other.AccessToken, Ending));
        Assert.Null(await node.RowAsync(device.Id));
        Assert.Null(await node.RowAsync(other.Id));
    }

    [Theory, InlineData(StoreProvider.Sqlite), InlineData(StoreProvider.PostgreSql)]
    public async Task Only_its_owner_or_an_administrator_removes_a_device(StoreProvider provider)
    {
        var node = await Stores.OnAsync(provider);
        var device = await node.RegisterAsync();

        Assert.False(await node.Accounts.RemoveAsync(device.Id, UserId.New(), Ending));
        Assert.False(await node.Accounts.RemoveAsync(CloudNode.NewDevice(), null, Ending));
        Assert.NotNull(await node.RowAsync(device.Id));
        Assert.True(await node.Accounts.RemoveAsync(device.Id, null, Ending));
    }

    [Theory, InlineData(StoreProvider.Sqlite), InlineData(StoreProvider.PostgreSql)]
    public async Task A_session_of_a_removed_device_is_not_written_and_is_told_so(StoreProvider provider)
    {
        var node = await Stores.OnAsync(provider);
        var device = await node.RegisterAsync();
        using var hints = new HintRecorder(node.Get<IHints>());
        var session = await node.SignInAsync(device);
        await node.Accounts.RemoveAsync(device.Id, device.User, Ending);
        var back = await node.RegisterAsync(device.User, device.Id);

        await node.Online.FlushAsync(Ending);

        Assert.Equal(new Hint(EventKind.SessionRevoked, device.User, device.Id, session), Assert.Single(hints.All, h => h.Device == device.Id));
        Assert.False((await node.RowAsync(back.Id))!.Online);
    }

    [Theory, InlineData(StoreProvider.Sqlite), InlineData(StoreProvider.PostgreSql)]
    public async Task An_erased_user_leaves_nothing_and_nothing_is_made_for_the_user_again(StoreProvider provider)
    {
        var node = await Stores.OnAsync(provider);
        var user = UserId.New();
        var (first, second) = (await node.RegisterAsync(user), await node.RegisterAsync(user));
        await node.PublishAsync(first, "/light");
        var bystander = await node.RegisterAsync();
        var waiting = await node.OneTimeTokenAsync(user);
        var mediator = (await node.Get<MediatorRegistrations>().RegisterAsync(user, Ending))!;
        Assert.True(AccessRule.TryCreate("*", "*", "*", AccessOperations.All, out var rule));
        Assert.True(await node.Get<AccessRuleStore>().ReplaceAsync(user, [rule], Ending));

        await node.Get<UserErasure>().EraseAsync(user, Ending);

        Assert.Empty(await node.Accounts.ListAsync(user, Ending));
        Assert.Empty(await node.Directory.DiscoverAsync(user, DiscoveryQuery.All, Ending));
        Assert.Empty(await node.Get<AccessRuleStore>().GetAsync(user, Ending));
        Assert.Null(await node.Get<MediatorRegistrations>().RefreshAsync(mediator.RefreshToken, Ending));
        Assert.Equal(SignUpRefusal.InvalidToken, (await node.Accounts.SignUpAsync(CloudNode.NewDevice(), waiting, Ending)).Refusal);
        Assert.False((await node.Accounts.SignInAsync(second.Id, user, second.AccessToken, Ending)).Accepted);
        Assert.Null(await node.OneTimeTokens.IssueAsync(user, null, Ending));
        Assert.Null(await node.Get<MediatorRegistrations>().RegisterAsync(user, Ending));
        Assert.False(await node.Get<AccessRuleStore>().ReplaceAsync(user, [rule], Ending));
        var kinds = await node.EventKindsAsync(user);
        Assert.Equal(2, kinds.Count(k => k == EventKind.DeviceUnregistered));
        Assert.Equal(EventKind.UserRemoved, kinds[^1]);
        Assert.NotNull(await node.RowAsync(bystander.Id));
        Assert.Equal(0, await node.Store.ReadAsync((context, token) => context.Set<OneTimeTokenRow>().CountAsync(t => t.UserId == user, token), Ending));
    }
}
