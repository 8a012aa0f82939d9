using Microsoft.EntityFrameworkCore;
using OcfCloud.Core.Devices;
using OcfCloud.Core.Events;
using OcfCloud.Core.Storage;
using OcfCloud.Core.Tests.Support;

namespace OcfCloud.Core.Tests.Events;

/// <summary>architecture.md, How a change flows: state and event in one transaction.</summary>
public sealed class OutboxTests(Stores stores) : StoreTests(stores)
{
    [Theory, InlineData(StoreProvider.Sqlite), InlineData(StoreProvider.PostgreSql)]
    public async Task Of_a_write_that_fails_neither_state_nor_event_is_there(StoreProvider provider)
    {
        var node = await Stores.OnAsync(provider);
        var device = await node.RegisterAsync();
        var before = await node.EventKindsAsync(device.User);

        await Assert.ThrowsAsync<InvalidDataException>(() => node.Store.WriteAsync(
            async (context, token) =>
            {
                (await context.LockDeviceAsync(device.Id, token))!.Name = "half";
                node.Get<Outbox>().Add(context, EventKind.DeviceSettingsChanged, device.User, device.Id);
                await context.SaveChangesAsync(token);
                throw new InvalidDataException();
            },
            Ending));

        Assert.Null((await node.RowAsync(device.Id))!.Name);
        Assert.Equal(before, await node.EventKindsAsync(device.User));
    }

    [Theory, InlineData(StoreProvider.Sqlite), InlineData(StoreProvider.PostgreSql)]
    public async Task Where_the_event_cannot_be_written_the_state_is_not_either(StoreProvider provider)
    {
        var node = await Stores.OnAsync(provider);
        var device = await node.RegisterAsync();
        await node.PublishAsync(device, "/a");
        await ExecuteAsync(node, "ALTER TABLE outbox RENAME TO outbox_away");
        try
        {
            await Assert.ThrowsAnyAsync<Exception>(() => node.PublishAsync(device, "/b"));
            await Assert.ThrowsAnyAsync<Exception>(() => node.Accounts.RemoveAsync(device.Id, null, Ending));
        }
        finally
        {
            await ExecuteAsync(node, "ALTER TABLE outbox_away RENAME TO outbox");
        }

        Assert.Equal(["/a"], (await node.Directory.OfDeviceAsync(device.Id, Ending)).Select(l => l.Link.Href.Value));
        Assert.True((await node.Accounts.SignInAsync(device.Id, device.User, device.AccessToken, Ending)).Accepted);
        Assert.Equal([EventKind.DeviceRegistered, EventKind.ResourcesPublished], await node.EventKindsAsync(device.User));
    }

    [Theory, InlineData(StoreProvider.Sqlite), InlineData(StoreProvider.PostgreSql)]
    public async Task Events_of_one_transaction_keep_their_order(StoreProvider provider)
    {
        var node = await Stores.OnAsync(provider);
        var user = UserId.New();

        await node.Store.WriteAsync(
            async (context, token) =>
            {
                await context.LockUserAsync(user, token);
                for (var i = 1; i <= 200; i++) node.Get<Outbox>().Add(context, EventKind.AccessRulesChanged, user, session: i);
            },
            Ending);

        Assert.Equal(Enumerable.Range(1, 200), (await node.EventsAsync(user)).Select(e => (int)e.Session));
    }

    [Theory, InlineData(StoreProvider.Sqlite), InlineData(StoreProvider.PostgreSql)]
    public async Task Ids_of_one_device_follow_its_commits(StoreProvider provider)
    {
        var node = await Stores.OnAsync(provider);
        var device = await node.RegisterAsync();

        // Each reads under the lock how many were before it.
        await Task.WhenAll(Enumerable.Range(0, 40).Select(_ => node.Store.WriteAsync(
            async (context, token) =>
            {
                var locked = (await context.LockDeviceAsync(device.Id, token))!;
                locked.LastIns++;
                node.Get<Outbox>().Add(context, EventKind.DeviceSettingsChanged, device.User, device.Id, session: locked.LastIns);
            },
            Ending)));

        var numbers = (await node.EventsAsync(device.User)).Where(e => e.Kind == EventKind.DeviceSettingsChanged).Select(e => (int)e.Session);
        Assert.Equal(Enumerable.Range(1, 40), numbers);
    }

    [Theory, InlineData(StoreProvider.Sqlite), InlineData(StoreProvider.PostgreSql)]
    public async Task An_unchanged_state_is_no_event(StoreProvider provider)
    {
        var node = await Stores.OnAsync(provider);
        var device = await node.RegisterAsync();

        Assert.True(await node.Accounts.SetTwinAsync(device.Id, device.User, true, Ending));
        Assert.False(await node.Accounts.SetTwinAsync(device.Id, UserId.New(), false, Ending));
        Assert.Equal([EventKind.DeviceRegistered], await node.EventKindsAsync(device.User));
        Assert.True(await node.Accounts.SetTwinAsync(device.Id, device.User, false, Ending));
        Assert.Equal([EventKind.DeviceRegistered, EventKind.DeviceSettingsChanged], await node.EventKindsAsync(device.User));
    }

    private static Task<int> ExecuteAsync(CloudNode node, string sql) =>
        node.Store.WriteAsync((context, token) => context.Database.ExecuteSqlRawAsync(sql, token), Ending);
}
