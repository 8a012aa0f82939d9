using System.Diagnostics.CodeAnalysis;
using Microsoft.EntityFrameworkCore;
using OcfCloud.Core.Devices;
using OcfCloud.Core.Directory;
using OcfCloud.Core.Events;
using OcfCloud.Core.Storage;
using OcfCloud.Core.Tests.Support;
using OcfCloud.Core.Tokens;

namespace OcfCloud.Core.Tests.Storage;

/// <summary>Many at once, of the same and of different devices, on two nodes where the store has room for two.</summary>
[SuppressMessage("Reliability", "CA2000", Justification = "The nodes are the stores'.")]
public sealed class ConcurrencyTests(Stores stores) : StoreTests(stores)
{
    private const int Many = 50;

    [Theory, InlineData(StoreProvider.Sqlite), InlineData(StoreProvider.PostgreSql)]
    public async Task Sign_ups_of_many_devices_all_succeed(StoreProvider provider)
    {
        var nodes = await NodesAsync(provider);
        var user = UserId.New();

        var devices = await AllAsync(nodes, node => node.RegisterAsync(user));

        Assert.Equal(devices.Select(d => d.Id).Order(), (await nodes[0].Accounts.ListAsync(user, Ending)).Select(d => d.DeviceId).Order());
        Assert.Equal(Enumerable.Repeat(EventKind.DeviceRegistered, Many), await nodes[0].EventKindsAsync(user));
        var signedIn = await AllAsync(nodes, (node, i) => node.Accounts.SignInAsync(devices[i].Id, user, devices[i].AccessToken, Ending));
        Assert.All(signedIn, outcome => Assert.True(outcome.Accepted));
    }

    [Theory, InlineData(StoreProvider.Sqlite), InlineData(StoreProvider.PostgreSql)]
    public async Task Repeated_sign_ups_of_one_device_with_one_token_are_one_registration(StoreProvider provider)
    {
        var nodes = await NodesAsync(provider);
        var (user, device) = (UserId.New(), CloudNode.NewDevice());
        var token = await nodes[0].OneTimeTokenAsync(user);

        var outcomes = await AllAsync(nodes, node => node.Accounts.SignUpAsync(device, token, Ending));

        Assert.All(outcomes, outcome => Assert.True(outcome.Succeeded));
        Assert.Equal([EventKind.DeviceRegistered], await nodes[0].EventKindsAsync(user));
        await UsesOneOfAsync(nodes[0], device, user, [.. outcomes.Select(o => o.AccessToken)]);
    }

    [Theory, InlineData(StoreProvider.Sqlite), InlineData(StoreProvider.PostgreSql)]
    public async Task Sign_ups_of_one_device_with_tokens_of_one_user_leave_one_family(StoreProvider provider)
    {
        var nodes = await NodesAsync(provider);
        var (user, device) = (UserId.New(), CloudNode.NewDevice());
        var tokens = await AllAsync(nodes, node => node.OneTimeTokenAsync(user));

        var outcomes = await AllAsync(nodes, (node, i) => node.Accounts.SignUpAsync(device, tokens[i], Ending));

        Assert.All(outcomes, outcome => Assert.True(outcome.Succeeded));
        Assert.Single(outcomes, outcome => !outcome.Reregistered);
        Assert.Single(await nodes[0].EventKindsAsync(user), EventKind.DeviceRegistered);
        Assert.Equal(1, await nodes[0].Store.ReadAsync((context, token) => context.Set<TokenFamily>().CountAsync(f => f.DeviceId == device, token), Ending));
        var signedIn = await AllAsync(nodes, (node, i) => node.Accounts.SignInAsync(device, user, outcomes[i].AccessToken, Ending));
        Assert.Single(signedIn, outcome => outcome.Accepted);
    }

    [Theory, InlineData(StoreProvider.Sqlite), InlineData(StoreProvider.PostgreSql)]
    public async Task Of_many_users_who_sign_one_device_up_one_gets_it(StoreProvider provider)
    {
        var nodes = await NodesAsync(provider);
        var device = CloudNode.NewDevice();
        var tokens = await AllAsync(nodes, node => node.OneTimeTokenAsync(UserId.New()));

        var outcomes = await AllAsync(nodes, (node, i) => node.Accounts.SignUpAsync(device, tokens[i], Ending));

        var winner = Assert.Single(outcomes, outcome => outcome.Succeeded);
        Assert.Equal(Many - 1, outcomes.Count(outcome => outcome.Refusal == SignUpRefusal.BelongsToAnotherUser));
        Assert.Equal(winner.UserId, (await nodes[0].RowAsync(device))!.UserId);
    }

    [Theory, InlineData(StoreProvider.Sqlite), InlineData(StoreProvider.PostgreSql)]
    public async Task Of_many_devices_with_one_token_one_is_registered(StoreProvider provider)
    {
        var nodes = await NodesAsync(provider);
        var user = UserId.New();
        var token = await nodes[0].OneTimeTokenAsync(user);

        var outcomes = await AllAsync(nodes, node => node.Accounts.SignUpAsync(CloudNode.NewDevice(), token, Ending));

        Assert.Single(outcomes, outcome => outcome.Succeeded);
        Assert.Single(await nodes[0].Accounts.ListAsync(user, Ending));
    }

    [Theory, InlineData(StoreProvider.Sqlite), InlineData(StoreProvider.PostgreSql)]
    public async Task Publishes_of_one_device_and_of_many_give_each_link_a_number_of_its_own(StoreProvider provider)
    {
        var nodes = await NodesAsync(provider);
        var one = await nodes[0].RegisterAsync();
        var others = await AllAsync(nodes, node => node.RegisterAsync(one.User));

        var mine = await AllAsync(nodes, (node, i) => node.PublishAsync(one, $"/{i}", "/shared"));
        await AllAsync(nodes, (node, i) => node.PublishAsync(others[i], "/a", "/b"));

        Assert.Single(mine.Select(links => links[1].Ins).Distinct());
        Assert.Equal(Enumerable.Range(1, Many + 1), (await nodes[0].Directory.OfDeviceAsync(one.Id, Ending)).Select(l => l.Ins));
        Assert.Equal((3 * Many) + 1, (await nodes[0].Directory.DiscoverAsync(one.User, DiscoveryQuery.All, Ending)).Count);
        var kinds = await nodes[0].EventKindsAsync(one.User);
        Assert.Equal(2 * Many, kinds.Count(k => k == EventKind.ResourcesPublished));
    }

    [Theory, InlineData(StoreProvider.Sqlite), InlineData(StoreProvider.PostgreSql)]
    public async Task Refreshes_with_one_token_all_succeed_and_one_answer_is_used(StoreProvider provider)
    {
        var nodes = await NodesAsync(provider);
        var device = await nodes[0].RegisterAsync();

        var outcomes = await AllAsync(nodes, node => node.Accounts.RefreshAsync(device.Id, device.User, device.RefreshToken, Ending));

        Assert.All(outcomes, outcome => Assert.True(outcome.Accepted));
        await UsesOneOfAsync(nodes[0], device.Id, device.User, [.. outcomes.Select(o => o.AccessToken)]);
    }

    [Theory, InlineData(StoreProvider.Sqlite), InlineData(StoreProvider.PostgreSql)]
    public async Task Refreshes_of_many_devices_do_not_disturb_each_other(StoreProvider provider)
    {
        var nodes = await NodesAsync(provider);
        var devices = await AllAsync(nodes, node => node.RegisterAsync());

        var outcomes = await AllAsync(nodes, (node, i) => node.Accounts.RefreshAsync(devices[i].Id, devices[i].User, devices[i].RefreshToken, Ending));
        var signedIn = await AllAsync(nodes, (node, i) => node.Accounts.SignInAsync(devices[i].Id, devices[i].User, outcomes[i].AccessToken, Ending));

        Assert.All(signedIn, outcome => Assert.True(outcome.Accepted));
    }

    [Theory, InlineData(StoreProvider.Sqlite), InlineData(StoreProvider.PostgreSql)]
    public async Task Everything_at_once_with_an_erasure_ends_with_nothing(StoreProvider provider)
    {
        var nodes = await NodesAsync(provider);
        var user = UserId.New();
        var devices = await AllAsync(nodes, node => node.RegisterAsync(user));
        var tokens = await AllAsync(nodes, node => node.OneTimeTokenAsync(user));

        var work = AllAsync(nodes, async (node, i) =>
        {
            await node.Directory.PublishAsync(devices[i].Id, user, [Links.Of("/a")], null, Ending);
            await node.Accounts.SignUpAsync(CloudNode.NewDevice(), tokens[i], Ending);
            await node.Accounts.RefreshAsync(devices[i].Id, user, devices[i].RefreshToken, Ending);
            return await node.Accounts.RemoveAsync(devices[i].Id, user, Ending);
        });
        await nodes[^1].Get<UserErasure>().EraseAsync(user, Ending);
        await work;

        Assert.Empty(await nodes[0].Accounts.ListAsync(user, Ending));
        Assert.Empty(await nodes[0].Directory.DiscoverAsync(user, DiscoveryQuery.All, Ending));
        var kinds = await nodes[0].EventKindsAsync(user);
        Assert.Equal(kinds.Count(k => k == EventKind.DeviceRegistered), kinds.Count(k => k == EventKind.DeviceUnregistered));
        Assert.Single(kinds, EventKind.UserRemoved);
    }

    private static Task<T[]> AllAsync<T>(CloudNode[] nodes, Func<CloudNode, Task<T>> work) => AllAsync(nodes, (node, _) => work(node));

    private static Task<T[]> AllAsync<T>(CloudNode[] nodes, Func<CloudNode, int, Task<T>> work) =>
        Task.WhenAll(Enumerable.Range(0, Many).Select(async i =>
        {
            await Task.Yield();
            return await work(nodes[i % nodes.Length], i);
        }));

    // Several wait for their first use, at most eight; with it the others are over.
    private static async Task UsesOneOfAsync(CloudNode node, DeviceId device, UserId user, string[] accessTokens)
    {
        var valid = new List<string>();
        foreach (var token in accessTokens)
        {
            if (await node.Accounts.IsAccessTokenAsync(device, user, token, Ending)) valid.Add(token);
        }
        Assert.Equal(TokenFamilies.MaxPending, valid.Count);
        Assert.True((await node.Accounts.SignInAsync(device, user, valid[0], Ending)).Accepted);
        foreach (var token in valid.Skip(1)) Assert.False((await node.Accounts.SignInAsync(device, user, token, Ending)).Accepted);
        Assert.True((await node.Accounts.SignInAsync(device, user, valid[0], Ending)).Accepted);
    }

    private async Task<CloudNode[]> NodesAsync(StoreProvider provider)
    {
        var first = await Stores.OnAsync(provider);
        return provider == StoreProvider.Sqlite ? [first] : [first, await Stores.AnotherNodeAsync()];
    }
}
