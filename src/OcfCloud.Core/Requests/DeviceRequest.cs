using OcfCloud.Core.AccessRules;
using OcfCloud.Core.Devices;

namespace OcfCloud.Core.Requests;

/// <summary>A request of a user's client to a device of that user.</summary>
/// <param name="User">The user.</param>
/// <param name="Subject">Who asks for the user; the user's access rules are about it.</param>
/// <param name="Device">The device.</param>
/// <param name="Method">The method.</param>
/// <param name="Href">The path on the device, as <c>/light/1</c>: each segment goes to the device as it is here, nothing is percent-decoded.</param>
public sealed record DeviceRequest(UserId User, AccessSubject Subject, DeviceId Device, DeviceMethod Method, string Href)
{
    /// <summary>The parts of the query, as <c>if=oic.if.baseline</c>; sent as they are.</summary>
    public IReadOnlyList<string> Query { get; init; } = [];

    /// <summary>The payload in OCF's CBOR (content format 10000), which is all that devices take; empty: none.</summary>
    public ReadOnlyMemory<byte> Payload { get; init; }
}
