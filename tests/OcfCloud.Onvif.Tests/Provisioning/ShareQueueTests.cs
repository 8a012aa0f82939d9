using OcfCloud.Core.Devices;
using OcfCloud.Core.Storage;
using OcfCloud.Onvif.Cameras;
using OcfCloud.Onvif.Provisioning;
using OcfCloud.Onvif.Tests.Provisioning.Support;
using OcfCloud.Testing;

namespace OcfCloud.Onvif.Tests.Provisioning;

/// <summary>Which of the shares that are due are worked on: nobody's slow clouds and cameras keep others' waiting.</summary>
public sealed class ShareQueueTests(PostgreSqlFixture postgreSql)
{
    public static TheoryData<StoreProvider> Both => [StoreProvider.Sqlite, StoreProvider.PostgreSql];

    private static CancellationToken Ending => TestContext.Current.CancellationToken;

    [Theory, MemberData(nameof(Both))]
    public async Task One_user_has_a_quarter_of_the_slots_however_many_shares_are_due(StoreProvider provider)
    {
        await using var room = await ShareRoom.OpenAsync(provider, postgreSql, options => options.MaxParallelShares = 8);
        var (many, few) = (UserId.New(), UserId.New());
        await room.WriteAsync(context =>
        {
            for (var share = 0; share < 300; share++) context.Add(Share(room, many, ShareState.Notifying, minutesAgo: 5));
            context.Add(Share(room, few, ShareState.Notifying, minutesAgo: 1));
        });
        var queue = room.Get<ShareQueue>();

        var first = await queue.ClaimAsync(8, [], Ending);
        Assert.Equal([many, many], first.Select(share => share.UserId));
        var second = await queue.ClaimAsync(6, [.. first.Select(share => share.Id)], Ending);
        Assert.Equal(few, Assert.Single(second).UserId);
        Assert.Empty(await queue.ClaimAsync(5, [.. first.Concat(second).Select(share => share.Id)], Ending));
    }

    [Theory, MemberData(nameof(Both))]
    public async Task Half_of_the_slots_are_not_for_telling_other_clouds(StoreProvider provider)
    {
        await using var room = await ShareRoom.OpenAsync(provider, postgreSql, options => options.MaxParallelShares = 4);
        await room.WriteAsync(context =>
        {
            for (var user = 0; user < 300; user++) context.Add(Share(room, UserId.New(), ShareState.Notifying, minutesAgo: 5));
        });
        var queue = room.Get<ShareQueue>();
        var telling = await queue.ClaimAsync(4, [], Ending);
        Assert.Equal([ShareState.Notifying, ShareState.Notifying], telling.Select(share => share.State));

        var id = await room.ShareAsync();
        Assert.Equal(id, Assert.Single(await queue.ClaimAsync(2, [.. telling.Select(share => share.Id)], Ending)).Id);
    }

    [Theory, MemberData(nameof(Both))]
    public async Task What_waits_for_a_camera_that_is_worked_on_hides_nothing(StoreProvider provider)
    {
        await using var room = await ShareRoom.OpenAsync(provider, postgreSql);
        var (busy, user) = (Guid.NewGuid(), UserId.New());
        await room.WriteAsync(context =>
        {
            context.Add(new Camera { Id = busy, UserId = user, ClientId = "cam-busy", State = CameraState.Active, CreatedAt = room.Time.GetUtcNow() });
            context.Add(new CameraUplink { CameraId = busy, Kind = UplinkKind.Wss, Node = room.Get<NodeIdentity>().Id, Connection = Guid.NewGuid(), Since = room.Time.GetUtcNow() });
            var held = Share(room, user, ShareState.Configuring, minutesAgo: 9, busy);
            (held.LeaseOwner, held.LeaseUntil) = (Guid.NewGuid(), room.Time.GetUtcNow() + TimeSpan.FromSeconds(30));
            context.Add(held);
            for (var share = 0; share < 300; share++) context.Add(Share(room, user, ShareState.Configuring, minutesAgo: 5, busy));
        });

        var id = await room.ShareAsync();
        Assert.Equal(id, Assert.Single(await room.Get<ShareQueue>().ClaimAsync(1, [], Ending)).Id);
    }

    private static Share Share(ShareRoom room, UserId user, ShareState state, int minutesAgo, Guid? camera = null)
    {
        var now = room.Time.GetUtcNow();
        return new Share
        {
            Id = Guid.NewGuid(),
            CameraId = camera ?? room.Camera.Id,
            UserId = user,
            TokenId = Guid.NewGuid(),
            State = state,
            Configuration = "{}",
            ServerAuthority = "ocs.example",
            CreatedAt = now,
            DeadlineAt = now + TimeSpan.FromDays(7),
            DueAt = now - TimeSpan.FromMinutes(minutesAgo),
        };
    }
}
