using OcfCloud.Core.Devices;
using OcfCloud.Core.Storage;

namespace OcfCloud.Core.Events;

/// <summary>Where events are written: in the transaction that writes the state, after the row of their device, or without one of their user, was locked.</summary>
internal sealed class Outbox(TimeProvider time)
{
    /// <summary>Adds an event to the caller's transaction. Several of one transaction keep their order.</summary>
    public void Add(CloudDbContext context, EventKind kind, UserId user, DeviceId? device = null, long session = 0, byte[]? payload = null)
    {
        context.Set<OutboxRow>().Add(new OutboxRow
        {
            Kind = kind,
            UserId = user,
            DeviceId = device,
            Session = session,
            Payload = payload,
            At = time.GetUtcNow(),
        });
        context.HasEvents = true;
    }
}
