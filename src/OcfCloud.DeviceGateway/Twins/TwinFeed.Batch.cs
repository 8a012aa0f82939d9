using OcfCloud.Coap;
using OcfCloud.DeviceGateway.Observations;

namespace OcfCloud.DeviceGateway.Twins;

/// <summary>One observation of all resources instead of one each, where the device offers it.</summary>
internal sealed partial class TwinFeed
{
    private TwinObservation? _batch;
    private bool _askedForBatch;

    private async Task<bool> ObservesBatchAsync()
    {
        lock (_gate)
        {
            if (_askedForBatch || _isOver)
                return _batch is not null;
            _askedForBatch = true;
        }

        if (await AskAsync("/oic/res") is not { } links || links.Code != CoapCode.Content || !BatchRepresentation.IsOffered(links.Payload, session.Device))
            return false;
        var observation = new TwinObservation(SeenBatch, ForgetBatch);
        lock (_gate)
        {
            if (_isOver)
                return false;
            _batch = observation;
        }

        var request = ObservationHub.OwnRequest("/oic/res");
        request.Options.Add(CoapOptionNumber.UriQuery, $"if={BatchRepresentation.Interface}");
        observation.Set(feeds.Observations.Observe(observation.Observer, session.Device, session.User, request, isPublished: false, connection));
        var first = await observation.Observer.First.WaitAsync(connection.Ended);
        Heard(first);
        return first == TwinAnswer.Observed;
    }

    private void SeenBatch(ReadOnlyMemory<byte> batch, uint? format)
    {
        foreach (var (href, representation) in BatchRepresentation.Read(batch, session.Device))
            Seen(href, representation.Span, format);
    }

    private void ForgetBatch(TwinObservation ended)
    {
        lock (_gate)
            _batch = null;
        // Each for itself, then.
        LookAgain();
    }
}
