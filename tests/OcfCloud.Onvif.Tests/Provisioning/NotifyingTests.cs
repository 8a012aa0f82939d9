using OcfCloud.Core.Storage;
using OcfCloud.Onvif.Provisioning;
using OcfCloud.Onvif.Tests.Provisioning.Support;
using OcfCloud.Testing;

namespace OcfCloud.Onvif.Tests.Provisioning;

/// <summary>Telling the other cloud: in order, in rounds further and further apart, and not for ever.</summary>
public sealed class NotifyingTests(PostgreSqlFixture postgreSql)
{
    public static TheoryData<StoreProvider> Both => [StoreProvider.Sqlite, StoreProvider.PostgreSql];

    private static CancellationToken Ending => TestContext.Current.CancellationToken;

    [Theory, MemberData(nameof(Both))]
    public async Task A_cloud_that_is_down_is_told_in_rounds_that_a_restart_does_not_forget(StoreProvider provider)
    {
        await using var room = await ShareRoom.OpenAsync(provider, postgreSql);
        room.Completions.Answer = _ => new CompletionAnswer(IsDelivered: false, IsFinal: false, "down");
        var id = await room.ShareAsync();
        double[] rests = [5, 15, 60, 300, 900, 900];
        await room.RunAsync();
        for (var round = 1; round <= rests.Length; round++)
        {
            var share = await room.FindAsync(id);
            Assert.Equal((ShareState.Notifying, "down", round), (share.State, share.Reason, share.Attempts));
            Assert.Equal(2 * round, room.Completions.Told.Count);
            var rest = share.DueAt!.Value - room.Time.GetUtcNow();
            Assert.InRange(rest.TotalSeconds, rests[round - 1] * 0.79, Math.Min(rests[round - 1] * 1.21, 900));
            await room.RestartAsync();
            room.Time.Advance(rest - TimeSpan.FromMilliseconds(1));
            Assert.Equal(0, await room.RunAsync());
            room.Time.Advance(TimeSpan.FromMilliseconds(1));
            if (round == rests.Length) room.Completions.Answer = address => address.Contains("ocs-b", StringComparison.Ordinal) ? CompletionCalls.Of(200, null) : CompletionCalls.Of(503, null);
            await room.RunAsync();
        }

        Assert.Equal(ShareState.Connecting, (await room.FindAsync(id)).State);
        Assert.Equal(["https://ocs.example/done/1", "https://ocs-b.example/done/1"], room.Completions.Told.TakeLast(2).Select(one => one.Address));
        Assert.Single(room.Camera.Asked, one => one == "SetUplink");
    }

    [Fact]
    public async Task A_cloud_that_stays_away_is_given_up_and_the_owner_sends_again()
    {
        await using var room = await ShareRoom.OpenAsync(StoreProvider.Sqlite, postgreSql, options => options.NotifyGiveUpAfter = TimeSpan.FromHours(2));
        room.Completions.Answer = _ => CompletionCalls.Of(503, null);
        var id = await room.ShareAsync();
        var begun = room.Time.GetUtcNow();
        var share = await room.SettleAsync(id);
        Assert.Equal((ShareState.Unreachable, "The other cloud answered 503."), (share.State, share.Reason));
        Assert.InRange(room.Time.GetUtcNow() - begun, TimeSpan.FromHours(1.7), TimeSpan.FromHours(2));
        Assert.True(room.Camera.Keystore.Uplinks.ContainsKey(ShareRoom.Wss));

        room.Completions.Answer = _ => CompletionCalls.Of(200, null);
        room.Camera.Keystore.Status = "Connected";
        Assert.Equal(ShareChange.Done, await room.Shares.ResendAsync(room.User, room.Camera.Id, id, Ending));
        Assert.Equal(ShareState.Connected, (await room.SettleAsync(id)).State);
        Assert.Equal(ShareChange.Conflict, await room.Shares.ResendAsync(room.User, room.Camera.Id, id, Ending));
    }

    [Theory, InlineData(400), InlineData(401), InlineData(403), InlineData(409), InlineData(410), InlineData(422)]
    public async Task A_refusal_is_final_once_nobody_else_takes_it(int status)
    {
        await using var room = await ShareRoom.OpenAsync(StoreProvider.Sqlite, postgreSql);
        room.Completions.Answer = _ => CompletionCalls.Of(status, null);
        var share = await room.SettleAsync(await room.ShareAsync());

        Assert.Equal(ShareState.Unreachable, share.State);
        Assert.Equal(2, room.Completions.Told.Count);
    }

    [Fact]
    public async Task A_refusal_by_one_address_is_no_end_while_another_one_is_only_down()
    {
        await using var room = await ShareRoom.OpenAsync(StoreProvider.Sqlite, postgreSql);
        room.Completions.Answer = address => CompletionCalls.Of(address.Contains("ocs-b", StringComparison.Ordinal) ? 503 : 403, null);
        var id = await room.ShareAsync();
        await room.RunAsync();
        var share = await room.FindAsync(id);
        Assert.Equal((ShareState.Notifying, "The other cloud answered 403."), (share.State, share.Reason));

        room.Completions.Answer = address => CompletionCalls.Of(address.Contains("ocs-b", StringComparison.Ordinal) ? 200 : 403, null);
        Assert.Equal(ShareState.Connecting, (await room.SettleAsync(id, ShareState.Connecting)).State);
    }

    [Theory, InlineData(302), InlineData(404), InlineData(408), InlineData(425), InlineData(429), InlineData(500)]
    public void What_may_pass_is_tried_again(int status) => Assert.False(CompletionCalls.Of(status, null).IsFinal);

    [Fact]
    public void The_other_cloud_may_ask_for_more_time_within_bounds()
    {
        var options = new OnvifOptions();
        Assert.Equal(TimeSpan.FromSeconds(4), CompletionRests.After(options, 1, null, 0));
        Assert.Equal(TimeSpan.FromSeconds(6), CompletionRests.After(options, 1, null, 1));
        Assert.Equal(TimeSpan.FromSeconds(100), CompletionRests.After(options, 1, TimeSpan.FromSeconds(100), 0.5));
        Assert.Equal(TimeSpan.FromMinutes(15), CompletionRests.After(options, 1, TimeSpan.FromDays(1), 0.5));
        Assert.Equal(TimeSpan.FromMinutes(15), CompletionRests.After(options, 1_000_000, null, 1));
    }
}
