using OcfCloud.EndToEnd.Events;

namespace OcfCloud.EndToEnd.Endurance.Storms;

/// <summary>What came to the receiver, read piece by piece.</summary>
internal sealed class StormEvents(EventReceiver receiver)
{
    private readonly Dictionary<string, List<ReceivedEvent>> _byPath = new(StringComparer.Ordinal);
    private int _next;

    public int Count { get; private set; }

    public void Read()
    {
        (var events, _next) = receiver.From(_next);
        Count += events.Count;
        foreach (var e in events)
        {
            if (!_byPath.TryGetValue(e.Path, out var list)) _byPath.Add(e.Path, list = []);
            list.Add(e);
        }
    }

    /// <summary>As they arrived.</summary>
    public IReadOnlyList<ReceivedEvent> At(string url) => _byPath.GetValueOrDefault(new Uri(url).AbsolutePath) ?? [];

    /// <summary>Each once, by its number.</summary>
    public IEnumerable<ReceivedEvent> InOrderAt(string url) => At(url).DistinctBy(e => e.Number);

    /// <summary>Of every subscription: signed, the next one or one that came before, never one too far, and the same each time.</summary>
    public void CheckOrder()
    {
        foreach (var subscription in _byPath.Values.SelectMany(list => list).GroupBy(e => e.Subscription))
        {
            var highest = -1L;
            foreach (var e in subscription)
            {
                Assert.True(e.Signed);
                Assert.InRange(e.Number, 0, highest + 1);
                highest = Math.Max(highest, e.Number);
            }

            foreach (var attempts in subscription.GroupBy(e => e.Number)) Assert.Single(attempts.Select(e => (e.Text, e.Signature)).Distinct());
        }
    }

    /// <summary>Who is told of as online was offline before, and the other way round.</summary>
    public void CheckPresence(string url)
    {
        var told = InOrderAt(url).Where(e => e.Type is "devices_online" or "devices_offline").SelectMany(e => e.Devices.Select(di => (di, e.Type)));
        foreach (var device in told.GroupBy(t => t.di))
        {
            var types = device.Select(t => t.Type).ToList();
            Assert.Equal("devices_online", types[0]);
            Assert.All(types.Zip(types.Skip(1)), pair => Assert.NotEqual(pair.First, pair.Second));
        }
    }
}
