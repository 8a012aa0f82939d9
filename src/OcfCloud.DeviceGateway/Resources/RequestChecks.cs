using System.Diagnostics.CodeAnalysis;
using OcfCloud.Coap;
using OcfCloud.Core.Payloads;

namespace OcfCloud.DeviceGateway.Resources;

/// <summary>What resources of the cloud look at before a request's meaning, options first (device-to-cloud.md, 2). Null: nothing to refuse.</summary>
internal static class RequestChecks
{
    /// <summary>Critical options (4.02, 5.05), then Accept (4.06).</summary>
    public static ResourceAnswer? Options(CoapMessage request)
    {
        var accepts = 0;
        foreach (var (number, value) in request.Options)
        {
            // RFC 7252, 5.4.6: odd numbers are critical.
            if ((number & 1) == 0) continue;
            switch ((CoapOptionNumber)number)
            {
                case CoapOptionNumber.UriHost or CoapOptionNumber.UriPort or CoapOptionNumber.UriPath or CoapOptionNumber.UriQuery:
                case CoapOptionNumber.Block1 or CoapOptionNumber.Block2:
                case CoapOptionNumber.OcfAcceptContentFormatVersion or CoapOptionNumber.OcfContentFormatVersion:
                // RFC 7252, 5.4.3 and 5.4.5: one that is there twice, or of a wrong length, is one that is not known.
                case CoapOptionNumber.Accept when accepts++ == 0 && CoapUInt.TryRead(value.Span, out _):
                    continue;
                case CoapOptionNumber.ProxyUri or CoapOptionNumber.ProxyScheme:
                    return ResourceAnswer.Refuse(CoapCode.ProxyingNotSupported, "this is no proxy");
                default:
                    return ResourceAnswer.Refuse(CoapCode.BadOption, $"the critical option {number} is not understood here");
            }
        }
        if (PayloadFormat.IsKnown(PayloadFormat.OfAnswer(request))) return null;
        return ResourceAnswer.Refuse(CoapCode.NotAcceptable, $"Accept: there is no format {request.Accept} here, only 10000, 60 and 50");
    }

    /// <summary>The same for resources that have the baseline interface only, with <c>if</c> (4.00), then Content-Format (4.15).</summary>
    public static ResourceAnswer? BaselineOptions(CoapMessage request, RequestQuery query)
    {
        if (Options(request) is { } refusal) return refusal;
        if (query.All("if").Any(i => i != "oic.if.baseline"))
            return ResourceAnswer.Refuse(CoapCode.BadRequest, "\"if\" is not oic.if.baseline");
        var hasBody = request.Code == CoapCode.Post || !request.Payload.IsEmpty;
        if (!hasBody || PayloadFormat.IsKnown(PayloadFormat.OfBody(request))) return null;
        return ResourceAnswer.Refuse(CoapCode.UnsupportedContentFormat, $"Content-Format: {request.ContentFormat} is not read here, only 10000, 60 and 50");
    }

    /// <summary>Reads the body, which is one map (4.00).</summary>
    public static ResourceAnswer? Body(CoapMessage request, out RequestBody body)
    {
        if (TryReadMap(request, out var map))
        {
            body = new RequestBody(map);
            return null;
        }
        body = null!;
        return ResourceAnswer.Refuse(CoapCode.BadRequest, "the body is no well-formed map with different keys");
    }

    private static bool TryReadMap(CoapMessage request, [NotNullWhen(true)] out CborMap? map)
    {
        map = null;
        if (PayloadFormat.OfBody(request) != CoapContentFormat.Json) return CborMap.TryRead(request.Payload, out map);
        return PayloadConversion.TryToCbor(request.Payload.Span, out var cbor) && CborMap.TryRead(cbor, out map);
    }
}
