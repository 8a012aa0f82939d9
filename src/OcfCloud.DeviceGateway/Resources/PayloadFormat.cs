using System.Diagnostics.CodeAnalysis;
using System.Formats.Cbor;
using OcfCloud.Coap;
using OcfCloud.Core.Payloads;

namespace OcfCloud.DeviceGateway.Resources;

/// <summary>The formats that the cloud's own resources read and write: OCF's CBOR where nothing else is said (device-to-cloud.md, 2).</summary>
internal static class PayloadFormat
{
    /// <summary>The format of a request's body.</summary>
    public static int OfBody(CoapMessage request) => request.ContentFormat ?? CoapContentFormat.OcfCbor;

    /// <summary>The format that the answer has to have.</summary>
    public static int OfAnswer(CoapMessage request) => request.Accept ?? CoapContentFormat.OcfCbor;

    /// <summary>Whether the cloud reads and writes it.</summary>
    public static bool IsKnown(int format) => format is CoapContentFormat.OcfCbor or CoapContentFormat.Cbor or CoapContentFormat.Json;

    /// <summary>Makes an answer in the format that the request asks for.</summary>
    /// <param name="request">The request; its options were checked.</param>
    /// <param name="code">The answer's code.</param>
    /// <param name="payload">One item.</param>
    /// <param name="answer">The answer.</param>
    /// <returns>False where JSON was asked for and would lose something of a device's.</returns>
    public static bool TryAnswer(CoapMessage request, CoapCode code, CborWriter payload, [NotNullWhen(true)] out CoapMessage? answer)
    {
        answer = null;
        var bytes = payload.Encode();
        var format = OfAnswer(request);
        if (format == CoapContentFormat.Json)
        {
            if (!PayloadConversion.TryToJson(bytes, out var json)) return false;
            bytes = json;
        }
        answer = CoapMessage.Response(code).WithPayload(bytes, format);
        return true;
    }

    /// <summary>Makes an answer of what the cloud itself says, which every format takes.</summary>
    public static CoapMessage Answer(CoapMessage request, CoapCode code, CborWriter payload) =>
        TryAnswer(request, code, payload, out var answer) ? answer : throw new InvalidOperationException("An answer of the cloud's own has no form in JSON.");
}
