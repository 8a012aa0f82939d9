using OcfCloud.Core.Devices;

namespace OcfCloud.Core.Mirrors;

/// <summary>How the mirrored devices of a cloud and a user differ from what that cloud told.</summary>
/// <param name="Changed">Devices that are new, or say something else now.</param>
/// <param name="Gone">Devices that it does not tell of any more.</param>
public sealed record MirrorDifference(IReadOnlyList<MirroredContent> Changed, IReadOnlyList<DeviceId> Gone);
