using OcfCloud.Core.Devices;

namespace OcfCloud.Core.Directory;

/// <summary>A link in the directory.</summary>
/// <param name="DeviceId">Whose it is.</param>
/// <param name="Ins">Its number: 1 to 2³¹ - 1, unique on the device, the same as long as the href stays published.</param>
/// <param name="Link">What was published.</param>
public sealed record PublishedLink(DeviceId DeviceId, int Ins, ResourceLink Link);
