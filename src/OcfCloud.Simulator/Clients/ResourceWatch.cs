using System.Runtime.CompilerServices;
using System.Threading.Channels;
using OcfCloud.Coap;
using OcfCloud.Simulator.Cloud;

namespace OcfCloud.Simulator.Clients;

/// <summary>
/// Observes a resource of a device through the cloud. The cloud keeps the observation while the device is offline and says nothing then: after some silence the
/// device is asked whether it is still there.
/// </summary>
/// <param name="client">Asks.</param>
/// <param name="path">The resource.</param>
/// <param name="timing">Silence before the device is asked.</param>
/// <param name="time">The clock.</param>
internal sealed class ResourceWatch(ClientSession client, string path, CloudTiming timing, TimeProvider time)
{
    /// <summary>What is seen, until it is cancelled.</summary>
    /// <exception cref="CloudUnreachableException">The observation was refused or ended; the message says why.</exception>
    public async IAsyncEnumerable<WatchLine> RunAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var seen = Channel.CreateUnbounded<CoapMessage>();
        await using var observation = await client.ObserveAsync(path, message => seen.Writer.TryWrite(message), cancellationToken);
        var isOffline = false;
        var next = seen.Reader.WaitToReadAsync(cancellationToken).AsTask();
        while (true)
        {
            using var enough = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            var silence = Task.Delay(timing.ProbeAfter, time, enough.Token);
            var first = await Task.WhenAny(next, observation.Ended, silence);
            await enough.CancelAsync();
            cancellationToken.ThrowIfCancellationRequested();
            while (seen.Reader.TryRead(out var notification))
            {
                if (isOffline)
                    yield return new WatchLine(null, "the device is online again");
                isOffline = false;
                yield return new WatchLine(notification);
            }

            if (next.IsCompleted)
                next = seen.Reader.WaitToReadAsync(cancellationToken).AsTask();

            if (first == observation.Ended)
                throw await WhyEndedAsync(observation);
            if (first == silence && isOffline != await IsOfflineAsync(cancellationToken))
            {
                isOffline = !isOffline;
                yield return new WatchLine(null, isOffline ? "the device is offline" : "the device is online again");
            }
        }
    }

    private async Task<bool> IsOfflineAsync(CancellationToken cancellationToken)
    {
        var slash = path.IndexOf('/', 1);
        var device = slash > 0 ? path[..slash] : path;
        var answer = await client.AskAsync(CoapCode.Get, device + Resources.DeviceInformation.Path, body: null, cancellationToken);
        return answer.Code == CoapCode.ServiceUnavailable;
    }

    private static async Task<CloudUnreachableException> WhyEndedAsync(CoapObservation observation)
    {
        var end = await observation.Ended;
        if (end.Error is { } error)
            return new CloudUnreachableException(AnswerText.Describe(error));
        return new CloudUnreachableException(end.Failure is null ? "The resource cannot be observed." : "The connection to the cloud was lost.");
    }
}
