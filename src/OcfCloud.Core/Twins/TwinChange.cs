using OcfCloud.Core.Devices;

namespace OcfCloud.Core.Twins;

/// <summary>The newest representation of a resource that waits to be written.</summary>
internal sealed record TwinChange(DeviceId Device, UserId User, long Session, string Href, byte[] Representation, int ContentFormat, DateTimeOffset At);
