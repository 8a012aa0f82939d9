using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using OcfCloud.CloudApi.Notifications;
using OcfCloud.Core.Storage;
using OcfCloud.Core.Subscriptions;

namespace OcfCloud.CloudApi.Tests.Notifications;

/// <summary>What came of deliveries, on its way to a store that has trouble.</summary>
public sealed class SettlementTests
{
    private static readonly DeliveryResult[] Results = [.. Enumerable.Range(0, 3).Select(number => new DeliveryResult(Guid.NewGuid(), number, DeliveryEnding.Continue))];

    private readonly NotificationOptions _options = new();
    private readonly FakeTimeProvider _time = new();
    private readonly List<DeliveryResult[]> _asked = [];

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task One_that_cannot_be_written_is_dropped_and_the_others_are_settled()
    {
        var written = new List<DeliveryResult>();
        await SettleAsync(batch =>
        {
            if (batch.Contains(Results[1])) throw new InvalidOperationException("a bug");
            written.AddRange(batch);
        }).WaitAsync(TimeSpan.FromSeconds(20), Cancellation);
        Assert.Equal([Results[0], Results[2]], written);
    }

    [Fact]
    public async Task A_store_that_does_not_answer_is_asked_again_with_the_same()
    {
        var trouble = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var settling = SettleAsync(_ =>
        {
            if (!trouble.TrySetResult()) return;
            throw new StoreUnavailableException();
        });
        await trouble.Task.WaitAsync(TimeSpan.FromSeconds(20), Cancellation);
        while (!settling.IsCompleted)
        {
            // Its rest may not have begun.
            _time.Advance(_options.TroubleRest);
            await Task.WhenAny(settling, Task.Delay(10, Cancellation));
        }

        await settling;
        Assert.Equal([3, 3], _asked.Select(batch => batch.Length));
    }

    private async Task SettleAsync(Action<IReadOnlyCollection<DeliveryResult>> write)
    {
        var settlement = new Settlement(
            (batch, _) =>
            {
                _asked.Add([.. batch]);
                write(batch);
                return Task.CompletedTask;
            },
            _options, _time, NullLogger<Settlement>.Instance);
        foreach (var result in Results) await settlement.AddAsync(result, Cancellation);
        settlement.Complete();
        await settlement.RunAsync(() => { }, Cancellation);
    }
}
