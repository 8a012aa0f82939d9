using OcfCloud.Coap;
using OcfCloud.DeviceGateway.Observations;

namespace OcfCloud.DeviceGateway.Twins;

/// <summary>The twin as one more observer of a resource.</summary>
/// <param name="seen">Gets every representation and its format.</param>
/// <param name="ended">Called when there will be no more.</param>
internal sealed class TwinObserver(Action<ReadOnlyMemory<byte>, uint?> seen, Action ended) : Observer
{
    private readonly TaskCompletionSource<TwinAnswer> _first = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Done with the device's first answer, or without one.</summary>
    public Task<TwinAnswer> First => _first.Task;

    /// <summary>Nobody waits for an answer any more.</summary>
    public void Abandon() => _first.TrySetResult(TwinAnswer.NotObservable);

    public override void Deliver(ObservedValue value, uint? sequence, CoapFlushBatch? batch)
    {
        if (value.Code == CoapCode.Content)
            seen(value.Payload, value.Format);
        if (sequence is null)
            ended();
        _first.TrySetResult(sequence is null ? TwinAnswer.NotObservable : TwinAnswer.Observed);
    }

    public override void End(CoapMessage answer)
    {
        ended();
        _first.TrySetResult(answer.Code == CoapCode.GatewayTimeout ? TwinAnswer.None : TwinAnswer.NotObservable);
    }
}
