using OcfCloud.Core.Devices;
using OcfCloud.Core.Payloads;

namespace OcfCloud.CloudApi.Representations;

/// <summary>Representations on their way between a device's payload and an HTTP body: format and hrefs are changed, nothing else.</summary>
internal static class Representation
{
    /// <summary>CoAP content format of JSON (RFC 7252, 12.3).</summary>
    public const int JsonFormat = 50;

    /// <summary>CoAP content format of CBOR (RFC 8949, 9.3).</summary>
    public const int CborFormat = 60;

    /// <summary>CoAP content format of <c>application/vnd.ocf+cbor</c>.</summary>
    public const int OcfCborFormat = 10000;

    /// <summary>Writes what a device says as a body, with every href below the device's id.</summary>
    /// <param name="device">The device.</param>
    /// <param name="payload">Its payload; empty stays empty.</param>
    /// <param name="contentFormat">The CoAP content format of it; null: OCF's own.</param>
    /// <param name="format">What the body has to be.</param>
    /// <param name="body">The body.</param>
    /// <returns>False where the payload is not what its format says, is of another format, or (JSON to CBOR) has no form in the other.</returns>
    public static bool TryToBody(DeviceId device, ReadOnlyMemory<byte> payload, int? contentFormat, BodyFormat format, out ReadOnlyMemory<byte> body)
    {
        body = payload;
        if (payload.IsEmpty) return true;
        byte[]? converted;
        switch (contentFormat)
        {
            case JsonFormat:
                if (!DeviceHrefs.TryAddToJson(device, payload, out converted)) return false;
                if (format == BodyFormat.OcfCbor && !PayloadConversion.TryToCbor(converted, out converted)) return false;
                body = converted;
                return true;
            case CborFormat or OcfCborFormat or null:
                if (!DeviceHrefs.TryAddToCbor(device, payload, out body)) return false;
                if (format == BodyFormat.OcfCbor) return true;
                if (!PayloadConversion.TryToJsonWithLoss(body.Span, out converted)) return false;
                body = converted;
                return true;
            default:
                return false;
        }
    }

    /// <summary>Writes a body as the device takes it: CBOR, with every href as the device knows it.</summary>
    /// <param name="device">The device.</param>
    /// <param name="body">The body; empty stays empty.</param>
    /// <param name="format">What it is.</param>
    /// <param name="payload">The payload, <see cref="OcfCborFormat"/>.</param>
    /// <returns>False where the body is malformed, or has no form in CBOR.</returns>
    public static bool TryToDevice(DeviceId device, ReadOnlyMemory<byte> body, BodyFormat format, out ReadOnlyMemory<byte> payload)
    {
        payload = body;
        if (body.IsEmpty) return true;
        if (format == BodyFormat.Json)
        {
            if (!PayloadConversion.TryToCbor(body.Span, out var cbor)) return false;
            payload = cbor;
        }

        return DeviceHrefs.TryRemoveFromCbor(device, payload, out payload);
    }
}
