using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace OcfCloud.Core.Tests.Support;

/// <summary>What was logged from warnings on.</summary>
internal sealed class RecordedLog : ILoggerProvider, ILogger
{
    private readonly ConcurrentQueue<string> _lines = new();
    private TaskCompletionSource _more = NewSignal();

    public IReadOnlyCollection<string> Lines => _lines;

    /// <summary>Waits until so many lines hold a text.</summary>
    public async Task UntilAsync(string text, int times)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        limit.CancelAfter(TimeSpan.FromSeconds(15));
        while (true)
        {
            var more = Volatile.Read(ref _more).Task;
            if (_lines.Count(line => line.Contains(text, StringComparison.Ordinal)) >= times) return;
            await more.WaitAsync(limit.Token);
        }
    }

    public ILogger CreateLogger(string categoryName) => this;

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Warning;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        if (!IsEnabled(logLevel)) return;
        _lines.Enqueue(formatter(state, exception));
        Interlocked.Exchange(ref _more, NewSignal()).TrySetResult();
    }

    public void Dispose()
    {
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
