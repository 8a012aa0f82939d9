using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Hosting;
using OcfCloud.Core.Storage;
using OcfCloud.Onvif.Provisioning;
using OcfCloud.Onvif.Tests.Provisioning.Support;
using OcfCloud.Testing;

namespace OcfCloud.Onvif.Tests.Provisioning;

/// <summary>The worker that runs by itself.</summary>
public sealed class ShareWorkerTests(PostgreSqlFixture postgreSql)
{
    public static TheoryData<StoreProvider> Both => [StoreProvider.Sqlite, StoreProvider.PostgreSql];

    [Theory, MemberData(nameof(Both))]
    public async Task It_works_on_what_is_due_and_goes_on_when_the_camera_comes(StoreProvider provider)
    {
        await using var room = await ShareRoom.OpenAsync(provider, postgreSql, options => options.LookInterval = TimeSpan.FromMinutes(10));
        room.Camera.Keystore.Status = "Connected";
        room.Camera.IsOnline = false;
        var id = await room.ShareAsync();
        var worker = room.Get<IEnumerable<IHostedService>>().OfType<ShareWorker>().Single();
        await worker.StartAsync(TestContext.Current.CancellationToken);
        await UntilAsync(() => Task.FromResult(room.Camera.Subscribers == 1));

        room.Camera.Arrive();
        await UntilAsync(async () => (await room.FindAsync(id)) is { State: ShareState.Connected, LeaseOwner: null });
        await worker.StopAsync(CancellationToken.None);
        Assert.Equal(0, room.Camera.Subscribers);
    }

    [Fact]
    public async Task A_fault_of_ours_in_the_look_for_work_ends_neither_the_look_nor_the_cloud()
    {
        await using var room = await ShareRoom.OpenAsync(StoreProvider.Sqlite, postgreSql);
        room.Camera.Keystore.Status = "Connected";
        var looks = 0;
        room.Camera.Looking = () =>
        {
            if (Interlocked.Increment(ref looks) == 1) throw new InvalidOperationException("a bug");
        };
        var id = await room.ShareAsync();
        var worker = room.Get<IEnumerable<IHostedService>>().OfType<ShareWorker>().Single();
        await worker.StartAsync(TestContext.Current.CancellationToken);
        await UntilAsync(async () => (await room.FindAsync(id)) is { State: ShareState.Connected, LeaseOwner: null });
        await worker.StopAsync(CancellationToken.None);
        Assert.True(looks > 1);
    }

    [Theory, MemberData(nameof(Both))]
    public async Task What_another_node_holds_is_left_to_it_until_its_lease_runs_out_and_then_the_old_one_writes_nothing(StoreProvider provider)
    {
        await using var room = await ShareRoom.OpenAsync(provider, postgreSql);
        var id = await room.ShareAsync();
        var gone = (await room.Get<ShareQueue>().ClaimAsync(1, [], TestContext.Current.CancellationToken)).Single();
        await room.WriteAsync(context => context.Set<Share>().AsTracking().Single().LeaseOwner = Guid.NewGuid());
        Assert.Equal(0, await room.RunAsync());
        await Assert.ThrowsAsync<ShareChangedException>(() => room.Get<ShareTurn>().RunAsync(gone, TestContext.Current.CancellationToken));
        Assert.Empty(room.Camera.Asked);

        room.Time.Advance(new OnvifOptions().WorkLease);
        Assert.Equal(ShareState.Connecting, (await room.SettleAsync(id, ShareState.Connecting)).State);
    }

    private static async Task UntilAsync(Func<Task<bool>> isSo)
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        deadline.CancelAfter(TimeSpan.FromSeconds(60));
        while (!await isSo()) await Task.Delay(10, deadline.Token);
    }
}
