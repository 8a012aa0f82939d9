using OcfCloud.Core.Devices;

namespace OcfCloud.Core.Events;

/// <summary>Says that something changed, never what it is now: whoever gets one looks at the store.</summary>
/// <param name="Kind">What happened.</param>
/// <param name="User">Whose it is; the empty id for <see cref="EventKind.EverythingChanged"/> and <see cref="EventKind.NotificationsWait"/>.</param>
/// <param name="Device">Which device, where one is concerned.</param>
/// <param name="Session">For <see cref="EventKind.SessionRevoked"/>, <see cref="EventKind.DeviceUnregistered"/>: the greatest session number that is over. For
/// <see cref="EventKind.DeviceOnline"/>: the session that holds the device now. Else 0.</param>
public readonly record struct Hint(EventKind Kind, UserId User, DeviceId? Device, long Session)
{
    /// <summary>The hint after which everything has to be looked at anew.</summary>
    public static Hint Everything { get; } = new(EventKind.EverythingChanged, default, null, 0);

    /// <summary>Whether this is <see cref="Everything"/>.</summary>
    public bool IsEverything => Kind == EventKind.EverythingChanged;
}
