using OcfCloud.Core.Events;
using OcfCloud.Core.Storage;

namespace OcfCloud.Core.Devices;

/// <summary>Ends the sessions of a device that stays registered, wherever they are.</summary>
internal sealed class SessionRevocation(SessionNumbers numbers, Outbox outbox, TimeProvider time)
{
    /// <summary>Whatever was signed in until now writes nothing any more and is closed by the event. The caller holds the device's lock.</summary>
    public void Revoke(CloudDbContext context, Device device)
    {
        device.Session = numbers.NextRevocation(device.Session);
        if (device.Online)
        {
            device.Online = false;
            device.NodeId = null;
            device.LastSeenAt = time.GetUtcNow();
            outbox.Add(context, EventKind.DeviceOffline, device.UserId, device.Id);
        }
        outbox.Add(context, EventKind.SessionRevoked, device.UserId, device.Id, device.Session);
    }
}
