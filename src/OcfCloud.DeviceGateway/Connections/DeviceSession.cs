using OcfCloud.Core.Devices;

namespace OcfCloud.DeviceGateway.Connections;

/// <summary>An authorised session: which device of which user is signed in.</summary>
/// <param name="User">The user.</param>
/// <param name="Device">The device.</param>
/// <param name="Number">Of two sessions of one device the greater wins.</param>
/// <param name="TwinEnabled">Whether the device's twin is kept.</param>
internal sealed record DeviceSession(UserId User, DeviceId Device, long Number, bool TwinEnabled);
