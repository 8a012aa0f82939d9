using OcfCloud.Core.Devices;

namespace OcfCloud.Core.Twins;

/// <summary>Keeps changed representations in memory and writes the newest of each resource in batches.</summary>
public sealed class TwinWriter
{
    /// <summary>A representation was seen. Never waits; what passes the bounds of <see cref="TwinOptions"/> is dropped.</summary>
    /// <param name="device">The device.</param>
    /// <param name="user">Its user.</param>
    /// <param name="session">The session from which it comes.</param>
    /// <param name="href">The resource's path on the device.</param>
    /// <param name="representation">The bytes; copied.</param>
    /// <param name="contentFormat">Their CoAP content format (10000, 60, 50).</param>
    public void Changed(DeviceId device, UserId user, long session, string href, ReadOnlySpan<byte> representation, int contentFormat) => throw new NotSupportedException();
}
