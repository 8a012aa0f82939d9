using System.Security.Cryptography.X509Certificates;
using OcfCloud.EndToEnd.Harness;

namespace OcfCloud.EndToEnd.Endurance;

/// <summary>Devices and clients of several users, living at the same time in one cloud.</summary>
internal sealed class Crowd : IAsyncDisposable
{
    private const int Users = 5;
    private static readonly TimeSpan SettleDeadline = TimeSpan.FromSeconds(20);

    private readonly Cloud _cloud;
    private readonly List<CrowdUser> _users = [];
    private readonly List<CrowdDevice> _devices = [];
    private readonly List<CrowdClient> _clients = [];
    private readonly X509Certificate2 _authority;

    private Crowd(Cloud cloud) => (_cloud, _authority) = (cloud, cloud.Authority);

    public CrowdFindings Findings { get; } = new();

    /// <summary>Everybody registers, signs in and publishes.</summary>
    public static async Task<Crowd> GatherAsync(Cloud cloud, int devices, int clients, int seed)
    {
        var crowd = new Crowd(cloud);
        foreach (var n in Enumerable.Range(0, Users))
        {
            crowd._users.Add(new CrowdUser(await cloud.AddUserAsync($"user{n}")));
        }

        Random RandomOf(int member) => new((seed * 10_000) + member);
        for (var n = 0; n < devices; n++)
        {
            crowd._devices.Add(new CrowdDevice(crowd._users[n % Users], crowd._authority, RandomOf(n), crowd.Findings));
        }

        for (var n = 0; n < clients; n++)
        {
            var user = crowd._users[n % Users];
            var (own, foreign) = (crowd._devices.FindAll(d => d.User == user), crowd._devices.FindAll(d => d.User != user));
            crowd._clients.Add(new CrowdClient(user, crowd._authority, own, foreign, RandomOf(devices + n), crowd.Findings));
        }

        await Parallel.ForEachAsync(crowd._devices, new ParallelOptions { MaxDegreeOfParallelism = 16 }, async (device, _) =>
        {
            await device.JoinAsync();
            await device.PublishAllAsync();
        });
        await Parallel.ForEachAsync(crowd._clients, new ParallelOptions { MaxDegreeOfParallelism = 16 }, async (client, _) =>
        {
            await client.JoinAsync();
            await client.WatchDirectoryAsync();
        });
        return crowd;
    }

    /// <summary>All do everything at once, for the least time and until it is enough, but not longer than the most; then some devices leave for good.</summary>
    public async Task LiveAsync(TimeSpan least, TimeSpan most, Func<bool> isEnough)
    {
        using var stop = new CancellationTokenSource();
        stop.CancelAfter(most);
        var lives = _devices.Select(d => Task.Run(() => d.LiveAsync(stop.Token))).Concat(_clients.Select(c => Task.Run(() => c.LiveAsync(stop.Token)))).ToList();
        await Pause.ForAsync(least, stop.Token);
        while (!isEnough() && !stop.IsCancellationRequested)
        {
            await Pause.ForAsync(TimeSpan.FromMilliseconds(100), stop.Token);
        }

        await stop.CancelAsync();
        await Task.WhenAll(lives);
        await Task.WhenAll(_devices.Select(d => d.RetireAsync()));
    }

    /// <summary>The directory, the online states and the resources are what the devices themselves say.</summary>
    public async Task CheckAllAsync()
    {
        // States are written in batches, notifications are on their way, and a connection that broke is noticed a moment later.
        using var settled = new CancellationTokenSource(SettleDeadline);
        await CheckOnlineStatesAsync(settled.Token);
        foreach (var client in _clients)
        {
            var expected = ExpectedLinksOf(client.User);
            var found = await client.DiscoverAsync();
            Findings.Check(found.SequenceEqual(expected), () => $"{client}: discovery differs:{Difference(expected, found)}");
            await WaitForAsync(
                () => client.Seen?.SequenceEqual(expected) == true,
                () => $"{client}: its observation of /oic/res shows another directory:{Difference(expected, client.Seen ?? [])}",
                settled.Token);
            foreach (var observation in client.Observations.Where(o => o.IsAlive && o.Device.Presence.Now.State == CrowdState.Online))
            {
                await WaitForAsync(
                    () => !observation.IsAlive || observation.IsUpToDate,
                    () => $"{observation}: was told version {observation.LastVersion} last, it has {observation.Resource.Version}",
                    settled.Token);
            }

            Findings.Check(client.Observations.All(o => o.IsAnswered), () => $"{client}: a registration was never answered");
        }

        foreach (var device in _devices)
        {
            var client = _clients.First(c => c.User == device.User);
            foreach (var resource in device.Resources)
            {
                await client.GetAsync(device, resource);
                Findings.Check(resource.ExecutedTwice.Count == 0, () => $"{device}{resource.Href}: executed twice: {string.Join(' ', resource.ExecutedTwice)}");
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var member in _clients.Cast<CrowdMember>().Concat(_devices))
        {
            await member.DisposeAsync();
        }

        _users.ForEach(u => u.Dispose());
        _authority.Dispose();
    }

    private static string Difference(IReadOnlyList<string> expected, IReadOnlyList<string> found) =>
        $" missing {string.Join(' ', expected.Except(found).Take(5))}, too many {string.Join(' ', found.Except(expected).Take(5))}";

    private static string StatusOf(CrowdMember member) => member.Presence.Now.State == CrowdState.Online ? "online" : "offline";

    private async Task CheckOnlineStatesAsync(CancellationToken settled)
    {
        var expected = _devices.Cast<CrowdMember>().Concat(_clients)
            .Select(m => $"{m.Id} {m.User.Name} {StatusOf(m)} {(m is CrowdDevice d ? d.PublishedPaths.Count() : 0)}")
            .Order(StringComparer.Ordinal).ToList();
        List<string> found = [];
        do
        {
            found = [.. (await _cloud.ArrangeAsync("device", "list", "--json")).Succeeded().Json.EnumerateArray()
                .Select(d => $"{d.GetProperty("di")} {d.GetProperty("user")} {d.GetProperty("status")} {d.GetProperty("links")}")
                .Order(StringComparer.Ordinal)];
        }
        while (!found.SequenceEqual(expected) && !settled.IsCancellationRequested);
        Findings.Check(found.SequenceEqual(expected), () => $"device list differs:{Difference(expected, found)}");
    }

    private async Task WaitForAsync(Func<bool> isRight, Func<string> otherwise, CancellationToken settled)
    {
        while (!isRight() && !settled.IsCancellationRequested)
        {
            await Pause.ForAsync(TimeSpan.FromMilliseconds(20), settled);
        }

        Findings.Check(isRight(), otherwise);
    }

    private List<string> ExpectedLinksOf(CrowdUser user) =>
        [.. _devices.Where(d => d.User == user).SelectMany(d => d.PublishedPaths).Order(StringComparer.Ordinal)];
}
