using OcfCloud.Core.Mirrors;

namespace OcfCloud.Core.Requests;

/// <summary>A request of a user's client to a device that is mirrored from another cloud. The user's access rules have been asked.</summary>
/// <param name="Device">The device.</param>
/// <param name="Method">The method.</param>
/// <param name="Href">The path on the device, as <c>/light/1</c>; nothing in it is percent-encoded.</param>
public sealed record MirroredRequest(MirroredDevice Device, DeviceMethod Method, string Href)
{
    /// <summary>The parts of the query, as <c>if=oic.if.baseline</c>, not percent-encoded; they pass unaltered.</summary>
    public IReadOnlyList<string> Query { get; init; } = [];

    /// <summary>The CoAP content format that the asker takes (50, 60, 10000).</summary>
    public int Accept { get; init; } = 10000;

    /// <summary>The payload, as the asker sent it; empty: none.</summary>
    public ReadOnlyMemory<byte> Payload { get; init; }

    /// <summary>The payload's CoAP content format (50, 60, 10000).</summary>
    public int ContentFormat { get; init; } = 10000;
}
