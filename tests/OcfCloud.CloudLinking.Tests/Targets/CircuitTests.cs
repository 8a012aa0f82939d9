using OcfCloud.CloudLinking.Targets;

namespace OcfCloud.CloudLinking.Tests.Targets;

/// <summary>A Target that fails is left alone, a full one is not crowded.</summary>
public sealed class CircuitTests : IAsyncLifetime
{
    private OriginNode _node = null!;
    private TestTarget _target = null!;
    private Guid _account;

    private static CancellationToken Ending => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _node = await OriginNode.OnSqliteAsync(options =>
        {
            options.RequestTimeout = TimeSpan.FromSeconds(60);
            (options.RestAfter, options.RestTime, options.RestWindow) = (4, TimeSpan.FromSeconds(15), TimeSpan.FromSeconds(30));
            (options.MaxParallelRequests, options.MaxParallelBackground, options.MaxQueued) = (2, 2, 1);
        });
        _target = await TestTarget.StartAsync();
        _account = await _node.AddAccountAsync(await _node.AddCloudAsync(_target));
    }

    public async ValueTask DisposeAsync()
    {
        await _node.DisposeAsync();
        await _target.DisposeAsync();
    }

    [Fact]
    public async Task After_repeated_failures_a_Target_is_left_alone_until_one_call_finds_it_well()
    {
        await using var other = await TestTarget.StartAsync();
        var unaffected = await _node.AddAccountAsync(await _node.AddCloudAsync(other));
        Fails(503);
        for (var i = 0; i < 4; i++) Assert.Equal(503, (await _node.GetAsync(_account)).Status);

        var refused = await _node.GetAsync(_account);
        Assert.Equal(TargetOutcome.Unavailable, refused.Outcome);
        Assert.InRange(refused.RetryAfter!.Value, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(15));
        Assert.Equal(4, _target.Calls.Count);
        Assert.Equal(200, (await _node.GetAsync(unaffected)).Status);

        _node.Clock.Advance(TimeSpan.FromSeconds(16));
        Assert.Equal(503, (await _node.GetAsync(_account)).Status);
        Assert.Equal(TargetOutcome.Unavailable, (await _node.GetAsync(_account)).Outcome);

        _target.Answer = null;
        _node.Clock.Advance(TimeSpan.FromSeconds(16));
        for (var i = 0; i < 4; i++) Assert.Equal(200, (await _node.GetAsync(_account)).Status);
    }

    [Fact]
    public async Task A_Target_that_is_down_is_left_alone_too()
    {
        await _target.StopAsync();
        for (var i = 0; i < 4; i++) Assert.Equal(TargetOutcome.Unreachable, (await _node.GetAsync(_account)).Outcome);

        Assert.Equal(TargetOutcome.Unavailable, (await _node.GetAsync(_account)).Outcome);
    }

    [Fact]
    public async Task What_a_device_answers_says_nothing_of_its_cloud()
    {
        Fails(504);
        for (var i = 0; i < 20; i++) Assert.Equal(504, (await _node.GetAsync(_account, $"/api/v1/devices/{Guid.NewGuid()}/light")).Status);

        Assert.Equal(20, _target.Calls.Count);
    }

    [Fact]
    public async Task A_Target_without_events_says_so_as_often_as_it_is_asked()
    {
        Fails(501);
        for (var i = 0; i < 20; i++) Assert.Equal(501, (await _node.GetAsync(_account, "/api/v1/devices/subscriptions")).Status);
    }

    [Fact]
    public async Task Background_work_and_clients_do_not_take_one_anothers_places()
    {
        var go = new TaskCompletionSource();
        _target.Answer = (call, _) => call.Target.Contains("hang", StringComparison.Ordinal) ? go.Task : Task.CompletedTask;

        var hanging = Enumerable.Range(0, 2).Select(_ => _node.GetAsync(_account, "/api/v1/devices?hang", isBackground: true)).ToList();
        await ArriveAsync(2);
        var queued = _node.GetAsync(_account, "/api/v1/devices?hang", isBackground: true);
        var refused = await _node.GetAsync(_account, "/api/v1/devices?hang", isBackground: true);

        Assert.Equal((TargetOutcome.Unavailable, TimeSpan.FromSeconds(1)), (refused.Outcome, refused.RetryAfter));
        Assert.Equal(200, (await _node.GetAsync(_account)).Status);
        Assert.False(queued.IsCompleted);

        go.SetResult();
        Assert.All(await Task.WhenAll([.. hanging, queued]), answer => Assert.Equal(200, answer.Status));
    }

    private void Fails(int status) => _target.Answer = (_, context) =>
    {
        context.Response.StatusCode = status;
        return Task.CompletedTask;
    };

    private async Task ArriveAsync(int count)
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(Ending);
        deadline.CancelAfter(TimeSpan.FromSeconds(30));
        while (_target.Calls.Count < count) await Task.Delay(5, deadline.Token);
    }
}
