using Microsoft.Extensions.Time.Testing;
using OcfCloud.Host.Logging;
using Serilog;
using Serilog.Core;
using Serilog.Events;

namespace OcfCloud.Host.Tests.Logging;

/// <summary>Trouble that repeats does not flood the log.</summary>
public sealed class RepeatedLinesTests : IDisposable
{
    private readonly Written _written = new();
    private readonly FakeTimeProvider _time = new();
    private readonly Logger _log;

    public RepeatedLinesTests()
    {
        var next = new LoggerConfiguration().WriteTo.Sink(_written).CreateLogger();
        _log = new LoggerConfiguration().WriteTo.Sink(new RepeatedLines(next, 3, _time)).CreateLogger();
    }

    public void Dispose() => _log.Dispose();

    [Fact]
    public void Of_one_kind_so_many_are_written_in_a_minute_and_the_rest_is_counted()
    {
        for (var n = 1; n <= 100; n++) _log.Warning("Device {Device} was refused", n);
        _log.Error("Something else");
        Assert.Equal(["Device 1 was refused", "Device 2 was refused", "Device 3 was refused", "Something else"], _written.Lines);

        _time.Advance(TimeSpan.FromMinutes(1));
        _log.Warning("Device {Device} was refused", 101);
        _log.Error("Something else");
        Assert.Equal(["97 more lines like the next one were left out", "Device 101 was refused", "Something else"], _written.Lines.Skip(4));
    }

    [Fact]
    public void The_first_comes_with_its_exception_and_another_trouble_is_another_kind()
    {
        for (var n = 0; n < 2; n++) _log.Warning(new InvalidOperationException("away", new TimeoutException()), "Not written");
        _log.Warning(new InvalidOperationException("bug"), "Not written");
        Assert.Equal(["away", null, "bug"], _written.Events.Select(e => e.Exception?.Message));
    }

    [Fact]
    public void Another_place_that_fails_with_the_same_words_is_another_kind()
    {
        for (var n = 0; n < 10; n++) _log.Error(Thrown(() => _ = int.Parse("x")), "A request failed");
        _log.Error(Thrown(() => _ = DateTime.Parse("x")), "A request failed");
        Assert.Equal(2, _written.Events.Count(e => e.Exception is FormatException));
    }

    private static Exception Thrown(Action action) => Record.Exception(action)!;

    [Fact]
    public void What_the_operator_asked_to_read_is_written_however_often()
    {
        for (var n = 0; n < 100; n++) _log.Information("Delivered");
        Assert.Equal(100, _written.Lines.Count());
    }

    private sealed class Written : ILogEventSink
    {
        public List<LogEvent> Events { get; } = [];

        public IEnumerable<string> Lines => Events.Select(e => e.RenderMessage(System.Globalization.CultureInfo.InvariantCulture));

        public void Emit(LogEvent logEvent) => Events.Add(logEvent);
    }
}
