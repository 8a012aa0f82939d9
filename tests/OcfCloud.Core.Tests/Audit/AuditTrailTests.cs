using OcfCloud.Core.AccessRules;
using OcfCloud.Core.Audit;
using OcfCloud.Core.Devices;
using OcfCloud.Core.Storage;
using OcfCloud.Core.Tests.Support;

namespace OcfCloud.Core.Tests.Audit;

/// <summary>What is changed and its entry are one transaction, and who did it is known.</summary>
public sealed class AuditTrailTests(Stores stores) : StoreTests(stores)
{
    [Theory, InlineData(StoreProvider.Sqlite), InlineData(StoreProvider.PostgreSql)]
    public async Task A_device_that_comes_and_goes_is_on_record_with_who_did_it(StoreProvider provider)
    {
        var node = await Stores.OnAsync(provider);
        var device = await node.RegisterAsync();
        await node.RegisterAsync(device.User, device.Id);
        using (node.Get<AuditActors>().Begin(() => AuditActor.Command)) Assert.True(await node.Accounts.RemoveAsync(device.Id, owner: null, Ending));
        var other = await node.RegisterAsync(device.User);
        Assert.True(await node.Accounts.DeregisterAsync(other.Id, device.User, Ending));

        var subject = $"device:{device.Id}";
        var others = $"device:{other.Id}";
        Assert.Equal(
            [
                (AuditKind.DeviceRemoved, others, others, (string?)null),
                (AuditKind.DeviceRegistered, others, others, null),
                (AuditKind.DeviceRemoved, "command", subject, null),
                (AuditKind.DeviceRegistered, subject, subject, "again"),
                (AuditKind.DeviceRegistered, subject, subject, null),
            ],
            (await OfAsync(node, device.User)).Select(entry => (entry.Kind, entry.Actor, entry.Subject, entry.Detail)));
    }

    [Theory, InlineData(StoreProvider.Sqlite), InlineData(StoreProvider.PostgreSql)]
    public async Task A_change_that_is_rolled_back_leaves_no_entry_and_a_lost_entry_no_change(StoreProvider provider)
    {
        var node = await Stores.OnAsync(provider);
        var (device, trail) = (await node.RegisterAsync(), node.Get<AuditTrail>());

        await Assert.ThrowsAsync<InvalidOperationException>(() => node.Store.WriteAsync(
            (context, _) =>
            {
                trail.Add(context, AuditKind.DeviceRemoved, "device:x", device.User);
                throw new InvalidOperationException();
            },
            Ending));
        // Longer than the column: what is stored is cut, so that no text of others undoes a change.
        await node.Store.WriteAsync(
            (context, _) =>
            {
                trail.Add(context, AuditKind.DeviceRemoved, "device:\0" + new string('x', 400), device.User, new string('y', 600));
                return Task.CompletedTask;
            },
            Ending);

        var entries = await OfAsync(node, device.User);
        Assert.Equal([AuditKind.DeviceRemoved, AuditKind.DeviceRegistered], entries.Select(entry => entry.Kind));
        Assert.StartsWith("device:\ufffdxx", entries[0].Subject, StringComparison.Ordinal);
        Assert.Equal((256, 512), (entries[0].Subject.Length, entries[0].Detail!.Length));
    }

    [Theory]
    [InlineData("\U0001F3E0 home", 6, "\U0001F3E0 hom")]
    [InlineData("cut \U0001F3E0", 5, "cut ")]
    [InlineData("line\nfeed", 99, "line\ufffdfeed")]
    public void Texts_are_kept_but_for_what_no_store_and_no_terminal_takes(string text, int most, string kept) => Assert.Equal(kept, AuditText.Kept(text, most));

    [Fact]
    public void Half_a_character_is_kept_as_none() => Assert.Equal("half \ufffd!", AuditText.Kept($"half {(char)0xD83C}!", 99));

    [Theory, InlineData(StoreProvider.Sqlite), InlineData(StoreProvider.PostgreSql)]
    public async Task A_user_s_erasure_takes_the_devices_and_leaves_the_record(StoreProvider provider)
    {
        var node = await Stores.OnAsync(provider);
        var device = await node.RegisterAsync();
        Assert.True(AccessRule.TryCreate("app", "*", "*", AccessOperations.Retrieve, out var rule));
        // The same rules again change nothing, and are no entry.
        for (var i = 0; i < 3; i++) Assert.True(await node.Get<AccessRuleStore>().ReplaceAsync(device.User, [rule], Ending));

        await node.Get<UserErasure>().EraseAsync(device.User, Ending);

        Assert.Equal([AuditKind.DeviceRemoved, AuditKind.AccessRulesChanged, AuditKind.DeviceRegistered], (await OfAsync(node, device.User)).Select(entry => entry.Kind));
    }

    [Theory, InlineData(StoreProvider.Sqlite), InlineData(StoreProvider.PostgreSql)]
    public async Task Entries_are_found_by_user_actor_kind_time_and_place(StoreProvider provider)
    {
        var node = await Stores.OnAsync(provider);
        var (user, log, trail) = (UserId.New(), node.Get<AuditLog>(), node.Get<AuditTrail>());
        await AddAsync(AuditKind.UserAdded, user, AuditActor.Command);
        node.Clock.Advance(TimeSpan.FromHours(1));
        var later = node.Clock.GetUtcNow();
        await AddAsync(AuditKind.CloudAdded, null, AuditActor.OfUser(user));
        await AddAsync(AuditKind.UserRemoved, user, AuditActor.Command, "user:carol \U0001F3E0");

        var all = await OfAsync(node, user);
        Assert.Equal([AuditKind.UserRemoved, AuditKind.CloudAdded, AuditKind.UserAdded], all.Select(entry => entry.Kind));
        Assert.Equal(all.Take(2), await log.ListAsync(new AuditFilter { User = user, Since = later }, 10, Ending));
        Assert.Equal(all.Skip(1), await log.ListAsync(new AuditFilter { User = user, Before = all[0].Id }, 10, Ending));
        Assert.Equal([all[1]], await log.ListAsync(new AuditFilter { User = user, Before = all[0].Id }, 1, Ending));
        Assert.Equal([all[2]], await log.ListAsync(new AuditFilter { User = user, Kind = AuditKind.UserAdded }, 10, Ending));
        Assert.Equal(user, await log.FindRemovedUserAsync("carol \U0001F3E0", Ending));
        Assert.Null(await log.FindRemovedUserAsync("dave", Ending));

        Task AddAsync(string kind, UserId? of, AuditActor actor, string subject = "x") => node.Store.WriteAsync(
            (context, _) =>
            {
                trail.Add(context, kind, subject, of, actor: actor);
                return Task.CompletedTask;
            },
            Ending);
    }

    [Fact]
    public async Task A_turn_that_has_ended_says_nothing_any_more()
    {
        var actors = new AuditActors();
        Task<AuditActor> left;
        var go = new TaskCompletionSource();
        using (actors.Begin(() => AuditActor.Command))
        {
            Assert.Equal(AuditActor.Command, actors.Current);
            left = LaterAsync();
        }

        go.SetResult();
        Assert.Equal(AuditActor.Cloud, await left);
        Assert.Equal(AuditActor.Cloud, actors.Current);

        async Task<AuditActor> LaterAsync()
        {
            await go.Task;
            return actors.Current;
        }
    }

    private static Task<IReadOnlyList<AuditEntry>> OfAsync(CloudNode node, UserId user) => node.Get<AuditLog>().ListAsync(new AuditFilter { User = user }, 100, Ending);
}
