using OcfCloud.Coap;
using OcfCloud.DeviceGateway.Observations;

namespace OcfCloud.DeviceGateway.Twins;

/// <summary>The twin as one more observer of a resource.</summary>
internal sealed class TwinObserver(TwinFeed feed, string href) : Observer
{
    private readonly TaskCompletionSource<bool> _first = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Done with the first answer: whether the device gave one, whatever it says.</summary>
    public Task<bool> First => _first.Task;

    public override void Deliver(ObservedValue value, uint? sequence, CoapFlushBatch? batch)
    {
        if (value.Code == CoapCode.Content)
            feed.Seen(href, value.Payload.Span, value.Format);
        if (sequence is null)
            feed.NotObserved(href);
        _first.TrySetResult(true);
    }

    public override void End(CoapMessage answer)
    {
        feed.NotObserved(href);
        _first.TrySetResult(answer.Code != CoapCode.GatewayTimeout);
    }
}
