using OcfCloud.Core.Devices;
using OcfCloud.Core.Payloads;

namespace OcfCloud.CloudLinking.Targets;

/// <summary>Representations on their way between a local client and another cloud: the encoding is changed where it has to be, and hrefs are as the device itself says
/// them, so that nobody sees a difference to a local device.</summary>
internal static class RemotePayload
{
    /// <summary>Changes the encoding; nothing is lost.</summary>
    /// <returns>False where the payload is not what it should be, or has no form in the other encoding.</returns>
    public static bool TryConvert(ReadOnlyMemory<byte> payload, RemoteFormat from, RemoteFormat to, out ReadOnlyMemory<byte> converted)
    {
        converted = payload;
        if (payload.IsEmpty || from == to) return true;
        byte[]? bytes;
        var done = from == RemoteFormat.Json ? PayloadConversion.TryToCbor(payload.Span, out bytes) : PayloadConversion.TryToJson(payload.Span, out bytes);
        converted = bytes;
        return done;
    }

    /// <summary>Takes the device's id off the hrefs of what another cloud said.</summary>
    /// <returns>False where the body is not what its media type says.</returns>
    public static bool TryReduce(DeviceId device, ReadOnlyMemory<byte> body, RemoteFormat format, out ReadOnlyMemory<byte> reduced)
    {
        reduced = body;
        if (body.IsEmpty) return true;
        if (format == RemoteFormat.OcfCbor) return DeviceHrefs.TryRemoveFromCbor(device, body, out reduced);
        var done = DeviceHrefs.TryRemoveFromJson(device, body, out var json);
        reduced = json;
        return done;
    }
}
