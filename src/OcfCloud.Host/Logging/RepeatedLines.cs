using System.Collections.Concurrent;
using System.Reflection;
using Serilog.Core;
using Serilog.Events;
using Serilog.Parsing;

namespace OcfCloud.Host.Logging;

/// <summary>
/// Keeps trouble that repeats from flooding the log: of warnings and errors that differ in their values alone, so many a minute are written, the first of them with its exception.
/// How many were left out is said before the next one.
/// </summary>
/// <param name="next">Where lines go.</param>
/// <param name="most">Of one kind, in a minute.</param>
/// <param name="time">The clock.</param>
internal sealed class RepeatedLines(Logger next, int most, TimeProvider time) : ILogEventSink, IDisposable
{
    // Kinds are in the code; of texts that somebody made up while running, no more are kept apart.
    private const int MostKinds = 10_000;

    private static readonly TimeSpan Window = TimeSpan.FromMinutes(1);
    private static readonly MessageTemplate LeftOut = new MessageTemplateParser().Parse("{Count} more lines like the next one were left out");

    private readonly ConcurrentDictionary<(string Template, Type? Trouble, MethodBase? Where), Kind> _kinds = new();

    /// <inheritdoc/>
    public void Emit(LogEvent logEvent)
    {
        if (logEvent.Level < LogEventLevel.Warning)
        {
            ((ILogEventSink)next).Emit(logEvent);
            return;
        }

        var (leftOut, place) = Count(KindOf(logEvent));
        if (place > most) return;
        if (leftOut > 0) ((ILogEventSink)next).Emit(Notice(logEvent, leftOut));
        ((ILogEventSink)next).Emit(place == 1 || logEvent.Exception is null ? logEvent : WithoutException(logEvent));
    }

    /// <inheritdoc/>
    public void Dispose() => next.Dispose();

    private Kind KindOf(LogEvent logEvent)
    {
        // Of one text there may be several causes: each is written.
        var cause = logEvent.Exception?.GetBaseException();
        var key = (logEvent.MessageTemplate.Text, cause?.GetType(), cause?.TargetSite);
        if (_kinds.TryGetValue(key, out var kind)) return kind;
        return _kinds.GetOrAdd(_kinds.Count < MostKinds ? key : ("", null, null), _ => new Kind { Since = time.GetTimestamp() });
    }

    private (int LeftOut, int Place) Count(Kind kind)
    {
        lock (kind)
        {
            var leftOut = 0;
            if (time.GetElapsedTime(kind.Since) >= Window)
            {
                leftOut = Math.Max(0, kind.Count - most);
                (kind.Since, kind.Count) = (time.GetTimestamp(), 0);
            }

            return (leftOut, ++kind.Count);
        }
    }

    private static LogEvent Notice(LogEvent of, int leftOut) => new(
        of.Timestamp, of.Level, null, LeftOut,
        [new LogEventProperty("Count", new ScalarValue(leftOut)), .. of.Properties.Where(p => p.Key == Constants.SourceContextPropertyName).Select(p => new LogEventProperty(p.Key, p.Value))]);

    private static LogEvent WithoutException(LogEvent of) =>
        new(of.Timestamp, of.Level, null, of.MessageTemplate, of.Properties.Select(p => new LogEventProperty(p.Key, p.Value)), of.TraceId ?? default, of.SpanId ?? default);

    /// <summary>What was written of one kind since its minute began.</summary>
    private sealed class Kind
    {
        public long Since { get; set; }

        public int Count { get; set; }
    }
}
