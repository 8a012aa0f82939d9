using System.Text.Json;
using OcfCloud.EndToEnd.Harness;

namespace OcfCloud.EndToEnd.Events;

/// <summary>The receiver of another cloud: a program of its own, with its own code for signatures.</summary>
internal sealed class EventReceiver : IAsyncDisposable
{
    public const string Secret = "3BZ6oI9xbRJzOUvUoRb5RgaZjPqHrmql";

    private readonly RunningProgram _program;
    private readonly Lock _lock = new();
    private readonly Dictionary<string, List<ReceivedEvent>> _byPath = new(StringComparer.Ordinal);
    private int _read;
    private int _names;

    private EventReceiver(RunningProgram program, int port) => (_program, Port) = (program, port);

    public int Port { get; }

    public static async Task<EventReceiver> StartAsync(OwnCertificate certificate, int port = 0)
    {
        var program = RunningProgram.Start(
            "node", [Path.Combine(Repository.Root, "tests", "event-receiver", "receiver.js"), certificate.Path, certificate.KeyPath, Secret, port.ToString()]);
        var match = await program.WaitForAsync("\"port\":([0-9]+)");
        return new EventReceiver(program, int.Parse(match.Groups[1].Value));
    }

    /// <summary>A URL that nobody else uses.</summary>
    /// <param name="answers">Statuses or <c>hang</c>, one a request; the last one stays. <c>200:500</c> comes after 500 ms.</param>
    public string NewUrl(string answers = "204") => $"https://localhost:{Port}/{Interlocked.Increment(ref _names)}?answers={answers}";

    /// <summary>What came to a URL, in order of arrival.</summary>
    public IReadOnlyList<ReceivedEvent> At(string url)
    {
        lock (_lock)
        {
            (var events, _read) = From(_read);
            foreach (var e in events)
            {
                if (!_byPath.TryGetValue(e.Path, out var before)) _byPath.Add(e.Path, before = []);
                before.Add(e);
            }

            return _byPath.TryGetValue(new Uri(url).AbsolutePath, out var received) ? [.. received] : [];
        }
    }

    /// <summary>Waits until so many notifications came to a URL, and gives all that did.</summary>
    public async Task<IReadOnlyList<ReceivedEvent>> WaitAsync(string url, int count, TimeSpan? deadline = null)
    {
        var path = new Uri(url).AbsolutePath;
        using var limit = new CancellationTokenSource(deadline ?? TimeSpan.FromSeconds(30));
        while (true)
        {
            var received = At(url);
            if (received.Count >= count) return received;
            try
            {
                await Task.Delay(20, limit.Token);
            }
            catch (OperationCanceledException e)
            {
                throw new TimeoutException($"{received.Count} of {count} came to {path}:\n{string.Join('\n', received.Select(r => $"{r.Number} {r.Type} {r.Text} {r.Answer}"))}", e);
            }
        }
    }

    /// <summary>Waits for the first notification of a kind at a URL.</summary>
    public async Task<ReceivedEvent> WaitAsync(string url, Func<ReceivedEvent, bool> which)
    {
        for (var count = 1; ; count++)
        {
            if ((await WaitAsync(url, count)).FirstOrDefault(which) is { } found) return found;
        }
    }

    /// <summary>Waits for the first notification of a type at a URL.</summary>
    public async Task<ReceivedEvent> WaitAsync(string url, string type, TimeSpan? deadline = null)
    {
        for (var count = 1; ; count++)
        {
            var received = await WaitAsync(url, count, deadline);
            if (received.FirstOrDefault(r => r.Type == type && r.IsConfirmed) is { } found) return found;
        }
    }

    /// <summary>What came after the given line of the program's, at all URLs, and the line after the last.</summary>
    public (IReadOnlyList<ReceivedEvent> Events, int Next) From(int line)
    {
        var lines = _program.OutputFrom(line);
        return ([.. Parse(lines)], line + lines.Count);
    }

    public ValueTask DisposeAsync() => _program.DisposeAsync();

    private static IEnumerable<ReceivedEvent> Parse(IEnumerable<string> lines) => lines.Where(line => line.StartsWith("{\"path\"", StringComparison.Ordinal))
        .Select(line => JsonSerializer.Deserialize<ReceivedEvent>(line, JsonSerializerOptions.Web)!);
}
