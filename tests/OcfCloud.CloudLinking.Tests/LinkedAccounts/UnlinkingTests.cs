using Microsoft.EntityFrameworkCore;
using OcfCloud.CloudLinking.LinkedAccounts;
using OcfCloud.CloudLinking.LinkedClouds;
using OcfCloud.CloudLinking.Synchronisation;
using OcfCloud.CloudLinking.Targets;
using OcfCloud.Core.Devices;
using OcfCloud.Core.Mirrors;
using OcfCloud.Core.Storage;
using OcfCloud.Core.Subscriptions;
using OcfCloud.Testing;

namespace OcfCloud.CloudLinking.Tests.LinkedAccounts;

/// <summary>Unlinking: gone here at once, then at the other cloud, be it up or down.</summary>
public sealed class UnlinkingTests(PostgreSqlFixture postgreSql)
{
    private readonly UserId _user = UserId.New();

    public static TheoryData<StoreProvider> Both => [StoreProvider.Sqlite, StoreProvider.PostgreSql];

    private static CancellationToken Ending => TestContext.Current.CancellationToken;

    [Theory, MemberData(nameof(Both))]
    public async Task It_is_gone_here_at_once_and_its_subscriptions_and_tokens_there_are_ended(StoreProvider provider)
    {
        await using var room = await RoomAsync(provider);
        var (cloud, other) = (await room.AddCloudAsync(), await room.AddCloudAsync("third"));
        var account = await room.LinkAsync(_user, cloud);
        await room.LinkAsync(_user, other);
        var device = await room.MirrorAsync(_user, cloud);
        var kept = await room.MirrorAsync(_user, other);
        await room.SubscribeAsync(account, SubscriptionLevel.Devices, "a");
        await room.SubscribeAsync(account, SubscriptionLevel.Device, "b/c", device);
        await room.SubscribeAsync(account, SubscriptionLevel.Resource, "d", device, "/light/a b");
        await room.SubscribeAsync(account, SubscriptionLevel.Devices, id: null);
        await room.SubscribeAsync(account, SubscriptionLevel.Devices, "..");

        Assert.True(await room.Accounts.UnlinkAsync(_user, cloud.Name, Ending));

        Assert.Equal([kept], (await room.Get<MirrorStore>().ListAsync(_user, Ending)).Select(one => one.Device));
        Assert.Equal([null, AccountState.Linked], (await room.Accounts.ListAsync(_user, Ending)).Select(one => one.State));
        Assert.False(await room.Accounts.UnlinkAsync(_user, cloud.Name, Ending));

        await room.StartAsync();
        await AccountRoom.UntilAsync(async () => (await room.AccountsAsync()).Count == 1);
        var asked = room.Target.Asked.Where(one => !one.StartsWith("exchange", StringComparison.Ordinal)).ToList();
        string[] cancelled = ["/subscriptions/a", $"/{device}/subscriptions/b%2Fc", $"/{device}/light/a%20b/subscriptions/d"];
        Assert.Equal(cancelled.Select(path => "DELETE /api/v1/devices" + path).Order(StringComparer.Ordinal), asked.Take(3).Order(StringComparer.Ordinal));
        Assert.Equal(["revoke refresh refresh1", "revoke access access1"], asked.Skip(3));
        Assert.All(room.Target.Accounts, one => Assert.Equal(account.Id, one));
        Assert.Equal([TargetSubject.Cloud, TargetSubject.OneDevice, TargetSubject.OneDevice], room.Target.Subjects.Order());
        Assert.Equal(0, await room.CountAsync<RemoteSubscription>());
    }

    [Theory, MemberData(nameof(Both))]
    public async Task A_cloud_that_is_down_is_asked_again_until_it_is_up_and_nothing_is_asked_twice_that_was_done(StoreProvider provider)
    {
        await using var room = await RoomAsync(provider);
        var cloud = await room.AddCloudAsync();
        var account = await room.LinkAsync(_user, cloud);
        await room.SubscribeAsync(account, SubscriptionLevel.Devices, "a");
        await room.SubscribeAsync(account, SubscriptionLevel.Devices, "b");
        string? first = null;
        room.Target.Answer = request =>
        {
            first ??= request.Path;
            return request.Path == first ? new TargetAnswer(TargetOutcome.Answered) { Status = 202 } : new TargetAnswer(TargetOutcome.Unreachable);
        };
        await room.Accounts.UnlinkAsync(_user, cloud.Name, Ending);
        await room.StartAsync();
        await AccountRoom.UntilAsync(async () => (await room.AccountsAsync())[0].Failures == 1);
        Assert.Equal(1, await room.CountAsync<RemoteSubscription>());

        // Not before its time: what came after it is done, and it is not.
        await UnlinkAnotherAsync(room);
        Assert.Equal(1, (await room.AccountsAsync()).Single().Failures);
        room.Target.Answer = _ => new TargetAnswer(TargetOutcome.Answered) { Status = 500 };
        room.Time.Advance(TimeSpan.FromSeconds(5));
        await AccountRoom.UntilAsync(async () => (await room.AccountsAsync())[0].Failures == 2);

        room.Target.Answer = _ => new TargetAnswer(TargetOutcome.Answered) { Status = 404 };
        room.Target.Revokes = false;
        room.Time.Advance(TimeSpan.FromSeconds(10));
        await AccountRoom.UntilAsync(async () => (await room.AccountsAsync())[0].Failures == 3);
        Assert.Equal(0, await room.CountAsync<RemoteSubscription>());

        room.Target.Revokes = true;
        room.Time.Advance(TimeSpan.FromSeconds(20));
        await AccountRoom.UntilAsync(async () => (await room.AccountsAsync()).Count == 0);
        Assert.Equal(1, room.Target.Asked.Count(one => one == "DELETE " + first));
        Assert.Equal(2, room.Target.Asked.Count(one => one == "revoke refresh refresh1"));
        Assert.Equal(1, room.Target.Asked.Count(one => one == "revoke access access1"));
    }

    [Fact]
    public async Task A_cloud_that_is_down_for_good_is_given_up_after_the_time_that_is_set()
    {
        await using var room = await RoomAsync(options: one => (one.GiveUpAfter, one.RetryFirst, one.RetryMax) = (TimeSpan.FromMinutes(1), TimeSpan.FromSeconds(10), TimeSpan.FromSeconds(20)));
        var cloud = await room.AddCloudAsync();
        var account = await room.LinkAsync(_user, cloud);
        await room.SubscribeAsync(account, SubscriptionLevel.Devices, "a");
        room.Target.Answer = _ => new TargetAnswer(TargetOutcome.TimedOut);
        await room.Accounts.UnlinkAsync(_user, cloud.Name, Ending);
        await room.StartAsync();

        // Rests of 10, 20, 20 and 20 seconds.
        for (var failures = 1; failures <= 4; failures++)
        {
            await AccountRoom.UntilAsync(async () => (await room.AccountsAsync()) is [{ } one] && one.Failures == failures && one.WorkNode is null);
            room.Time.Advance(TimeSpan.FromSeconds(failures == 1 ? 10 : 20));
        }

        await AccountRoom.UntilAsync(async () => (await room.AccountsAsync()).Count == 0);
        Assert.Equal(5, room.Target.Asked.Count(one => one.StartsWith("DELETE", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Without_tokens_that_are_good_nothing_is_cancelled_and_the_rest_is_done()
    {
        await using var room = await RoomAsync();
        var cloud = await room.AddCloudAsync();
        var account = await room.LinkAsync(_user, cloud);
        for (var n = 0; n < 10; n++) await room.SubscribeAsync(account, SubscriptionLevel.Devices, $"{n}");
        room.Target.Answer = _ => new TargetAnswer(TargetOutcome.NeedsLinking);
        await room.Accounts.UnlinkAsync(_user, cloud.Name, Ending);

        await room.StartAsync();

        await AccountRoom.UntilAsync(async () => (await room.AccountsAsync()).Count == 0);
        // Eight at once, and no more after those.
        Assert.Equal(8, room.Target.Asked.Count(one => one.StartsWith("DELETE", StringComparison.Ordinal)));
        Assert.Contains("revoke refresh refresh1", room.Target.Asked);
    }

    [Theory, MemberData(nameof(Both))]
    public async Task Linking_again_replaces_the_account_cancels_its_subscriptions_and_revokes_its_tokens_no_earlier_than_the_new_ones(StoreProvider provider)
    {
        await using var room = await RoomAsync(provider);
        var cloud = await room.AddCloudAsync();
        var former = await room.LinkAsync(_user, cloud);
        var device = await room.MirrorAsync(_user, cloud);
        await room.SubscribeAsync(former, SubscriptionLevel.Devices, "a");
        await room.StartAsync();
        room.Time.Advance(TimeSpan.FromMinutes(1));

        var account = await room.LinkAsync(_user, cloud, "2");

        Assert.NotEqual(former.Id, account.Id);
        await AccountRoom.UntilAsync(async () => (await room.AccountsAsync()).Single(one => one.Id == former.Id) is { DueAt: null, WorkNode: null, State: AccountState.Unlinking });
        Assert.Equal(["DELETE /api/v1/devices/subscriptions/a"], room.Target.Asked.Where(one => !one.StartsWith("exchange", StringComparison.Ordinal)));
        Assert.Equal(former.Id, Assert.Single(room.Target.Accounts));
        Assert.Equal([device], (await room.Get<MirrorStore>().ListAsync(_user, Ending)).Select(one => one.Device));
        Assert.Equal(AccountState.Linked, Assert.Single(await room.Accounts.ListAsync(_user, Ending)).State);

        await room.Accounts.UnlinkAsync(_user, cloud.Name, Ending);
        await AccountRoom.UntilAsync(async () => (await room.AccountsAsync()).Count == 0);
        Assert.Equal(
            ["revoke access access1", "revoke access access2", "revoke refresh refresh1", "revoke refresh refresh2"],
            room.Target.Asked.Where(one => one.StartsWith("revoke", StringComparison.Ordinal)).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Of_accounts_that_were_replaced_so_many_are_kept()
    {
        await using var room = await RoomAsync();
        var cloud = await room.AddCloudAsync();
        await room.StartAsync();
        for (var number = 1; number <= 12; number++)
        {
            await room.LinkAsync(_user, cloud, number.ToString(System.Globalization.CultureInfo.InvariantCulture));
            room.Time.Advance(TimeSpan.FromSeconds(1));
            await AccountRoom.UntilAsync(async () => (await room.AccountsAsync()).All(one => one.State == AccountState.Linked || one.DueAt is null));
        }

        Assert.Equal(9, (await room.AccountsAsync()).Count);
        Assert.Equal("refresh4", room.Open(SecretPurpose.RefreshToken, (await room.AccountsAsync())[0].RefreshToken!));
    }

    [Theory, MemberData(nameof(Both))]
    public async Task A_user_who_is_erased_is_unlinked_everywhere_and_nothing_can_be_linked_any_more(StoreProvider provider)
    {
        await using var room = await RoomAsync(provider);
        var (cloud, third) = (await room.AddCloudAsync(), await room.AddCloudAsync("third"));
        var bob = UserId.New();
        await room.LinkAsync(_user, cloud, "1");
        await room.LinkAsync(_user, third, "2");
        await room.LinkAsync(bob, cloud, "3");
        await room.MirrorAsync(_user, cloud);
        var start = await room.Linking.StartAsync(_user, cloud.Name, null, Ending);

        await room.Get<UserErasure>().EraseAsync(_user, Ending);

        Assert.Empty(await room.Get<MirrorStore>().ListAsync(_user, Ending));
        Assert.Equal(0, await room.CountAsync<LinkAttempt>());
        Assert.NotNull((await room.Linking.CompleteAsync(_user, cloud.Name, start.Browser, new LinkAnswer(AccountRoom.QueryOf(start)["state"]) { Code = "code" }, Ending)).Refusal);
        await room.StartAsync();
        await AccountRoom.UntilAsync(async () => (await room.AccountsAsync()).Count == 1);
        Assert.Equal((bob, AccountState.Linked), ((await room.AccountsAsync())[0].UserId, (await room.AccountsAsync())[0].State));
        Assert.Equal(["revoke refresh refresh1", "revoke refresh refresh2"], room.Target.Asked.Where(one => one.StartsWith("revoke refresh", StringComparison.Ordinal)).Order(StringComparer.Ordinal));
    }

    [Theory, MemberData(nameof(Both))]
    public async Task A_cloud_that_is_being_removed_goes_with_its_last_account(StoreProvider provider)
    {
        await using var room = await RoomAsync(provider);
        var cloud = await room.AddCloudAsync();
        await room.LinkAsync(_user, cloud, "1");
        await room.LinkAsync(_user, cloud, "2");
        await room.LinkAsync(UserId.New(), cloud, "3");
        await room.Get<LinkedCloudRegister>().RemoveAsync(cloud.Name, Ending);
        Assert.Equal(1, await room.CountAsync<LinkedCloud>());

        await room.StartAsync();

        await AccountRoom.UntilAsync(async () => await room.CountAsync<LinkedCloud>() == 0);
        Assert.Equal(3, room.Target.Asked.Count(one => one.StartsWith("revoke refresh", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Of_two_accounts_that_go_at_once_one_takes_the_cloud_along()
    {
        await using var room = await RoomAsync(StoreProvider.PostgreSql);
        var cloud = await room.AddCloudAsync();
        var going = await room.LinkAsync(_user, cloud, "1");
        await room.LinkAsync(UserId.New(), cloud, "2");
        await room.Get<LinkedCloudRegister>().RemoveAsync(cloud.Name, Ending);
        var queue = room.Get<UnlinkingQueue>();
        var claimed = await queue.ClaimAsync(2, new Dictionary<Guid, int>(), Ending);
        Assert.Equal(2, claimed.Count);
        Task<bool>? settling = null;

        // The other one, gone but not yet committed.
        await room.Store.WriteAsync(
            async (context, token) =>
            {
                await CloudLock.TakeAsync(context, cloud.Id, token);
                await context.Set<LinkedAccount>().Where(account => account.LinkedCloudId == cloud.Id && account.Id != going.Id).ExecuteDeleteAsync(token);
                settling = queue.SettleAsync(claimed.Single(account => account.Id == going.Id), CleanUp.Done, Ending);
                await PostgreSqlLocks.UntilWaitedForAsync(room.Store, settling);
            },
            Ending);

        await settling!;
        Assert.Equal(0, await room.CountAsync<LinkedCloud>());
    }

    [Fact]
    public async Task What_a_race_left_behind_is_found()
    {
        await using var room = await RoomAsync();
        var (removing, kept) = (await room.AddCloudAsync("removing"), await room.AddCloudAsync("kept"));
        await room.LinkAsync(_user, removing, "1");
        await room.LinkAsync(_user, kept, "2");
        await room.Store.WriteAsync(
            async (context, token) =>
            {
                await context.Set<LinkedCloud>().Where(cloud => cloud.Id == removing.Id).ExecuteUpdateAsync(row => row.SetProperty(cloud => cloud.Removing, true), token);
                await context.Set<LinkedAccount>().Where(account => account.LinkedCloudId == kept.Id)
                    .ExecuteUpdateAsync(row => row.SetProperty(account => account.State, AccountState.Unlinking).SetProperty(account => account.DueAt, (DateTimeOffset?)null), token);
            },
            Ending);
        await room.Linking.StartAsync(_user, kept.Name, null, Ending);
        room.Time.Advance(TimeSpan.FromMinutes(10));

        await room.StartAsync();

        await AccountRoom.UntilAsync(async () => await room.CountAsync<LinkedCloud>() == 1 && (await room.AccountsAsync()).Count == 0);
        Assert.Equal(0, await room.CountAsync<LinkAttempt>());
    }

    [Theory, MemberData(nameof(Both))]
    public async Task What_a_former_life_held_is_gone_on_with_at_once(StoreProvider provider)
    {
        await using var room = await RoomAsync(provider);
        var cloud = await room.AddCloudAsync();
        await room.LinkAsync(_user, cloud);
        await room.Accounts.UnlinkAsync(_user, cloud.Name, Ending);
        Assert.Single(await room.Get<UnlinkingQueue>().ClaimAsync(1, new Dictionary<Guid, int>(), Ending));

        await room.StartAsync();

        await AccountRoom.UntilAsync(async () => (await room.AccountsAsync()).Count == 0);
    }

    [Fact]
    public async Task What_another_worker_holds_is_left_to_it_until_its_lease_is_over()
    {
        await using var room = await RoomAsync(StoreProvider.PostgreSql);
        var cloud = await room.AddCloudAsync();
        var account = await room.LinkAsync(_user, cloud);
        var until = room.Time.GetUtcNow() + TimeSpan.FromMinutes(1);
        await room.Store.WriteAsync(
            (context, token) => context.Set<LinkedAccount>().Where(one => one.Id == account.Id)
                .ExecuteUpdateAsync(row => row.SetProperty(one => one.WorkNode, Guid.NewGuid()).SetProperty(one => one.WorkUntil, until), token),
            Ending);
        await room.Accounts.UnlinkAsync(_user, cloud.Name, Ending);
        await room.StartAsync();
        await UnlinkAnotherAsync(room);
        Assert.DoesNotContain("revoke refresh refresh1", room.Target.Asked);

        room.Time.Advance(TimeSpan.FromMinutes(1));

        await AccountRoom.UntilAsync(async () => (await room.AccountsAsync()).Count == 0);
    }

    [Fact]
    public async Task Of_two_nodes_one_cleans_up()
    {
        await using var room = await RoomAsync(StoreProvider.PostgreSql);
        await using var other = await room.AnotherNodeAsync();
        var cloud = await room.AddCloudAsync();
        for (var number = 0; number < 20; number++)
        {
            var user = UserId.New();
            await room.LinkAsync(user, cloud, number.ToString(System.Globalization.CultureInfo.InvariantCulture));
            await room.Accounts.UnlinkAsync(user, cloud.Name, Ending);
        }

        await Task.WhenAll(room.StartAsync(), other.StartAsync());

        await AccountRoom.UntilAsync(async () => (await room.AccountsAsync()).Count == 0);
        var revoked = room.Target.Asked.Where(one => one.StartsWith("revoke", StringComparison.Ordinal)).ToList();
        Assert.Equal(40, revoked.Count);
        Assert.Equal(40, revoked.Distinct(StringComparer.Ordinal).Count());
    }

    [Fact]
    public async Task A_cloud_that_is_slow_leaves_room_for_the_others()
    {
        await using var room = await RoomAsync(options: one => (one.MaxParallel, one.MaxParallelPerCloud) = (4, 2));
        var (slow, quick) = (await room.AddCloudAsync("slow"), await room.AddCloudAsync("quick"));
        var device = new DeviceId(Guid.NewGuid());
        for (var number = 0; number < 6; number++)
        {
            var user = UserId.New();
            var account = await room.LinkAsync(user, slow);
            await room.SubscribeAsync(account, SubscriptionLevel.Device, "a", device);
            await room.Accounts.UnlinkAsync(user, slow.Name, Ending);
        }

        await room.LinkAsync(_user, quick, "quick");
        await room.Accounts.UnlinkAsync(_user, quick.Name, Ending);
        var answered = new TaskCompletionSource();
        room.Target.Wait = () => answered.Task;

        await room.StartAsync();

        await AccountRoom.UntilAsync(async () => (await room.AccountsAsync()).Count == 6 && room.Target.Accounts.Count > 1);
        Assert.Equal(2, room.Target.Accounts.Count);
        answered.SetResult();
        await AccountRoom.UntilAsync(async () => (await room.AccountsAsync()).Count == 0);
    }

    // Whoever works has looked at all that is due once this is done.
    private static async Task UnlinkAnotherAsync(AccountRoom room)
    {
        var (user, cloud) = (UserId.New(), await room.AddCloudAsync("another"));
        var before = (await room.AccountsAsync()).Count;
        await room.LinkAsync(user, cloud, "another");
        await room.Accounts.UnlinkAsync(user, cloud.Name, Ending);
        await AccountRoom.UntilAsync(async () => (await room.AccountsAsync()).Count == before);
    }

    private Task<AccountRoom> RoomAsync(StoreProvider provider = StoreProvider.Sqlite, Action<LinkedAccountOptions>? options = null) => AccountRoom.OpenAsync(provider, postgreSql, options);
}
