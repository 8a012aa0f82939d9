using OcfCloud.Core.Events;

namespace OcfCloud.Core.Tests.Support;

/// <summary>The hints that a node hears.</summary>
internal sealed class HintRecorder : IDisposable
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(15);

    private readonly IDisposable _subscription;
    private readonly List<Hint> _hints = [];
    private readonly SemaphoreSlim _more = new(0);

    public HintRecorder(IHints hints) => _subscription = hints.SubscribeAll(Receive);

    public IReadOnlyList<Hint> All
    {
        get
        {
            lock (_hints) return [.. _hints];
        }
    }

    /// <summary>Waits until what was heard is as wanted.</summary>
    public async Task<IReadOnlyList<Hint>> UntilAsync(Func<IReadOnlyList<Hint>, bool> isThere)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        limit.CancelAfter(Deadline);
        while (true)
        {
            var all = All;
            if (isThere(all)) return all;
            await _more.WaitAsync(limit.Token);
        }
    }

    public Task<IReadOnlyList<Hint>> UntilAsync(EventKind kind) => UntilAsync(all => all.Any(h => h.Kind == kind));

    public void Forget()
    {
        lock (_hints) _hints.Clear();
    }

    public void Dispose()
    {
        _subscription.Dispose();
        _more.Dispose();
    }

    private void Receive(Hint hint)
    {
        lock (_hints) _hints.Add(hint);
        _more.Release();
    }
}
