using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;
using OcfCloud.Core.Devices;
using OcfCloud.Core.Refusals;
using OcfCloud.Core.Storage;
using OcfCloud.Core.Tests.Support;
using OcfCloud.Core.Tokens;

namespace OcfCloud.Core.Tests.Refusals;

/// <summary>The last refusal of each device, and why it was refused.</summary>
public sealed class DeviceRefusalsTests(Stores stores) : StoreTests(stores)
{
    [Theory, InlineData(StoreProvider.Sqlite), InlineData(StoreProvider.PostgreSql)]
    public async Task The_last_refusal_of_a_device_is_listed_with_it_and_goes_with_it(StoreProvider provider)
    {
        var node = await Stores.OnAsync(provider);
        var (device, refusals) = (await node.RegisterAsync(), node.Get<DeviceRefusals>());
        Assert.Null((await SummaryAsync()).LastRefusal);
        refusals.Record(device.Id, RefusedStep.SignUp, "4.03", RefusalReason.BelongsToAnotherUser, "first");
        await refusals.FlushAsync(Ending);
        node.Clock.Advance(TimeSpan.FromSeconds(5));
        refusals.Record(device.Id, RefusedStep.Publish, "4.00", RefusalReason.BadRequest, "overwritten before it was written");
        refusals.Record(device.Id, RefusedStep.SignIn, "4.01", RefusalReason.TokenExpired, "sec\0ond");

        await refusals.FlushAsync(Ending);

        Assert.Equal(new DeviceRefusal(node.Clock.GetUtcNow(), "sign-in", "4.01", "token-expired", "sec\ufffdond"), (await SummaryAsync()).LastRefusal);
        Assert.DoesNotContain(await refusals.ListUnregisteredAsync(100, 0, Ending), one => one.DeviceId == device.Id);
        Assert.True(await node.Accounts.RemoveAsync(device.Id, device.User, Ending));
        Assert.DoesNotContain(await refusals.ListUnregisteredAsync(100, 0, Ending), one => one.DeviceId == device.Id);

        async Task<DeviceSummary> SummaryAsync() => Assert.Single(await node.Accounts.ListAsync(device.User, Ending));
    }

    [Theory, InlineData(StoreProvider.Sqlite), InlineData(StoreProvider.PostgreSql)]
    public async Task Of_devices_without_a_registration_the_latest_are_kept(StoreProvider provider)
    {
        var node = await Stores.OnAsync(provider);
        var options = new DeviceRefusalOptions { MaxUnregistered = 2, Keep = TimeSpan.FromDays(30) };
        using var refusals = new DeviceRefusals(node.Store, options, node.Clock, node.Get<ILogger<DeviceRefusals>>());
        var registered = await node.RegisterAsync();
        Record(registered.Id);
        var strangers = Enumerable.Range(0, 4).Select(_ => CloudNode.NewDevice()).ToArray();
        foreach (var stranger in strangers)
        {
            node.Clock.Advance(TimeSpan.FromSeconds(1));
            Record(stranger);
        }

        await refusals.FlushAsync(Ending);
        await refusals.PruneAsync(Ending);

        Assert.Equal([strangers[3], strangers[2]], (await refusals.ListUnregisteredAsync(10, 0, Ending)).Select(one => one.DeviceId));
        Assert.Equal([strangers[2]], (await refusals.ListUnregisteredAsync(1, 1, Ending)).Select(one => one.DeviceId));
        Assert.NotNull(Assert.Single(await node.Accounts.ListAsync(registered.User, Ending)).LastRefusal);

        node.Clock.Advance(options.Keep);
        await refusals.PruneAsync(Ending);
        Assert.Equal([strangers[3]], (await refusals.ListUnregisteredAsync(10, 0, Ending)).Select(one => one.DeviceId));
        Assert.Null(Assert.Single(await node.Accounts.ListAsync(registered.User, Ending)).LastRefusal);
        node.Clock.Advance(TimeSpan.FromSeconds(1));
        await refusals.PruneAsync(Ending);
        Assert.Empty(await refusals.ListUnregisteredAsync(10, 0, Ending));

        void Record(DeviceId device) => refusals.Record(device, RefusedStep.SignIn, "4.01", RefusalReason.TokenUnknown, "text");
    }

    [Fact]
    public async Task What_waits_is_bounded_and_a_device_that_waits_already_is_kept_up_to_date()
    {
        var node = await Stores.OnAsync(StoreProvider.Sqlite);
        using var refusals = new DeviceRefusals(node.Store, new DeviceRefusalOptions(), node.Clock, node.Get<ILogger<DeviceRefusals>>());
        var first = CloudNode.NewDevice();
        refusals.Record(first, RefusedStep.SignIn, "4.01", RefusalReason.TokenUnknown, "old");
        for (var i = 0; i < 2 * DeviceRefusals.MaxWaiting; i++) refusals.Record(CloudNode.NewDevice(), RefusedStep.SignIn, "4.01", RefusalReason.TokenUnknown, "flood");
        refusals.Record(first, RefusedStep.SignIn, "4.01", RefusalReason.TokenUnknown, "new");

        await refusals.FlushAsync(Ending);

        var written = await node.Store.ReadAsync((context, token) => context.Set<DeviceRefusalRow>().Where(row => row.Text != "text").ToListAsync(token), Ending);
        Assert.Equal(DeviceRefusals.MaxWaiting, written.Count(row => row.Text is "flood" or "new"));
        Assert.Equal("new", written.Single(row => row.DeviceId == first).Text);
    }

    [Theory, InlineData(StoreProvider.Sqlite), InlineData(StoreProvider.PostgreSql)]
    public async Task Every_way_to_be_refused_has_its_reason(StoreProvider provider)
    {
        var node = await Stores.OnAsync(provider);
        var (device, stranger) = (await node.RegisterAsync(), CloudNode.NewDevice());

        Assert.Equal(RefusalReason.TokenUnknown, await SignUpAsync(stranger, "nobody's"));
        Assert.Equal(RefusalReason.TokenUsed, await SignUpAsync(stranger, device.OneTimeToken));
        Assert.Equal(RefusalReason.TokenOfAnotherDevice, await SignUpAsync(stranger, await node.OneTimeTokenAsync(device.User, device.Id)));
        Assert.Equal(RefusalReason.BelongsToAnotherUser, await SignUpAsync(device.Id, await node.OneTimeTokenAsync(UserId.New())));
        var late = await node.OneTimeTokenAsync(device.User);
        node.Clock.Advance(new DeviceTokenOptions().OneTimeTokenLifetime);
        Assert.Equal(RefusalReason.TokenExpired, await SignUpAsync(stranger, late));

        Assert.Equal(RefusalReason.TokenUnknown, await SignInAsync(device.User, "nobody's"));
        Assert.Equal(RefusalReason.UserDiffers, await SignInAsync(UserId.New(), device.AccessToken));
        Assert.Null(await SignInAsync(device.User, device.AccessToken));
        node.Clock.Advance(new DeviceTokenOptions().AccessTokenLifetime);
        Assert.Equal(RefusalReason.TokenExpired, await SignInAsync(device.User, device.AccessToken));

        Assert.Equal(RefusalReason.TokenUnknown, (await node.Accounts.RefreshAsync(device.Id, device.User, "nobody's", Ending)).Reason);
        var second = await node.Accounts.RefreshAsync(device.Id, device.User, device.RefreshToken, Ending);
        Assert.Null(second.Reason);
        Assert.True((await node.Accounts.RefreshAsync(device.Id, device.User, second.RefreshToken, Ending)).Accepted);
        Assert.Equal(RefusalReason.TokenReused, (await node.Accounts.RefreshAsync(device.Id, device.User, device.RefreshToken, Ending)).Reason);

        async Task<string?> SignUpAsync(DeviceId of, string token) => (await node.Accounts.SignUpAsync(of, token, Ending)).Reason;
        async Task<string?> SignInAsync(UserId user, string token) => (await node.Accounts.SignInAsync(device.Id, user, token, Ending)).Reason;
    }
}
