using OcfCloud.Core.Refusals;

namespace OcfCloud.Core.Devices;

/// <summary>A line of the device list.</summary>
/// <param name="DeviceId">The device.</param>
/// <param name="UserId">Its user.</param>
/// <param name="Name">The <c>n</c> of its <c>/oic/d</c>, where the twin knows it.</param>
/// <param name="Online">Whether it is signed in.</param>
/// <param name="LastSeen">When it was last known to be online; null = never.</param>
/// <param name="Links">How many links it has published.</param>
/// <param name="TwinEnabled">Whether its twin is kept.</param>
/// <param name="LastRefusal">How it was refused last; null = not, or too long ago.</param>
public sealed record DeviceSummary(
    DeviceId DeviceId, UserId UserId, string? Name, bool Online, DateTimeOffset? LastSeen, int Links, bool TwinEnabled, DeviceRefusal? LastRefusal);
