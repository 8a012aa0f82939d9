using System.Threading.Channels;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using OcfCloud.Coap;
using OcfCloud.Core.Devices;
using OcfCloud.Core.Directory;
using OcfCloud.Core.Events;
using OcfCloud.Core.Storage;
using OcfCloud.DeviceGateway.Discovery;
using OcfCloud.DeviceGateway.Observations;
using OcfCloud.DeviceGateway.Resources;
using OcfCloud.DeviceGateway.Tests.Resources;

namespace OcfCloud.DeviceGateway.Tests.Discovery;

/// <summary>One observation with its hints and answers in the test's hands. Nothing but the test moves the clock.</summary>
public sealed class DiscoveryObserverTests : IDisposable
{
    private static readonly UserId User = UserId.New();

    private readonly WatchedClock _time = new();
    private readonly TestCaller _caller = new();
    private readonly HandMadeHints _hints = new();
    private readonly Channel<TaskCompletionSource<CoapMessage>> _evaluations = Channel.CreateUnbounded<TaskCompletionSource<CoapMessage>>();
    private readonly CoapMessage _request = new(CoapCode.Get) { Token = CoapToken.FromUInt64(7) };

    public DiscoveryObserverTests() =>
        _caller.BeginSession(User, DeviceId.New(), new SignInOutcome(true, null, 1, false));

    public void Dispose() => _caller.Close();

    [Fact]
    public async Task A_change_is_told_once_and_in_order()
    {
        var answer = await RegisterAsync("one");
        Assert.Equal(2u, answer.Message.Observe);

        for (uint sequence = 3; sequence < 6; sequence++)
        {
            _hints.Publish(EventKind.ResourcesPublished);
            (await EvaluationAsync()).SetResult(Answer($"text {sequence}"));
            var notification = await _caller.NotificationAsync();
            Assert.Equal(sequence, notification.Observe);
            Assert.Equal($"text {sequence}", notification.Diagnostic);
            Assert.Equal(_request.Token, notification.Token);
            await RestAsync();
        }
    }

    [Fact]
    public async Task The_same_answer_is_not_told()
    {
        await RegisterAsync("one");
        _hints.Publish(EventKind.ResourcesPublished);
        (await EvaluationAsync()).SetResult(Answer("one"));
        await RestAsync();
        Assert.False(_caller.HasNotification);

        _hints.Publish(EventKind.DeviceUnregistered);
        (await EvaluationAsync()).SetResult(Answer("two"));
        Assert.Equal(3u, (await _caller.NotificationAsync()).Observe);
    }

    [Fact]
    public async Task A_client_that_does_not_read_is_told_when_it_reads_again()
    {
        await RegisterAsync("one");
        _caller.Reads = false;
        _hints.Publish(EventKind.ResourcesPublished);
        (await EvaluationAsync()).SetResult(Answer("two"));
        await _time.TimerAsync();
        Assert.False(_caller.HasNotification);

        _caller.Reads = true;
        _time.Advance(TimeSpan.FromSeconds(2));
        (await EvaluationAsync()).SetResult(Answer("two"));
        Assert.Equal("two", (await _caller.NotificationAsync()).Diagnostic);
    }

    [Fact]
    public async Task Changes_during_an_evaluation_are_one_more_evaluation()
    {
        await RegisterAsync("one");
        _hints.Publish(EventKind.ResourcesPublished);
        var first = await EvaluationAsync();
        for (var i = 0; i < 100; i++) _hints.Publish(EventKind.ResourcesPublished);
        Assert.False(_evaluations.Reader.TryPeek(out _));
        first.SetResult(Answer("two"));
        await _caller.NotificationAsync();
        await RestAsync();

        (await EvaluationAsync()).SetResult(Answer("three"));
        Assert.Equal("three", (await _caller.NotificationAsync()).Diagnostic);
        await RestAsync();
        Assert.False(_evaluations.Reader.TryPeek(out _));
    }

    [Fact]
    public async Task Nothing_gets_before_the_answer_to_the_registration()
    {
        var observer = Create(DiscoveryQuery.All);
        var registering = observer.RegisterAsync(TestContext.Current.CancellationToken);
        _hints.Publish(EventKind.ResourcesPublished);
        (await EvaluationAsync()).SetResult(Answer("one"));
        var answer = await registering;
        _hints.Publish(EventKind.ResourcesPublished);
        Assert.False(_evaluations.Reader.TryPeek(out _));

        answer.Answered!();

        (await EvaluationAsync()).SetResult(Answer("two"));
        Assert.Equal("two", (await _caller.NotificationAsync()).Diagnostic);
    }

    [Fact]
    public async Task A_store_that_does_not_answer_is_asked_again()
    {
        await RegisterAsync("one");
        _hints.Publish(EventKind.ResourcesPublished);
        (await EvaluationAsync()).SetException(new StoreUnavailableException());
        await RestAsync();

        (await EvaluationAsync()).SetResult(Answer("two"));
        Assert.Equal("two", (await _caller.NotificationAsync()).Diagnostic);
    }

    [Fact]
    public async Task An_answer_that_is_too_large_ends_the_observation_with_4_13()
    {
        await RegisterAsync("one");
        _caller.MaxMessageSize = 200;
        _hints.Publish(EventKind.ResourcesPublished);
        (await EvaluationAsync()).SetResult(Answer(new string('x', 300)));

        var last = await _caller.NotificationAsync();

        Assert.Equal(CoapCode.RequestEntityTooLarge, last.Code);
        Assert.Equal(_request.Token, last.Token);
        Assert.Null(last.Observe);
        Assert.Null(last.ContentFormat);
        await EndedAsync();
    }

    [Fact]
    public async Task A_failure_ends_the_observation_with_5_00()
    {
        await RegisterAsync("one");
        _hints.Publish(EventKind.ResourcesPublished);
        (await EvaluationAsync()).SetException(new InvalidOperationException());
        Assert.Equal(CoapCode.InternalServerError, (await _caller.NotificationAsync()).Code);
        await EndedAsync();
    }

    [Fact]
    public async Task A_session_that_is_over_sees_nothing_more()
    {
        await RegisterAsync("one");
        _caller.EndSession();
        _hints.Publish(EventKind.ResourcesPublished);
        Assert.Equal(CoapCode.Unauthorized, (await _caller.NotificationAsync()).Code);
        await EndedAsync();
        Assert.False(_evaluations.Reader.TryPeek(out _));
    }

    [Fact]
    public async Task Hints_that_change_no_link_are_not_looked_at()
    {
        var device = DeviceId.New();
        await RegisterAsync("one", new DiscoveryQuery { Di = [device] });
        foreach (var kind in new[] { EventKind.DeviceOnline, EventKind.DeviceOffline, EventKind.ResourceContentChanged, EventKind.AccessRulesChanged })
            _hints.Publish(kind, device);
        _hints.Publish(EventKind.ResourcesPublished, DeviceId.New());

        _hints.Publish(EventKind.EverythingChanged);

        (await EvaluationAsync()).SetResult(Answer("two"));
        await _caller.NotificationAsync();
        await RestAsync();
        Assert.False(_evaluations.Reader.TryPeek(out _));
    }

    [Fact]
    public async Task A_connection_with_too_many_observations_gets_a_plain_answer()
    {
        var caller = new TestCaller { MaxObservations = 0 };
        caller.BeginSession(User, DeviceId.New(), new SignInOutcome(true, null, 1, false));
        using var observer = new DiscoveryObserver(
            caller, User, _request, DiscoveryQuery.All, _ => Task.FromResult(Answer("one")), _time, NullLogger<DiscoveryObserver>.Instance);
        observer.Listen(_hints);

        var answer = await observer.RegisterAsync(TestContext.Current.CancellationToken);

        Assert.Null(answer.Message.Observe);
        Assert.Null(answer.Answered);
        Assert.False(_hints.AnyListens);
    }

    [Fact]
    public void Sequence_numbers_have_24_bits()
    {
        var sequence = new ObserveSequence();
        for (uint i = 2; i <= 0xff_ffff; i++)
        {
            if (sequence.Next() != i) Assert.Fail($"not {i}");
        }
        Assert.Equal(2u, sequence.Next());
        Assert.Equal(3u, sequence.Next());
    }

    private DiscoveryObserver Create(DiscoveryQuery filters)
    {
        async Task<CoapMessage> AnswerAsync(CancellationToken cancellationToken)
        {
            var evaluation = new TaskCompletionSource<CoapMessage>(TaskCreationOptions.RunContinuationsAsynchronously);
            Assert.True(_evaluations.Writer.TryWrite(evaluation));
            return await evaluation.Task.WaitAsync(cancellationToken);
        }
        var observer = new DiscoveryObserver(_caller, User, _request, filters, AnswerAsync, _time, NullLogger<DiscoveryObserver>.Instance);
        observer.Listen(_hints);
        return observer;
    }

    private async Task<ResourceAnswer> RegisterAsync(string text, DiscoveryQuery? filters = null)
    {
        var registering = Create(filters ?? DiscoveryQuery.All).RegisterAsync(TestContext.Current.CancellationToken);
        (await EvaluationAsync()).SetResult(Answer(text));
        var answer = await registering;
        answer.Answered!();
        return answer;
    }

    private static CoapMessage Answer(string text) =>
        CoapMessage.Response(CoapCode.Content).WithPayload(System.Text.Encoding.UTF8.GetBytes(text), CoapContentFormat.OcfCbor);

    private async Task<TaskCompletionSource<CoapMessage>> EvaluationAsync() =>
        await _evaluations.Reader.ReadAsync(TestContext.Current.CancellationToken).AsTask().WaitAsync(TimeSpan.FromSeconds(20), TestContext.Current.CancellationToken);

    // Every evaluation but one that ends the observation is followed by a rest on the test's clock.
    private async Task RestAsync()
    {
        await _time.TimerAsync();
        _time.Advance(TimeSpan.FromSeconds(2));
    }

    private async Task EndedAsync()
    {
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        while (_caller.Observations.Count > 0 || _hints.AnyListens)
        {
            deadline.Token.ThrowIfCancellationRequested();
            await Task.Yield();
        }
    }

    /// <summary>A clock that tells when somebody begins to wait on it.</summary>
    private sealed class WatchedClock : FakeTimeProvider
    {
        private readonly Channel<bool> _timers = Channel.CreateUnbounded<bool>();

        public async Task TimerAsync() =>
            await _timers.Reader.ReadAsync(TestContext.Current.CancellationToken).AsTask().WaitAsync(TimeSpan.FromSeconds(20), TestContext.Current.CancellationToken);

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            var timer = base.CreateTimer(callback, state, dueTime, period);
            _timers.Writer.TryWrite(true);
            return timer;
        }
    }

    private sealed class HandMadeHints : IHints
    {
        private Action<Hint>? _receive;

        public bool AnyListens => _receive is not null;

        public void Publish(EventKind kind, DeviceId? device = null) =>
            _receive?.Invoke(kind == EventKind.EverythingChanged ? Hint.Everything : new Hint(kind, User, device ?? DeviceId.New(), 0));

        public IDisposable Subscribe(UserId user, Action<Hint> receive)
        {
            Assert.Equal(User, user);
            _receive = receive;
            return new Listening(this);
        }

        public IDisposable SubscribeAll(Action<Hint> receive) => throw new NotSupportedException();

        private sealed class Listening(HandMadeHints hints) : IDisposable
        {
            public void Dispose() => hints._receive = null;
        }
    }
}
