using OcfCloud.Coap;

namespace OcfCloud.DeviceGateway.Observations;

/// <summary>Who wants to know how a resource changes. Values come under the observation's lock, in the order in which the device told them.</summary>
internal abstract class Observer
{
    /// <summary>Whether the first value was delivered.</summary>
    public bool IsConfirmed { get; set; }

    /// <summary>The number of the value that was delivered last; 0: none.</summary>
    public uint Told { get; set; }

    /// <summary>A value: the first one, or a change.</summary>
    /// <param name="value">The value; valid during the call.</param>
    /// <param name="sequence">The Observe option's value; null: the resource is not observed any more, this is the last one.</param>
    /// <param name="batch">The batch of the device's reading task, or null.</param>
    public abstract void Deliver(ObservedValue value, uint? sequence, CoapFlushBatch? batch);

    /// <summary>The observation ended without a value of the device; called outside of its lock, after the last value.</summary>
    public abstract void End(CoapMessage answer);
}
