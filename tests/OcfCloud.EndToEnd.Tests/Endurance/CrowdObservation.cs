using System.Diagnostics;
using System.Threading.Channels;
using OcfCloud.EndToEnd.Wire;

namespace OcfCloud.EndToEnd.Endurance;

/// <summary>A client's observation of a device's resource: every notification is looked at as it comes.</summary>
internal sealed class CrowdObservation
{
    // The end of what left the directory reaches its observers within this time, those included that came meanwhile.
    private static readonly TimeSpan RemovalDelay = TimeSpan.FromSeconds(5);

    private readonly long _begun = Stopwatch.GetTimestamp();
    private readonly CrowdClient _client;
    private readonly CrowdFindings _findings;
    private readonly CrowdMoment _before;
    private long _last = -1;
    private volatile bool _isCancelled;
    private volatile bool _isAnswered;
    private volatile bool _isConfirmed;
    private volatile bool _hasEnded;

    private CrowdObservation(CrowdClient client, CrowdDevice device, CrowdResource resource, WireMessage request, CrowdFindings findings)
    {
        (_client, Device, Resource, Request, _findings) = (client, device, resource, request, findings);
        _before = device.Presence.Now;
    }

    public CrowdDevice Device { get; }

    public CrowdResource Resource { get; }

    /// <summary>The registration; its token is the observation's name.</summary>
    public WireMessage Request { get; }

    public long LastVersion => Interlocked.Read(ref _last);

    public bool IsAlive => !_hasEnded && !_isCancelled;

    public bool IsAnswered => _isAnswered;

    /// <summary>Whether the observer has been told all there is to tell.</summary>
    public bool IsUpToDate => LastVersion == Resource.Version;

    private bool WasRemoved => Resource.SinceRemoval < Stopwatch.GetElapsedTime(_begun) + RemovalDelay;

    public static async Task<CrowdObservation> BeginAsync(CrowdClient client, CrowdDevice device, CrowdResource resource, CrowdFindings findings)
    {
        var observation = new CrowdObservation(client, device, resource, WireRequest.Of("GET", $"/{device.Id}{resource.Href}", observe: 0), findings);
        try
        {
            _ = observation.FollowAsync(await client.Link.Wire.ObserveAsync(observation.Request));
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException or InvalidOperationException)
        {
            observation._hasEnded = true;
        }

        return observation;
    }

    /// <summary>Tells the cloud that nothing more is wanted; its answer has no Observe and is the last message.</summary>
    public void Cancel()
    {
        _isCancelled = true;
        var cancel = WireRequest.Of("GET", $"/{Device.Id}{Resource.Href}", observe: 1);
        _client.Link.Post(cancel with { Token = Request.Token });
    }

    /// <summary>What came so far no longer counts: the client signed out, or its connection broke.</summary>
    public void Abandon() => _isCancelled = true;

    public override string ToString() => $"{_client} observing {Device}{Resource.Href}";

    private async Task FollowAsync(ChannelReader<WireMessage> notifications)
    {
        await foreach (var notification in notifications.ReadAllAsync())
        {
            _findings.Count("notification");
            // An end and a cancellation can cross: then both are answered.
            _findings.Check(
                !_hasEnded || (_isCancelled && notification.Find(WireOption.Observe) is null), () => $"{this}: {notification.CodeText} after the end");
            if (notification.CodeText == "2.05")
            {
                Take(notification);
            }
            else
            {
                CheckEnd(notification);
                _hasEnded = true;
            }

            _isAnswered = true;
        }
    }

    private void Take(WireMessage notification)
    {
        var value = Cbor.DecodeMap(notification.Payload);
        var version = (long)value["version"]!;
        _findings.Check(
            (string)value["di"]! == Device.Id.ToString() && (string)value["href"]! == Resource.Href, () => $"{this}: told of {value["di"]}{value["href"]}");
        _findings.Check(version >= LastVersion && version <= Resource.Version, () => $"{this}: version {version} after {LastVersion}");
        Interlocked.Exchange(ref _last, version);
        if (notification.Find(WireOption.Observe) is not null)
        {
            _isConfirmed = true;
            return;
        }

        _findings.Check(_isCancelled, () => $"{this}: an answer without Observe");
        _hasEnded = true;
    }

    private void CheckEnd(WireMessage notification)
    {
        if (_isCancelled)
        {
            return;
        }

        var now = Device.Presence.Now;
        var isRight = notification.CodeText switch
        {
            // The link or the device went; or nothing was observed yet and the device was not there.
            "5.03" => WasRemoved || (!_isConfirmed && !_before.WasSteadily(CrowdState.Online, now)),
            "4.04" => !_isConfirmed && !_before.WasRegistered(now),
            _ => false,
        };
        _findings.Check(
            isRight,
            () => $"{this}: ended by {notification.CodeText}, confirmed {_isConfirmed}, {_before} to {now}, "
                + $"removed {Resource.SinceRemoval} ago, begun {Stopwatch.GetElapsedTime(_begun)} ago");
    }
}
