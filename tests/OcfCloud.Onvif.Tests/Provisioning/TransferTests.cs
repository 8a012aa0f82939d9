using OcfCloud.Core.Audit;
using OcfCloud.Core.Storage;
using OcfCloud.Onvif.Cameras;
using OcfCloud.Onvif.Provisioning;
using OcfCloud.Onvif.Sharing;
using OcfCloud.Onvif.Tests.Provisioning.Support;
using OcfCloud.Testing;

namespace OcfCloud.Onvif.Tests.Provisioning;

/// <summary>A camera that leaves: only once the other cloud has it, and never to nobody.</summary>
public sealed class TransferTests(PostgreSqlFixture postgreSql)
{
    public static TheoryData<StoreProvider> Both => [StoreProvider.Sqlite, StoreProvider.PostgreSql];

    [Theory, MemberData(nameof(Both))]
    public async Task It_waits_until_the_new_uplink_has_stood_then_disables_its_client_then_deletes_its_own_uplink_as_the_last_command(StoreProvider provider)
    {
        await using var room = await ShareRoom.OpenAsync(provider, postgreSql);
        var id = await room.ShareAsync(mode: ShareMode.Transfer);
        await room.SettleAsync(id, ShareState.Connecting);
        room.Camera.Keystore.Status = "Connected";
        room.Clients.Removing = () => Assert.True(room.Camera.Keystore.Uplinks.ContainsKey(ShareRoom.OwnWss));
        room.Time.Advance(TimeSpan.FromSeconds(30));
        await room.RunAsync();
        var since = room.Time.GetUtcNow();

        var share = await room.SettleAsync(id);

        Assert.Equal((ShareState.Transferred, null), (share.State, share.DueAt));
        Assert.Equal(TimeSpan.FromMinutes(1), room.Time.GetUtcNow() - since);
        Assert.Equal(["cam-pcs"], room.Clients.Removed);
        Assert.Equal(["GetServices", "GetUplinks", "DeleteUplink"], room.Camera.Asked.TakeLast(3));
        Assert.Equal([ShareRoom.Wss], room.Camera.Keystore.Uplinks.Keys);
        Assert.Equal(CameraState.Transferred, (await room.CameraAsync()).State);
        Assert.Equal([room.Camera.Id], room.Camera.Closed);
        Assert.Equal(["Configured", "deviceSharingCompleted", "Connected", "RevokeClient", "DeleteUplink"], (await room.StepsAsync(id)).TakeLast(5));
        Assert.Equal(ShareChange.Conflict, await room.Shares.UnshareAsync(room.User, room.Camera.Id, id, TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task A_new_uplink_that_goes_again_begins_its_minute_anew()
    {
        await using var room = await ShareRoom.OpenAsync(StoreProvider.Sqlite, postgreSql);
        var id = await room.ShareAsync(mode: ShareMode.Transfer);
        room.Camera.Keystore.Status = "Online";
        await room.SettleAsync(id, ShareState.Connecting);
        await room.RunAsync();
        room.Time.Advance(TimeSpan.FromSeconds(50));
        (room.Camera.Keystore.Status, room.Camera.Keystore.Error) = ("Connecting", "TLS failed");
        await room.RunAsync();
        Assert.Equal((null, "The camera says: TLS failed"), await room.FindAsync(id) is var gone ? (gone.ConnectedSince, gone.Reason) : default);

        (room.Camera.Keystore.Status, room.Camera.Keystore.Error) = ("connected", "");
        room.Time.Advance(TimeSpan.FromSeconds(30));
        await room.RunAsync();
        Assert.Empty(room.Clients.Removed);
        Assert.Equal(room.Time.GetUtcNow(), (await room.FindAsync(id)).ConnectedSince);
    }

    [Fact]
    public async Task A_transfer_whose_uplink_does_not_come_is_incomplete_and_we_keep_our_access()
    {
        await using var room = await ShareRoom.OpenAsync(StoreProvider.Sqlite, postgreSql, options => options.TransferTimeout = TimeSpan.FromMinutes(10));
        var id = await room.ShareAsync(mode: ShareMode.Transfer);
        var share = await room.SettleAsync(id);

        Assert.Equal(ShareState.Incomplete, share.State);
        Assert.Empty(room.Clients.Removed);
        Assert.True(room.Camera.Keystore.Uplinks.ContainsKey(ShareRoom.OwnWss));
        Assert.DoesNotContain("DeleteUplink", room.Camera.Asked);

        await room.Shares.UnshareAsync(room.User, room.Camera.Id, id, TestContext.Current.CancellationToken);
        Assert.Equal(ShareState.Unshared, (await room.SettleAsync(id)).State);
        Assert.Equal([ShareRoom.OwnWss], room.Camera.Keystore.Uplinks.Keys);
    }

    [Fact]
    public async Task An_uplink_that_may_not_manage_the_camera_is_no_reason_to_let_it_go()
    {
        await using var room = await ShareRoom.OpenAsync(StoreProvider.Sqlite, postgreSql, options => options.TransferTimeout = TimeSpan.FromMinutes(10));
        var both = ShareRoom.Asked() with
        {
            UplinkConfigurations = [new UplinkConfiguration(ShareRoom.Wss, UserLevel.Administrator, "ocs-public"), new UplinkConfiguration(ShareRoom.Https, UserLevel.Operator, "ocs-public")],
        };
        var id = await room.ShareAsync(both, ShareMode.Transfer);
        await room.SettleAsync(id, ShareState.Connecting);
        room.Camera.Keystore.Status = "Connected";
        room.Camera.Keystore.Uplinks[ShareRoom.Wss] = room.Camera.Keystore.Uplinks[ShareRoom.Wss] with { Level = "Operator" };

        Assert.Equal(ShareState.Incomplete, (await room.SettleAsync(id)).State);
        Assert.Empty(room.Clients.Removed);
    }

    [Fact]
    public async Task A_transfer_that_gets_no_uplink_to_manage_by_is_taken_back()
    {
        await using var room = await ShareRoom.OpenAsync(StoreProvider.Sqlite, postgreSql);
        var before = room.Camera.Keystore.Snapshot();
        var both = ShareRoom.Asked() with
        {
            UplinkConfigurations = [new UplinkConfiguration(ShareRoom.Wss, UserLevel.Administrator, "ocs-public"), new UplinkConfiguration(ShareRoom.Https, UserLevel.Operator, "ocs-public")],
        };
        room.Camera.Keystore.Protocols = "https";

        Assert.Equal(ShareState.Failed, (await room.SettleAsync(await room.ShareAsync(both, ShareMode.Transfer))).State);
        Assert.Equal(before, room.Camera.Keystore.Snapshot());
    }

    [Theory, MemberData(nameof(Both))]
    public async Task A_lost_answer_to_the_last_command_is_what_was_expected(StoreProvider provider)
    {
        await using var room = await ShareRoom.OpenAsync(provider, postgreSql);
        var id = await room.ShareAsync(mode: ShareMode.Transfer);
        room.Camera.Keystore.Status = "Connected";
        room.Camera.Losing.Add("DeleteUplink");

        Assert.Equal(ShareState.Transferred, (await room.SettleAsync(id)).State);
        Assert.Equal([ShareRoom.Wss], room.Camera.Keystore.Uplinks.Keys);
    }

    [Theory, InlineData(true), InlineData(false)]
    public async Task A_process_that_dies_after_the_client_is_gone_ends_the_transfer(bool isStillThere)
    {
        await using var room = await ShareRoom.OpenAsync(StoreProvider.Sqlite, postgreSql);
        var id = await room.ShareAsync(mode: ShareMode.Transfer);
        room.Camera.Keystore.Status = "Connected";
        room.Camera.Asking = operation =>
        {
            if (operation == "DeleteUplink" && room.Clients.Removed.Count == 1 && room.Camera.DiesAtCall == 0) throw new ProcessDeath();
        };
        await Assert.ThrowsAsync<ProcessDeath>(() => room.SettleAsync(id));
        Assert.Equal(ShareState.Transferring, (await room.FindAsync(id)).State);
        await room.RestartAsync();
        (room.Camera.Asking, room.Camera.IsOnline) = (null, isStillThere);
        if (!isStillThere) await room.WriteAsync(context => context.RemoveRange(context.Set<CameraUplink>().ToList()));

        Assert.Equal(ShareState.Transferred, (await room.SettleAsync(id)).State);
        Assert.Equal(!isStillThere, room.Camera.Keystore.Uplinks.ContainsKey(ShareRoom.OwnWss));
        Assert.True(room.Camera.Keystore.Uplinks.ContainsKey(ShareRoom.Wss));
        Assert.Single(room.Clients.Removed);
    }

    [Fact]
    public async Task What_nobody_looked_at_begins_its_minute_anew()
    {
        await using var room = await ShareRoom.OpenAsync(StoreProvider.Sqlite, postgreSql);
        room.Camera.Keystore.Status = "Connected";
        var id = await room.ShareAsync(mode: ShareMode.Transfer);
        await room.SettleAsync(id, ShareState.Connecting);
        await room.RunAsync();
        room.Camera.IsOnline = false;
        room.Time.Advance(TimeSpan.FromMinutes(5));
        room.Camera.Arrive();
        await room.RunAsync();

        Assert.Empty(room.Clients.Removed);
        Assert.Equal(room.Time.GetUtcNow(), (await room.FindAsync(id)).ConnectedSince);
        Assert.Equal(ShareState.Transferred, (await room.SettleAsync(id)).State);
    }

    [Fact]
    public async Task The_second_of_two_own_uplinks_is_deleted_too_when_the_first_breaks_under_the_command()
    {
        await using var room = await ShareRoom.OpenAsync(StoreProvider.Sqlite, postgreSql);
        var own = room.Camera.Keystore.Uplinks[ShareRoom.OwnWss];
        room.Camera.Keystore.Uplinks["https://pcs.example:8444/onvif/uplink"] = own;
        room.Camera.Keystore.Status = "Connected";
        room.Camera.Breaking["DeleteUplink"] = 1;
        var id = await room.ShareAsync(mode: ShareMode.Transfer);

        Assert.Equal(ShareState.Transferred, (await room.SettleAsync(id)).State);
        Assert.Equal([ShareRoom.Wss], room.Camera.Keystore.Uplinks.Keys);
        Assert.Contains("/onvif/uplink: done; ", (await room.Shares.FindAsync(room.User, room.Camera.Id, id, TestContext.Current.CancellationToken))!.Steps[^1].Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_camera_does_not_leave_while_another_clouds_access_is_taken_back_and_takes_the_other_shares_with_it()
    {
        await using var room = await ShareRoom.OpenAsync(StoreProvider.Sqlite, postgreSql);
        room.Camera.Keystore.Most = (32, 32, 8, 8, 8);
        room.Camera.Keystore.Status = "Connected";
        var (first, second) = (await room.ShareAsync(Third("third")), await room.ShareAsync(Third("fourth")));
        await room.SettleAsync(first);
        Assert.Equal(ShareState.Connected, (await room.SettleAsync(second)).State);
        var transfer = await room.ShareAsync(mode: ShareMode.Transfer);
        await room.SettleAsync(transfer, ShareState.Connecting);
        room.Camera.Faults["DeleteKey"] = "!Action/Busy";
        await room.Shares.UnshareAsync(room.User, room.Camera.Id, first, TestContext.Current.CancellationToken);
        for (var look = 0; look < 12; look++)
        {
            room.Time.Advance(TimeSpan.FromSeconds(10));
            await room.RunAsync();
        }

        Assert.Empty(room.Clients.Removed);
        Assert.Equal("Another share of the camera is taken back first.", (await room.FindAsync(transfer)).Reason);

        room.Camera.Faults.Clear();
        Assert.Equal(ShareState.Unshared, (await room.SettleAsync(first)).State);
        Assert.Equal(ShareState.Transferred, (await room.SettleAsync(transfer)).State);
        var left = await room.FindAsync(second);
        Assert.Equal((ShareState.Transferred, "The camera went to another cloud.", null), (left.State, left.Reason, left.DueAt));
        var record = await room.Get<AuditLog>().ListAsync(new AuditFilter { User = room.User }, 100, TestContext.Current.CancellationToken);
        Assert.Equal([$"share {first}"], record.Where(entry => entry.Kind == AuditKind.ShareTakenBack).Select(entry => entry.Detail));
        // One end each, also of what went with the camera.
        var ended = record.Where(entry => entry.Kind == AuditKind.ShareEnded).Select(entry => entry.Detail!).ToList();
        Assert.Equal(3, ended.Count);
        Assert.All(new[] { first, second, transfer }, share => Assert.Single(ended, detail => detail.StartsWith($"share {share}, ", StringComparison.Ordinal)));

        static DeviceConfiguration Third(string name) => ShareRoom.Asked() with
        {
            UplinkConfigurations = [new UplinkConfiguration($"wss://{name}.example/up", UserLevel.User, name)],
            AuthorizationServerConfigurations = [new AuthorizationServerConfiguration($"https://{name}.example/as", "c", null, name)],
            CertPathValidationPolicies = [new CertPathValidationPolicy(name, [ShareRoom.RootA])],
        };
    }

    [Fact]
    public async Task An_uplink_that_stands_when_its_time_is_over_is_seen_and_its_minute_is_waited_for()
    {
        await using var room = await ShareRoom.OpenAsync(StoreProvider.Sqlite, postgreSql, options => options.TransferTimeout = TimeSpan.FromMinutes(10));
        var id = await room.ShareAsync(mode: ShareMode.Transfer);
        await room.SettleAsync(id, ShareState.Connecting);
        room.Camera.Keystore.Status = "Connected";
        room.Time.Advance(TimeSpan.FromMinutes(11));

        Assert.Equal(ShareState.Transferred, (await room.SettleAsync(id)).State);
    }

    [Fact]
    public async Task A_camera_that_is_slow_to_answer_is_let_go_all_the_same()
    {
        await using var room = await ShareRoom.OpenAsync(StoreProvider.Sqlite, postgreSql);
        var id = await room.ShareAsync(mode: ShareMode.Transfer);
        await room.SettleAsync(id, ShareState.Connecting);
        room.Camera.Keystore.Status = "Connected";
        room.Camera.Asking = operation =>
        {
            if (operation is "GetServices" or "GetUplinks") room.Time.Advance(TimeSpan.FromSeconds(8));
        };

        Assert.Equal(ShareState.Transferred, (await room.SettleAsync(id)).State);
    }

    [Fact]
    public async Task A_minute_that_is_not_seen_to_its_end_after_the_time_is_over_ends_the_transfer()
    {
        await using var room = await ShareRoom.OpenAsync(StoreProvider.Sqlite, postgreSql, options => options.TransferTimeout = TimeSpan.FromMinutes(10));
        var id = await room.ShareAsync(mode: ShareMode.Transfer);
        await room.SettleAsync(id, ShareState.Connecting);
        room.Camera.Keystore.Status = "Connected";
        room.Time.Advance(TimeSpan.FromMinutes(11));
        await room.RunAsync();
        Assert.Equal(ShareState.Connecting, (await room.FindAsync(id)).State);
        room.Time.Advance(TimeSpan.FromSeconds(30));
        await room.RunAsync();

        Assert.Equal(ShareState.Incomplete, (await room.FindAsync(id)).State);
        Assert.Empty(room.Clients.Removed);
    }

    [Theory, MemberData(nameof(Both))]
    public async Task Another_node_does_not_give_up_for_the_one_that_holds_the_camera(StoreProvider provider)
    {
        await using var room = await ShareRoom.OpenAsync(provider, postgreSql, options => options.TransferTimeout = TimeSpan.FromMinutes(10));
        var id = await room.ShareAsync(mode: ShareMode.Transfer);
        await room.SettleAsync(id, ShareState.Connecting);
        room.Camera.IsOnline = false;
        await room.WriteAsync(context =>
        {
            context.RemoveRange(context.Set<CameraUplink>().ToList());
            context.Add(new CameraUplink { CameraId = room.Camera.Id, Kind = UplinkKind.Https, Node = Guid.NewGuid(), Connection = Guid.NewGuid(), Since = room.Time.GetUtcNow() });
        });
        room.Time.Advance(TimeSpan.FromMinutes(11));
        Assert.Equal(0, await room.RunAsync());

        // Nobody holds it.
        await room.WriteAsync(context => context.RemoveRange(context.Set<CameraUplink>().ToList()));
        Assert.Equal(ShareState.Incomplete, (await room.SettleAsync(id)).State);
    }

    [Fact]
    public async Task The_uplink_of_a_share_that_comes_after_its_time_is_seen_within_the_hour()
    {
        await using var room = await ShareRoom.OpenAsync(StoreProvider.Sqlite, postgreSql, options => options.ShareTimeout = TimeSpan.FromHours(2));
        var id = await room.ShareAsync();
        await room.SettleAsync(id, ShareState.Connecting);
        room.Time.Advance(TimeSpan.FromHours(3));
        await room.RunAsync();
        var late = await room.FindAsync(id);
        Assert.Equal((ShareState.Connecting, "The other cloud's uplink did not come in time.", room.Time.GetUtcNow() + TimeSpan.FromHours(1)), (late.State, late.Reason, late.DueAt));
        room.Time.Advance(TimeSpan.FromHours(1));
        await room.RunAsync();
        Assert.Equal(late.Reason, (await room.FindAsync(id)).Reason);

        room.Camera.Keystore.Status = "Connected";
        var share = await room.SettleAsync(id);
        Assert.Equal((ShareState.Connected, null), (share.State, share.Reason));
    }
}
