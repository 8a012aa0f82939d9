using System.Security.Cryptography;
using Microsoft.Extensions.Logging;
using OcfCloud.Coap;
using OcfCloud.Core.Certificates;
using OcfCloud.Core.Devices;
using OcfCloud.Core.Storage;
using OcfCloud.DeviceGateway.Connections;
using OcfCloud.DeviceGateway.Observations;
using OcfCloud.DeviceGateway.Routing;

namespace OcfCloud.DeviceGateway.Twins;

/// <summary>
/// Fills the twin of one device as long as its session lives (device-to-cloud.md, 10):
/// <code>
///   sign-in, publish ─► links ─┬─ observable ─► observation: one of all where the device has a batch, else one each ─► every value
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

    /// <summary>The device's links changed: looks at them anew.</summary>
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
        SeenAnswer(path[..length], representation, CoapContentFormat.OcfCbor);
    }

    /// <summary>The same with the path of the resource, and with the format where the answer said it.</summary>
    public void SeenAnswer(ReadOnlySpan<char> href, ReadOnlySpan<byte> representation, uint? format)
    {
        lock (_gate)
        {
            // What is observed tells its changes itself.
            if (!_resources.GetAlternateLookup<ReadOnlySpan<char>>().TryGetValue(href, out var resource) || resource.Observation is not null)
                return;
        }

        Seen(href, representation, format);
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

    public void Dispose()
    {
        List<TwinObservation> left;
        lock (_gate)
        {
            _isOver = true;
            left = [.. _resources.Values.Select(resource => resource.Observation).Append(_batch).OfType<TwinObservation>()];
            _resources.Clear();
            _batch = null;
        }

        left.ForEach(observation => observation.Dispose());
    }

    private async Task LookAsync(TimeSpan delay)
    {
        try
        {
            // Without throwing: of a storm's many short sessions each would.
            await Task.Delay(delay, feeds.Time, connection.Ended).ConfigureAwait(ConfigureAwaitOptions.ForceYielding | ConfigureAwaitOptions.SuppressThrowing);
            if (connection.Ended.IsCancellationRequested)
                return;
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
        catch (Exception e)
        {
            LogFailed(e, session.Device);
            lock (_gate)
                _isLooking = false;
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
            if (observable.Count > 1 && await ObservesBatchAsync())
                hrefs.RemoveAll(observable.Contains);
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

    // Those that went are forgotten, and with them what is observed. What is known of the others is written once more: with a link that went and came back its
    // representation left the store.
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
            {
                if (!_resources.TryAdd(href, new TwinnedResource(href)))
                    _resources[href].Last = null;
            }
        }

        foreach (var resource in gone)
            resource.Observation?.Dispose();
    }

    private async ValueTask LookAtAsync(string href, bool isObservable)
    {
        lock (_gate)
        {
            // A device that does not answer is left in peace.
            if (_isOver || _isSilent || !_resources.TryGetValue(href, out var resource) || resource.Observation is not null)
                return;
        }

        if (isObservable)
            await ObserveAsync(href);
        else
            await ReadAsync(href);
    }

    private async Task ObserveAsync(string href)
    {
        var observation = new TwinObservation((representation, format) => Seen(href, representation.Span, format), ended => Forget(href, ended));
        lock (_gate)
        {
            if (_isOver || !_resources.TryGetValue(href, out var resource))
                return;
            resource.Observation = observation;
        }

        observation.Set(feeds.Observations.Observe(
            observation.Observer, session.Device, session.User, ObservationHub.OwnRequest(href), isPublished: true, connection));
        Heard(await observation.Observer.First.WaitAsync(connection.Ended));
    }

    private void Forget(string href, TwinObservation ended)
    {
        lock (_gate)
        {
            if (_resources.TryGetValue(href, out var resource) && resource.Observation == ended)
                resource.Observation = null;
        }
    }

    private void Heard(TwinAnswer answer)
    {
        if (answer != TwinAnswer.None)
            return;
        lock (_gate)
            _isSilent = true;
    }

    private async Task ReadAsync(string href)
    {
        if (await AskAsync(href) is { } answer && answer.Code == CoapCode.Content)
            Seen(href, answer.Payload.Span, (uint?)answer.ContentFormat);
    }

    private async Task<CoapMessage?> AskAsync(string href)
    {
        try
        {
            return await connection.Requester.RequestAsync(ObservationHub.OwnRequest(href), feeds.Options.RequestTimeout, connection.Ended);
        }
        catch (CoapRequestException e)
        {
            Heard(e.Failure == CoapRequestFailure.TimedOut ? TwinAnswer.None : TwinAnswer.NotObservable);
            return null;
        }
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "The twin of device {Device} could not be filled; its next publish tries again")]
    private partial void LogFailed(Exception exception, DeviceId device);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The links of device {Device} could not be read for its twin; it is tried again")]
    private partial void LogNotRead(Exception exception, DeviceId device);
}
