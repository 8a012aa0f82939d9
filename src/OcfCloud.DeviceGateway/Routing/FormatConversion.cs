using OcfCloud.Coap;
using OcfCloud.Core.Payloads;

namespace OcfCloud.DeviceGateway.Routing;

/// <summary>Payloads between OCF's own format, which is all that devices take, and those that a client may use (device-to-cloud.md, 2).</summary>
internal static class FormatConversion
{
    /// <summary>A request's payload as the device takes it.</summary>
    /// <returns>False: it cannot be converted without a loss.</returns>
    public static bool TryToDevice(ReadOnlyMemory<byte> payload, int? format, out ReadOnlyMemory<byte> converted)
    {
        converted = payload;
        if (payload.IsEmpty)
            return true;
        switch (format)
        {
            case CoapContentFormat.Json:
                var done = PayloadConversion.TryToCbor(payload.Span, out var cbor);
                converted = cbor;
                return done;
            case CoapContentFormat.Cbor:
                return CborValidation.IsWellFormed(payload.Span);
            default:
                return true;
        }
    }

    /// <summary>Turns a device's answer into the format that was asked for.</summary>
    /// <param name="answer">The device's answer; its payload and format are replaced.</param>
    /// <param name="accept">What the asker takes; null: OCF's own.</param>
    public static CoapMessage ToAsker(CoapMessage answer, int? accept)
    {
        if (answer.Payload.IsEmpty || answer.ContentFormat is not { } format)
            return answer;
        if (format is not (CoapContentFormat.OcfCbor or CoapContentFormat.Cbor))
            return CoapMessage.Response(CoapCode.BadGateway).WithDiagnostic("the device answers in a format that it may not use");
        if (accept != CoapContentFormat.Json)
            return answer.WithPayload(answer.Payload, accept ?? CoapContentFormat.OcfCbor);
        return PayloadConversion.TryToJson(answer.Payload.Span, out var json)
            ? answer.WithPayload(json, CoapContentFormat.Json)
            : CoapMessage.Response(CoapCode.NotAcceptable).WithDiagnostic("the device's answer cannot be written as JSON");
    }
}
