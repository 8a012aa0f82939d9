using System.Security.Cryptography;
using Microsoft.Extensions.Logging;
using OcfCloud.Coap;
using OcfCloud.Core.Devices;
using OcfCloud.Core.Storage;
using OcfCloud.DeviceGateway.Connections;
using OcfCloud.DeviceGateway.Observations;
using OcfCloud.DeviceGateway.Routing;
using OcfCloud.DeviceGateway.Tls;

namespace OcfCloud.DeviceGateway.Twins;

/// <summary>
/// Fills the twin of one device as long as its session lives (device-to-cloud.md, 10):
/// <code>
///   sign-in, publish ─► links ─┬─ observable ─► observation ─► every value
///                              └─ others, /oic/d, /oic/p ─► read once
///   answers that pass ─► Seen ─► new bytes only ─► TwinWriter
/// </code>
/// </summary>
internal sealed partial class TwinFeed(TwinFeeds feeds, DeviceConnection connection, DeviceSession session, ILogger logger) : IDisposable
{
    private const int RequestsInFlight = 2;

    // Read whether published or not.
    private static readonly string[] Always = ["/oic/d", "/oic/p"];
    private static readonly TimeSpan StoreRetry = TimeSpan.FromSeconds(5);

    private readonly Lock _gate = new();
    private readonly Dictionary<string, TwinnedResource> _resources = new(StringComparer.Ordinal);
    private bool _isLooking;
    private bool _looksAgain;
    private bool _isSilent;
    private bool _isOver;

    /// <summary>Begins some time after the sign-in: not all devices of a storm at once.</summary>
    public void Begin()
    {
        lock (_gate)
            _isLooking = true;
        _ = LookAsync(feeds.Options.TwinSpread * Random.Shared.NextDouble());
    }

    /// <summary>The device published: looks at its links anew.</summary>
    public void LookAgain()
    {
        lock (_gate)
        {
            if (_isLooking)
            {
                _looksAgain = true;
                return;
            }

            _isLooking = true;
        }

        _ = LookAsync(TimeSpan.Zero);
    }

    /// <summary>An answer to a plain GET passed; allocates nothing where its bytes are known.</summary>
    /// <param name="options">The request's options.</param>
    /// <param name="representation">The answer's payload.</param>
    public void SeenAnswer(ReadOnlySpan<byte> options, ReadOnlySpan<byte> representation)
    {
        Span<char> path = stackalloc char[ResourcePath.MaxInPlace];
        if (!ResourcePath.TryJoin(new CoapOptionReader(options), path, out var length))
            return;
        lock (_gate)
        {
            // What is observed tells its changes itself.
            if (!_resources.GetAlternateLookup<ReadOnlySpan<char>>().TryGetValue(path[..length], out var resource) || resource.Observer is not null)
                return;
        }

        Seen(path[..length], representation, CoapContentFormat.OcfCbor);
    }

    /// <summary>A representation was seen.</summary>
    public void Seen(ReadOnlySpan<char> href, ReadOnlySpan<byte> representation, uint? format)
    {
        if (representation.IsEmpty || (format ?? CoapContentFormat.OcfCbor) is not (CoapContentFormat.OcfCbor or CoapContentFormat.Cbor))
            return;
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(representation, hash);
        var digest = Sha256Digest.From(hash);
        string known;
        lock (_gate)
        {
            if (_isOver || !_resources.GetAlternateLookup<ReadOnlySpan<char>>().TryGetValue(href, out var resource) || resource.Last == digest)
                return;
            resource.Last = digest;
            known = resource.Href;
        }

        feeds.Writer.Changed(session.Device, session.User, session.Number, known, representation, CoapContentFormat.OcfCbor);
    }

    /// <summary>The device does not let a resource be observed, or not any more.</summary>
    public void NotObserved(string href)
    {
        lock (_gate)
        {
            if (_resources.TryGetValue(href, out var resource))
                (resource.Observation, resource.Observer) = (null, null);
        }
    }

    public void Dispose()
    {
        List<TwinnedResource> left;
        lock (_gate)
        {
            _isOver = true;
            left = [.. _resources.Values];
            _resources.Clear();
        }

        foreach (var resource in left)
            StopObserving(resource);
    }

    private static void StopObserving(TwinnedResource resource)
    {
        if (resource is { Observation: { } observation, Observer: { } observer })
            observation.Remove(observer);
    }

    private async Task LookAsync(TimeSpan delay)
    {
        try
        {
            await Task.Delay(delay, feeds.Time, connection.Ended).ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
            do
            {
                while (!await TryLookOnceAsync())
                    await Task.Delay(StoreRetry, feeds.Time, connection.Ended);
            }
            while (ShallLookAgain());
        }
        catch (OperationCanceledException)
        {
            // The connection ended.
        }
    }

    private bool ShallLookAgain()
    {
        lock (_gate)
        {
            _isLooking = _looksAgain && !_isOver && !_isSilent;
            _looksAgain = false;
            return _isLooking;
        }
    }

    private async Task<bool> TryLookOnceAsync()
    {
        try
        {
            var links = await feeds.Directory.OfDeviceAsync(session.Device, connection.Ended);
            var observable = links.Where(link => link.Link.IsObservable).Select(link => link.Link.Href.Value).ToHashSet(StringComparer.Ordinal);
            var hrefs = links.Select(link => link.Link.Href.Value).Concat(Always).Distinct(StringComparer.Ordinal).ToList();
            Know(hrefs);
            var parallel = new ParallelOptions { MaxDegreeOfParallelism = RequestsInFlight, CancellationToken = connection.Ended };
            await Parallel.ForEachAsync(hrefs, parallel, (href, _) => LookAtAsync(href, observable.Contains(href)));
            return true;
        }
        catch (StoreUnavailableException e)
        {
            LogNotRead(e, session.Device);
            return false;
        }
    }

    // Those that went are forgotten, and with them what is observed.
    private void Know(List<string> hrefs)
    {
        List<TwinnedResource> gone;
        lock (_gate)
        {
            if (_isOver)
                return;
            gone = [.. _resources.Values.ExceptBy(hrefs, resource => resource.Href, StringComparer.Ordinal)];
            foreach (var resource in gone)
                _resources.Remove(resource.Href);
            foreach (var href in hrefs)
                _resources.TryAdd(href, new TwinnedResource(href));
        }

        foreach (var resource in gone)
            StopObserving(resource);
    }

    private async ValueTask LookAtAsync(string href, bool isObservable)
    {
        TwinnedResource? resource;
        lock (_gate)
        {
            // A device that does not answer is left in peace.
            if (_isOver || _isSilent || !_resources.TryGetValue(href, out resource) || resource.Observer is not null)
                return;
        }

        var answered = isObservable ? await ObserveAsync(resource) : await ReadAsync(href);
        if (answered)
            return;
        lock (_gate)
            _isSilent = true;
    }

    private async Task<bool> ObserveAsync(TwinnedResource resource)
    {
        var observer = new TwinObserver(this, resource.Href);
        lock (_gate)
            resource.Observer = observer;
        var observation = feeds.Observations.Observe(observer, session.Device, session.User, resource.Href, connection);
        bool isOver;
        lock (_gate)
        {
            isOver = _isOver;
            // The first answer may have said already that it cannot be observed.
            if (resource.Observer == observer)
                resource.Observation = observation;
        }

        if (isOver)
            observation.Remove(observer);
        return await observer.First.WaitAsync(connection.Ended);
    }

    private async Task<bool> ReadAsync(string href)
    {
        try
        {
            var answer = await connection.Requester.RequestAsync(ObservationHub.OwnRequest(href), feeds.Options.RequestTimeout, connection.Ended);
            if (answer.Code == CoapCode.Content)
                Seen(href, answer.Payload.Span, (uint?)answer.ContentFormat);
            return true;
        }
        catch (CoapRequestException e)
        {
            return e.Failure != CoapRequestFailure.TimedOut;
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The links of device {Device} could not be read for its twin; it is tried again")]
    private partial void LogNotRead(Exception exception, DeviceId device);
}
