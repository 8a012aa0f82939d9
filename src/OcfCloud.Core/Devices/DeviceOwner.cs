namespace OcfCloud.Core.Devices;

/// <summary>Whose device it is and whether it is there: what decides between 4.04 and 5.03.</summary>
/// <param name="UserId">The device's user.</param>
/// <param name="Online">Whether a session is written as online (may lag a live connection by 250 ms).</param>
/// <param name="TwinEnabled">Whether the device's twin is kept.</param>
public sealed record DeviceOwner(UserId UserId, bool Online, bool TwinEnabled);
