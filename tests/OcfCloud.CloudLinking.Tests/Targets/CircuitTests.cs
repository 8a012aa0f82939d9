using Microsoft.AspNetCore.Http;
using OcfCloud.CloudLinking.Synchronisation;
using OcfCloud.CloudLinking.Targets;
using OcfCloud.Core.Devices;
using OcfCloud.Core.Subscriptions;

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

    [Theory]
    [InlineData("/light")]
    [InlineData("/light?x=/subscriptions")]
    [InlineData("/light?/subscriptions/")]
    public async Task What_a_device_answers_says_nothing_of_its_cloud(string path)
    {
        Fails(504);
        for (var i = 0; i < 20; i++) Assert.Equal(504, (await _node.AskDeviceAsync(_account, $"/api/v1/devices/{Guid.NewGuid()}{path}")).Status);

        Assert.Equal(20, _target.Calls.Count);
    }

    [Theory]
    [InlineData(SubscriptionLevel.Devices, 4)]
    [InlineData(SubscriptionLevel.Device, 20)]
    [InlineData(SubscriptionLevel.Resource, 20)]
    public async Task A_cloud_that_fails_at_the_subscription_of_one_device_is_not_left_alone(SubscriptionLevel level, int arrived)
    {
        Fails(500);
        var calls = _node.Get<SubscriptionCalls>();
        for (var i = 0; i < 10; i++)
        {
            DeviceId? device = level == SubscriptionLevel.Devices ? null : DeviceId.New();
            var href = level == SubscriptionLevel.Resource ? "/light" : null;
            await calls.SubscribeAsync("other", new RequestedSubscription(Guid.NewGuid(), _account, level, device, href, "secret"), isBackground: true, Ending);
            await calls.UnsubscribeAsync("other", _account, level, device, href, "7", Ending);
        }

        Assert.Equal(arrived, _target.Calls.Count);
    }

    [Fact]
    public async Task A_device_that_hangs_keeps_the_next_one_from_trying_for_a_second_only()
    {
        var (hanging, good) = ($"/api/v1/devices/{Guid.NewGuid()}/hang", $"/api/v1/devices/{Guid.NewGuid()}/good");
        Fails(503);
        for (var i = 0; i < 4; i++) await _node.GetAsync(_account);
        _node.Clock.Advance(TimeSpan.FromSeconds(16));
        var go = new TaskCompletionSource();
        _target.Answer = (call, _) => call.Target.Contains("hang", StringComparison.Ordinal) ? go.Task : Task.CompletedTask;
        var hung = _node.AskDeviceAsync(_account, hanging);
        await ArriveAsync(5);
        Assert.Equal(TargetOutcome.Unavailable, (await _node.AskDeviceAsync(_account, good)).Outcome);

        _node.Clock.Advance(TimeSpan.FromSeconds(1));

        Assert.Equal(200, (await _node.AskDeviceAsync(_account, good)).Status);
        Assert.False(hung.IsCompleted);
        go.SetResult();
        Assert.Equal(200, (await hung).Status);
    }

    [Theory]
    [InlineData("5xx")]
    [InlineData("endless")]
    [InlineData("silent")]
    public async Task What_one_users_device_does_leaves_the_cloud_to_all_others(string kind)
    {
        await using var node = await OriginNode.OnSqliteAsync(options => (options.RestAfter, options.RequestTimeout) = (4, TimeSpan.FromSeconds(kind == "silent" ? 1 : 60)));
        var cloud = await node.AddCloudAsync(_target);
        var (his, hers) = (await node.AddAccountAsync(cloud), await node.AddAccountAsync(cloud));
        _target.Answer = (call, context) => Misbehave(kind, call, context);

        var answers = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => node.AskDeviceAsync(his, $"/api/v1/devices/{Guid.NewGuid()}/bad")));

        Assert.All(answers, answer => Assert.True(answer.Outcome is TargetOutcome.TooLarge or TargetOutcome.TimedOut || answer.Status == 504, answer.Detail));
        Assert.Equal(200, (await node.GetAsync(hers)).Status);
        Assert.Equal(200, (await node.AskDeviceAsync(hers, $"/api/v1/devices/{Guid.NewGuid()}/good")).Status);
    }

    [Fact]
    public async Task A_device_is_not_asked_while_its_cloud_is_left_alone_and_its_trouble_neither_ends_that_nor_prolongs_it()
    {
        var (bad, good) = ($"/api/v1/devices/{Guid.NewGuid()}/bad", $"/api/v1/devices/{Guid.NewGuid()}/good");
        Fails(503);
        for (var i = 0; i < 4; i++) await _node.GetAsync(_account);
        var resting = await _node.AskDeviceAsync(_account, good);
        Assert.Equal((TargetOutcome.Unavailable, TimeSpan.FromSeconds(15)), (resting.Outcome, resting.RetryAfter));
        Assert.Equal(4, _target.Calls.Count);

        _node.Clock.Advance(TimeSpan.FromSeconds(16));
        Fails(504);
        for (var i = 0; i < 3; i++)
        {
            // One a second tries.
            Assert.Equal(504, (await _node.AskDeviceAsync(_account, bad)).Status);
            Assert.Equal(TargetOutcome.Unavailable, (await _node.AskDeviceAsync(_account, bad)).Outcome);
            _node.Clock.Advance(TimeSpan.FromSeconds(1));
        }

        Fails(503);
        Assert.Equal(503, (await _node.GetAsync(_account)).Status);
        Assert.Equal(TargetOutcome.Unavailable, (await _node.GetAsync(_account)).Outcome);
        Assert.Equal(TargetOutcome.Unavailable, (await _node.AskDeviceAsync(_account, good)).Outcome);

        _node.Clock.Advance(TimeSpan.FromSeconds(16));
        _target.Answer = null;
        Assert.Equal(200, (await _node.AskDeviceAsync(_account, good)).Status);
        Fails(503);
        Assert.Equal(503, (await _node.GetAsync(_account)).Status);
    }

    [Fact]
    public async Task A_cloud_that_is_down_is_left_alone_for_devices_too()
    {
        await _target.StopAsync();
        for (var i = 0; i < 4; i++) Assert.Equal(TargetOutcome.Unreachable, (await _node.AskDeviceAsync(_account, $"/api/v1/devices/{Guid.NewGuid()}/light")).Outcome);

        Assert.Equal(TargetOutcome.Unavailable, (await _node.AskDeviceAsync(_account, $"/api/v1/devices/{Guid.NewGuid()}/light")).Outcome);
        Assert.Equal(TargetOutcome.Unavailable, (await _node.GetAsync(_account)).Outcome);
    }

    [Fact]
    public async Task One_users_requests_leave_places_for_the_others_of_a_cloud()
    {
        await using var node = await OriginNode.OnSqliteAsync(options =>
            (options.RequestTimeout, options.MaxParallelRequests, options.MaxQueued, options.MaxParallelPerAccount, options.MaxQueuedPerAccount) = (TimeSpan.FromSeconds(60), 3, 1, 2, 2));
        var cloud = await node.AddCloudAsync(_target);
        var (his, hers) = (await node.AddAccountAsync(cloud), await node.AddAccountAsync(cloud));
        var go = new TaskCompletionSource();
        _target.Answer = (call, _) => call.Target.Contains("hang", StringComparison.Ordinal) ? go.Task : Task.CompletedTask;

        var asked = Enumerable.Range(0, 5).Select(_ => node.AskDeviceAsync(his, $"/api/v1/devices/{Guid.NewGuid()}/hang")).ToList();
        var refused = await await Task.WhenAny(asked);

        Assert.Equal(TargetOutcome.Unavailable, refused.Outcome);
        await ArriveAsync(2);
        for (var i = 0; i < 5; i++) Assert.Equal(200, (await node.GetAsync(hers)).Status);
        Assert.Equal(1, asked.Count(one => one.IsCompleted));
        go.SetResult();
        Assert.Equal(4, (await Task.WhenAll(asked)).Count(answer => answer.Status == 200));
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

    private static Task Misbehave(string kind, TargetCall call, HttpContext context)
    {
        if (!call.Target.EndsWith("/bad", StringComparison.Ordinal)) return Task.CompletedTask;
        if (kind == "silent") return Task.Delay(Timeout.Infinite, context.RequestAborted);
        if (kind == "5xx")
        {
            context.Response.StatusCode = 504;
            return Task.CompletedTask;
        }

        context.Response.ContentLength = 2_000_000_000;
        return context.Response.Body.FlushAsync();
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
