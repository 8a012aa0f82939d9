using OcfCloud.CloudLinking.Targets;
using OcfCloud.Core.Mirrors;
using OcfCloud.Core.Requests;

namespace OcfCloud.CloudLinking.RemoteRequests;

/// <summary>
/// An observed resource as some of its observers asked for it: by one query, in one format. Without a query it is converted from the value that the other cloud told; with
/// one, or where that cloud tells nothing, it is asked for anew, one request at a time however many changes there are meanwhile.
/// </summary>
internal sealed class ObservedView(MirroredRequest request, ObservedResource resource, IMirroredRequests requests, CloudLinkingOptions options, TimeProvider time)
{
    private readonly Lock _gate = new();

    // What is told is told in the order of what it was read from.
    private readonly Lock _telling = new();
    private long _told;
    private bool _isFetching, _fetchesAgain;

    /// <summary>What tells views of one resource apart.</summary>
    public (string Query, int Accept) Key { get; } = KeyOf(request);

    /// <inheritdoc cref="Key"/>
    public static (string Query, int Accept) KeyOf(MirroredRequest request) => (string.Join('&', request.Query.Select(Uri.EscapeDataString)), request.Accept);

    /// <summary>The other cloud told a value.</summary>
    public void Take(MirroredValue value)
    {
        if (request.Query.Count > 0) Fetch();
        else
        {
            var answer = RemoteAnswers.TryOfValue(value.Representation, RemoteFormats.Of(value.ContentFormat), request.Accept) ?? RemoteAnswers.NotExpressible();
            Tell(answer, value.Version);
        }
    }

    /// <summary>Asks for it anew.</summary>
    public void Fetch()
    {
        lock (_gate)
        {
            _fetchesAgain = true;
            if (_isFetching) return;
            _isFetching = true;
        }

        _ = FetchAsync();
    }

    private async Task FetchAsync()
    {
        await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        try
        {
            var pause = options.ObservationRetry;
            while (TryTakeMark())
            {
                var version = resource.Version;
                // The device may have come or gone since the first request.
                var answer = await requests.SendAsync(request with { Device = resource.Mirror }, resource.Ended);
                if (answer.Code >= 500)
                {
                    // Of the cloud, not of the resource: it is asked again, unless it is told before.
                    lock (_gate) _fetchesAgain = true;
                    await Task.Delay(answer.MaxAge > pause ? answer.MaxAge.Value : pause, time, resource.Ended);
                    pause = pause * 2 < options.PollInterval ? pause * 2 : options.PollInterval;
                    continue;
                }

                pause = options.ObservationRetry;
                Tell(answer, version);
            }
        }
        catch (OperationCanceledException) when (resource.Ended.IsCancellationRequested)
        {
            // Nobody observes any more.
        }
        catch (Exception e)
        {
            resource.Fail(e);
        }
    }

    // What was told while a request was under way is newer than its answer.
    private void Tell(DeviceAnswer answer, long version)
    {
        lock (_telling)
        {
            if (version < _told) return;
            _told = version;
            resource.Offer(this, answer);
        }
    }

    private bool TryTakeMark()
    {
        lock (_gate)
        {
            _isFetching = _fetchesAgain && !resource.Ended.IsCancellationRequested && resource.IsObserved(this);
            _fetchesAgain = false;
            return _isFetching;
        }
    }
}
