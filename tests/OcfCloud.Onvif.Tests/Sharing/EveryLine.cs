using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace OcfCloud.Onvif.Tests.Sharing;

/// <summary>All that this room logs, the finest level included, with what the scopes around it say.</summary>
internal sealed class EveryLine : ILoggerProvider, ISupportExternalScope
{
    private readonly ConcurrentQueue<string> _lines = new();
    private IExternalScopeProvider _scopes = new LoggerExternalScopeProvider();

    public IReadOnlyCollection<string> Lines => _lines;

    public ILogger CreateLogger(string categoryName) => new Log(this);

    public void SetScopeProvider(IExternalScopeProvider scopeProvider) => _scopes = scopeProvider;

    public void Dispose()
    {
    }

    private sealed class Log(EveryLine all) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => all._scopes.Push(state);

        public bool IsEnabled(LogLevel logLevel) => true;

        void ILogger.Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            all._lines.Enqueue($"{logLevel} {formatter(state, exception)} {exception} {Scopes()}");

        // The host's logging leaves the server's path out.
        private string Scopes()
        {
            var said = new List<string>();
            all._scopes.ForEachScope(
                (scope, list) =>
                {
                    if (scope is IEnumerable<KeyValuePair<string, object?>> members) list.AddRange(members.Where(member => member.Key != "RequestPath").Select(member => $"{member.Key}={member.Value}"));
                    else list.Add($"{scope}");
                },
                said);
            return string.Join(' ', said);
        }
    }
}
