using OcfCloud.Core.Devices;

namespace OcfCloud.Core.Mirrors;

/// <summary>A device of another cloud as it stands beside the devices of a user here (cloud-to-cloud.md, 2).</summary>
/// <param name="User">Whose it is here.</param>
/// <param name="LinkedCloud">The linked cloud that it comes from; one device may come from several.</param>
/// <param name="Device">The device's id.</param>
/// <param name="Name">Its <c>n</c>.</param>
/// <param name="Types">Its device types (<c>rt</c> of <c>/oic/d</c>).</param>
/// <param name="Online">Whether that cloud says that it is connected.</param>
public sealed record MirroredDevice(UserId User, Guid LinkedCloud, DeviceId Device, string Name, IReadOnlyList<string> Types, bool Online);
