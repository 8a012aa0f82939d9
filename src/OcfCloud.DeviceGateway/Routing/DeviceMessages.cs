using OcfCloud.Coap;
using OcfCloud.Core.AccessRules;
using OcfCloud.DeviceGateway.Connections;

namespace OcfCloud.DeviceGateway.Routing;

/// <summary>Whole requests to devices: how they are judged, what of them the device gets, and what their answers say.</summary>
internal static class DeviceMessages
{
    /// <summary>Judges a request whose path begins with a device id, by the walk that the routed path makes over a frame.</summary>
    /// <param name="request">The request; after its blocks are put together there is no frame of it.</param>
    /// <param name="operations">What it does.</param>
    /// <returns>The refusal; null where it may be sent on.</returns>
    public static CoapMessage? RefusalOf(CoapMessage request, out AccessOperations operations)
    {
        _ = CoapFrameReader.Read(request.ToBytes(), int.MaxValue, out var frame, out _);
        operations = DeviceAccess.OperationsOf(frame);
        var plan = ForwardPlan.Of(frame);
        return plan.Kind == ForwardKind.Refused ? CoapMessage.Response(plan.Refusal).WithDiagnostic(plan.Diagnostic!) : null;
    }

    /// <summary>The request as the device gets it.</summary>
    public static CoapMessage ToDevice(CoapMessage request, ReadOnlyMemory<byte> payload)
    {
        var forwarded = new CoapMessage(request.Code);
        foreach (var segment in request.Options.All(CoapOptionNumber.UriPath).Skip(1))
            forwarded.Options.Add(CoapOptionNumber.UriPath, segment);
        foreach (var part in request.Options.All(CoapOptionNumber.UriQuery))
            forwarded.Options.Add(CoapOptionNumber.UriQuery, part);
        foreach (var version in new[] { CoapOptionNumber.OcfAcceptContentFormatVersion, CoapOptionNumber.OcfContentFormatVersion })
        {
            foreach (var value in request.Options.All(version))
                forwarded.Options.Add(version, value);
        }

        if (request.Options.Contains(CoapOptionNumber.Accept))
            forwarded.WithOption(CoapOptionNumber.Accept, CoapContentFormat.OcfCbor);
        if (request.Options.Contains(CoapOptionNumber.ContentFormat))
            return forwarded.WithPayload(payload, CoapContentFormat.OcfCbor);
        forwarded.Payload = payload;
        return forwarded;
    }

    /// <summary>Every answer that passes says what the resource is now (device-to-cloud.md, 10).</summary>
    public static void ShowTwin(DeviceConnection target, CoapMessage request, CoapMessage answer)
    {
        if (request.Code == CoapCode.Get && answer.Code == CoapCode.Content && !request.Options.Contains(CoapOptionNumber.UriQuery))
            target.Twin?.SeenAnswer(ResourcePath.Of(request), answer.Payload.Span, (uint?)answer.ContentFormat);
    }
}
