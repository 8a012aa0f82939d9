using System.Security.Cryptography.X509Certificates;
using System.Threading.Channels;
using OcfCloud.EndToEnd.Devices;
using OcfCloud.EndToEnd.Wire;

namespace OcfCloud.EndToEnd.Endurance;

/// <summary>A client of the crowd: several questions at a time, every answer held against the asked device's own state.</summary>
internal sealed class CrowdClient(
    CrowdUser user, X509Certificate2 authority, IReadOnlyList<CrowdDevice> own, IReadOnlyList<CrowdDevice> foreign, Random random, CrowdFindings findings)
    : CrowdMember(user, authority, random, findings)
{
    private const int MostObservations = 8;

    private readonly List<CrowdObservation> _observations = [];
    private long _changes;
    private volatile List<string>? _seen;

    public IReadOnlyList<CrowdObservation> Observations => _observations;

    /// <summary>What the last notification of <c>/oic/res</c> listed.</summary>
    public IReadOnlyList<string>? Seen => _seen;

    public override string ToString() => $"client {Id}";

    public async Task LiveAsync(CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            var questions = Enumerable.Range(0, Random.Next(1, 7)).Select(_ => ChooseQuestion()).Select(ask => ask()).ToList();
            if (Random.Next(40) == 0)
            {
                await BreakAndReturnAsync();
            }

            await Task.WhenAll(questions);
            await MaintainAsync();
            await CheckConnectionAsync();
            await Pause.ForAsync(TimeSpan.FromMilliseconds(Random.Next(10, 150)), stop);
        }
    }

    /// <summary>Observes the directory of its user.</summary>
    public async Task WatchDirectoryAsync()
    {
        _seen = null;
        try
        {
            _ = FollowDirectoryAsync(await Link.Wire.ObserveAsync(WireRequest.Of("GET", "/oic/res", observe: 0)));
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException or InvalidOperationException)
        {
            Findings.Wrong($"{this}: /oic/res could not be observed: {e.Message}");
        }
    }

    /// <summary>What discovery lists now.</summary>
    public async Task<List<string>> DiscoverAsync() =>
        await MustAsync("2.05", "GET", "/oic/res") is { } answer ? TestDevice.HrefsOf(answer.Payload) : [];

    public async Task GetAsync(CrowdDevice device, CrowdResource resource)
    {
        var (before, floor) = (device.Presence.Now, resource.Version);
        var answer = await Link.AskAsync(WireRequest.Of("GET", $"/{device.Id}{resource.Href}"));
        Check("GET", device, resource, before, floor, answer, "2.05", by: null);
    }

    private async Task PostAsync(CrowdDevice device, CrowdResource resource)
    {
        var by = $"{Id}:{Interlocked.Increment(ref _changes)}";
        var (before, floor) = (device.Presence.Now, resource.Version + 1);
        var answer = await Link.AskAsync(WireRequest.Of("POST", $"/{device.Id}{resource.Href}", Cbor.Map(("by", by))));
        Check("POST", device, resource, before, floor, answer, "2.04", by);
        var times = resource.TimesExecuted(by);
        Findings.Check(times == 1 || answer?.CodeText != "2.04", () => $"{this}: a POST that was answered 2.04 was executed {times} times");
    }

    private async Task GetForeignAsync()
    {
        var device = foreign[Random.Next(foreign.Count)];
        if (await Link.AskAsync(WireRequest.Of("GET", $"/{device.Id}{device.Resources[0].Href}")) is { } answer)
        {
            Findings.Count("GET foreign");
            Findings.Check(answer.CodeText == "4.04", () => $"{this}: another user's {device} answered {answer.CodeText}");
        }
    }

    private async Task DiscoverOneAsync(CrowdDevice device)
    {
        var answer = await Link.AskAsync(WireRequest.Of("GET", $"/oic/res?di={device.Id}"));
        if (answer is null)
        {
            return;
        }

        Findings.Count("GET /oic/res");
        Findings.Check(answer.CodeText == "2.05", () => $"{this}: discovery was answered {answer.CodeText} {Diagnostic(answer)}");
        var possible = device.Resources.Select(r => $"/{device.Id}{r.Href}").ToHashSet(StringComparer.Ordinal);
        Findings.Check(
            answer.CodeText != "2.05" || TestDevice.HrefsOf(answer.Payload).All(possible.Contains), () => $"{this}: discovery of {device} lists others' links");
    }

    private Func<Task> ChooseQuestion()
    {
        var device = own[Random.Next(own.Count)];
        var resource = device.Resources[Random.Next(device.Resources.Count)];
        return Random.Next(100) switch
        {
            < 55 => () => GetAsync(device, resource),
            < 82 => () => PostAsync(device, resource),
            < 88 => () => DiscoverOneAsync(device),
            < 92 => GetForeignAsync,
            _ => () => ObserveAsync(device, resource),
        };
    }

    private async Task ObserveAsync(CrowdDevice device, CrowdResource resource)
    {
        var observation = await CrowdObservation.BeginAsync(this, device, resource, Findings);
        lock (_observations)
        {
            _observations.Add(observation);
        }
    }

    private async Task MaintainAsync()
    {
        List<CrowdObservation> alive;
        lock (_observations)
        {
            _observations.RemoveAll(o => o.IsAnswered && !o.IsAlive);
            alive = [.. _observations.Where(o => o is { IsAlive: true, IsAnswered: true })];
        }

        if (alive.Count > MostObservations)
        {
            alive[Random.Next(alive.Count)].Cancel();
        }

        switch (Random.Next(80))
        {
            case 0:
                AbandonObservations();
                await SignOutAsync();
                await MustAsync("4.01", "GET", "/oic/res");
                await SignInAsync();
                await WatchDirectoryAsync();
                break;
            case 1:
                await RefreshAsync(losesAnswer: false);
                break;
        }
    }

    private async Task BreakAndReturnAsync()
    {
        AbandonObservations();
        await BreakAsync();
        AbandonObservations();
        await SignInAsync();
        await WatchDirectoryAsync();
    }

    private void AbandonObservations()
    {
        lock (_observations)
        {
            _observations.ForEach(o => o.Abandon());
            _observations.Clear();
        }
    }

    private async Task FollowDirectoryAsync(ChannelReader<WireMessage> notifications)
    {
        await foreach (var notification in notifications.ReadAllAsync())
        {
            Findings.Count("directory notification");
            if (notification.CodeText == "2.05")
            {
                _seen = TestDevice.HrefsOf(notification.Payload);
            }
            else if (notification.CodeText != "4.01")
            {
                Findings.Wrong($"{this}: the observation of /oic/res ended by {notification.CodeText} {Diagnostic(notification)}");
            }
        }
    }

    private void Check(
        string method, CrowdDevice device, CrowdResource resource, CrowdMoment before, long floor, WireMessage? answer, string success, string? by)
    {
        var now = device.Presence.Now;
        if (answer is null)
        {
            // The client itself broke the connection.
            Findings.Count($"{method} lost");
            return;
        }

        Findings.Count($"{method} {answer.CodeText}");
        string What() => $"{this}: {method} {device}{resource.Href}: {answer.CodeText} {Diagnostic(answer)}, {before} to {now}";
        if (answer.CodeText == success)
        {
            var value = Cbor.DecodeMap(answer.Payload);
            var version = (long)value["version"]!;
            Findings.Check(
                (string)value["di"]! == device.Id.ToString() && (string)value["href"]! == resource.Href && (string?)value["by"] == by,
                () => $"{What()}: the answer is that of {value["di"]}{value["href"]} by {value["by"]}");
            Findings.Check(version >= floor && version <= resource.Version, () => $"{What()}: version {version}, not in {floor} to {resource.Version}");
            Findings.Check(!before.WasSteadily(CrowdState.SignedOut, now) && !before.WasSteadily(CrowdState.Deregistered, now), What);
        }
        else if (answer.CodeText == "5.03")
        {
            Findings.Check(!before.WasSteadily(CrowdState.Online, now) && !before.WasSteadily(CrowdState.Deregistered, now), What);
        }
        else
        {
            Findings.Check(answer.CodeText == "4.04" && !before.WasRegistered(now), What);
        }
    }
}
