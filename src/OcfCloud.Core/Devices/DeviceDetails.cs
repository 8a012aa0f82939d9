using OcfCloud.Core.Directory;
using OcfCloud.Core.Twins;

namespace OcfCloud.Core.Devices;

/// <summary>A device with its resources.</summary>
/// <param name="DeviceId">The device.</param>
/// <param name="Online">Whether it is signed in.</param>
/// <param name="Links">Its links in order of their numbers, as far as they were asked for.</param>
/// <param name="Representations">What is known of its resources in order of href, as far as it was asked for.</param>
public sealed record DeviceDetails(DeviceId DeviceId, bool Online, IReadOnlyList<ResourceLink> Links, IReadOnlyList<TwinRepresentation> Representations);
