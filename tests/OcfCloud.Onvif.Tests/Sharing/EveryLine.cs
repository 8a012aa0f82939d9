using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace OcfCloud.Onvif.Tests.Sharing;

/// <summary>All that this room logs, the finest level included.</summary>
internal sealed class EveryLine : ILoggerProvider
{
    private readonly ConcurrentQueue<string> _lines = new();

    public IReadOnlyCollection<string> Lines => _lines;

    public ILogger CreateLogger(string categoryName) => new Log(this);

    public void Dispose()
    {
    }

    private sealed class Log(EveryLine all) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        void ILogger.Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            all._lines.Enqueue($"{logLevel} {formatter(state, exception)} {exception}");
    }
}
