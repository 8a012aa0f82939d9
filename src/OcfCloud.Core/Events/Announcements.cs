using OcfCloud.Core.Devices;
using OcfCloud.Core.Storage;

namespace OcfCloud.Core.Events;

/// <summary>Events that another room writes in the transaction of its state, and that only become hints: no subscription of a peer hears of them.</summary>
public sealed class Announcements
{
    private readonly Outbox _outbox;

    internal Announcements(Outbox outbox) => _outbox = outbox;

    /// <summary>Announces that something of a user's cameras changed. The caller holds the user's lock (<see cref="UserLock"/>), but for what goes with a node (<see cref="INodeBelongings"/>).</summary>
    /// <param name="context">A context of <see cref="Store.WriteAsync{T}"/>.</param>
    /// <param name="user">The user.</param>
    /// <param name="camera">Which; null: any.</param>
    public void CameraChanged(CloudDbContext context, UserId user, Guid? camera) =>
        _outbox.Add(context, EventKind.CameraChanged, user, camera is { } id ? new DeviceId(id) : null);
}
