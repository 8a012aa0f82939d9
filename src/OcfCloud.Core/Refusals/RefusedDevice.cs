using OcfCloud.Core.Devices;

namespace OcfCloud.Core.Refusals;

/// <summary>A device that is not registered and was refused.</summary>
/// <param name="DeviceId">The device, as it or its certificate says.</param>
/// <param name="LastRefusal">How it was refused last.</param>
public sealed record RefusedDevice(DeviceId DeviceId, DeviceRefusal LastRefusal);
