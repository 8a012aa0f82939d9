namespace OcfCloud.Core.Devices;

/// <summary>Writes who is online (architecture.md, How a change flows).</summary>
public sealed class OnlineState
{
    /// <summary>Sets the sessions of this node's former life offline; awaited before the doors open.</summary>
    /// <exception cref="Storage.StoreUnavailableException">The store does not answer.</exception>
    public Task ClearFormerLifeAsync(CancellationToken cancellationToken) => throw new NotSupportedException();

    /// <summary>A session began. Never waits: it is written within <see cref="OnlineStateOptions.BatchPeriod"/>.</summary>
    public void SignedIn(DeviceId device, UserId user, long session) => throw new NotSupportedException();

    /// <summary>A session ended. Never waits; nothing happens where a greater session holds the device.</summary>
    public void SignedOut(DeviceId device, long session) => throw new NotSupportedException();
}
