using System.Diagnostics;
using OcfCloud.EndToEnd.Devices;
using OcfCloud.EndToEnd.Endurance.Stores;
using OcfCloud.EndToEnd.Events;
using OcfCloud.EndToEnd.Harness;

namespace OcfCloud.EndToEnd.Endurance.Storms;

/// <summary>
/// Everybody at work at the same time: devices that stay, that come and go, clients of the Events API, and one who takes the events. The host is killed in the middle and
/// started again on the same store, several times; each time what was answered is looked for, and the store is walked.
/// </summary>
internal sealed class Storm : IAsyncDisposable
{
    private const int Users = 2;
    private static readonly TimeSpan Deadline = TimeSpan.FromMinutes(5);

    private readonly Cloud _cloud;
    private readonly List<StormDevice> _devices = [];
    private readonly List<StormVisitor> _visitors = [];
    private readonly List<StormSubscriber> _subscribers = [];
    private readonly Dictionary<string, string> _devicesUrls = new(StringComparer.Ordinal);
    private readonly StormEvents _events;
    private int _answered;
    private int _unanswered;
    private volatile bool _killed, _over;

    private Storm(Cloud cloud, EventReceiver receiver) => (_cloud, Receiver, _events) = (cloud, receiver, new StormEvents(receiver));

    public EventReceiver Receiver { get; }

    public bool IsFirstLife { get; private set; } = true;

    public bool IsKilled => _killed;

    public bool IsOver => _over;

    /// <summary>Requests that a kill left without an answer.</summary>
    public int Unanswered => _unanswered;

    public int Answered => _answered;

    public int Events => _events.Count;

    public static async Task<Storm> GatherAsync(Cloud cloud, EventReceiver receiver, int devices, int visitors, int subscribers)
    {
        var storm = new Storm(cloud, receiver);
        var users = new List<CloudUser>();
        for (var n = 0; n < Users; n++)
        {
            var user = await cloud.AddUserAsync($"user{n}");
            users.Add(user);
            storm._devicesUrls.Add(user.Name, receiver.NewUrl());
            await user.SubscribeAsync("", storm._devicesUrls[user.Name], "devices_registered", "devices_unregistered", "devices_online", "devices_offline");
        }

        for (var n = 0; n < devices; n++) storm._devices.Add(await StormDevice.JoinAsync(storm, users[n % Users]));
        for (var n = 0; n < visitors; n++) storm._visitors.Add(new StormVisitor(storm, users[n % Users]));
        for (var n = 0; n < subscribers; n++) storm._subscribers.Add(new StormSubscriber(storm, users[n % Users]));
        return storm;
    }

    public string DevicesUrlOf(CloudUser user) => _devicesUrls[user.Name];

    public void CountAnswered() => Interlocked.Increment(ref _answered);

    public void CountUnanswered() => Interlocked.Increment(ref _unanswered);

    /// <summary>A life that a kill ends, after so many answers and that time, and the check of what is left.</summary>
    public async Task LiveUntilKilledAsync(int answers, TimeSpan least)
    {
        var lives = Begin();
        await WaitAsync(_answered + answers, least, lives);
        // The rules hold under load too.
        await StoreCheck.AssertAsync(_cloud);
        _killed = true;
        await _cloud.KillAsync();
        await Task.WhenAll(lives);

        await StoreCheck.AssertAsync(_cloud);
        await _cloud.StartAsync();
        (_killed, IsFirstLife) = (false, false);
        await CheckWritesAsync();
    }

    /// <summary>A last life that ends by itself; then everything is told, and the store comes to rest.</summary>
    public async Task EndAsync(int answers)
    {
        var lives = Begin();
        await WaitAsync(_answered + answers, TimeSpan.Zero, lives);
        _over = true;
        await Task.WhenAll(lives);
        foreach (var device in _devices) await device.EndAsync();

        var begun = Stopwatch.GetTimestamp();
        do
        {
            Assert.True(Stopwatch.GetElapsedTime(begun) < Deadline, "not every event came in time");
            await Pause.ForAsync(TimeSpan.FromMilliseconds(50), TestContext.Current.CancellationToken);
            _events.Read();
        }
        while (!_devices.TrueForAll(d => d.HasToldAll(_events)) || !_visitors.TrueForAll(v => v.HasToldAll(_events)));

        _events.CheckOrder();
        foreach (var url in _devicesUrls.Values) _events.CheckPresence(url);
        _devices.ForEach(d => d.CheckEvents(_events));
        _visitors.ForEach(v => v.CheckEvents(_events));
        await CheckWritesAsync();
        await Eventually.EqualAsync("", QuietAsync);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var member in Members()) await member.DisposeAsync();
    }

    private IEnumerable<StormMember> Members() => [.. _devices, .. _visitors, .. _subscribers];

    private List<Task> Begin() => [.. Members().Select(member => Task.Run(member.LiveAsync))];

    private async Task WaitAsync(int answers, TimeSpan least, List<Task> lives)
    {
        var begun = Stopwatch.GetTimestamp();
        while (Volatile.Read(ref _answered) < answers || Stopwatch.GetElapsedTime(begun) < least)
        {
            // Whoever ends before the kill has found something wrong.
            if (lives.Find(life => life.IsCompleted) is { } ended) await ended;
            Assert.True(Stopwatch.GetElapsedTime(begun) < Deadline + least, $"{_answered} of {answers} answers came in time");
            await Pause.ForAsync(TimeSpan.FromMilliseconds(5), TestContext.Current.CancellationToken);
        }
    }

    private async Task CheckWritesAsync()
    {
        var devices = new HashSet<Guid>();
        foreach (var user in _devicesUrls.Keys)
        {
            var known = await _cloud.FindUserAsync(user);
            devices.UnionWith((await known.ListDevicesAsync()).Select(d => d.Di));
            await using var client = new TestDevice(_cloud);
            await client.JoinAsync(known);
            var links = (await client.DiscoverAsync()).ToHashSet(StringComparer.Ordinal);
            foreach (var device in _devices.Where(d => d.UserName == user)) device.CheckLinks(links);
            Assert.Equal("2.02", (await client.RequestAsync("DELETE", "/oic/sec/account")).CodeText);
        }

        _visitors.ForEach(v => v.CheckDevices(devices));
        foreach (var subscriber in _subscribers) await subscriber.CheckSubscriptionsAsync();
    }

    private async Task<string> QuietAsync() => string.Join('\n', await StoreCheck.BrokenAsync(_cloud, [.. StoreRules.All, .. StoreRules.OfQuiet]));
}
