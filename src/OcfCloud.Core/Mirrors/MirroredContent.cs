using OcfCloud.Core.Devices;
using OcfCloud.Core.Directory;

namespace OcfCloud.Core.Mirrors;

/// <summary>A device as another cloud tells of it.</summary>
/// <param name="Device">Its id.</param>
/// <param name="Name">Its <c>n</c>; 1 to <see cref="MaxNameLength"/> characters.</param>
/// <param name="Types">Its device types.</param>
/// <param name="Online">Whether it is connected there.</param>
/// <param name="Links">Its links, hrefs as they are on the device (without its id in front); of two with one href the later counts.</param>
public sealed record MirroredContent(DeviceId Device, string Name, IReadOnlyList<string> Types, bool Online, IReadOnlyList<ResourceLink> Links)
{
    /// <summary>Characters of a name.</summary>
    public const int MaxNameLength = 64;
}
