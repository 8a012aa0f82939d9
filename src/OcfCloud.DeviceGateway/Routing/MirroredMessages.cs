using OcfCloud.Coap;
using OcfCloud.Core.Devices;
using OcfCloud.Core.Mirrors;
using OcfCloud.Core.Requests;

namespace OcfCloud.DeviceGateway.Routing;

/// <summary>Messages of clients about mirrored devices, into what is asked of their clouds and back.</summary>
internal static class MirroredMessages
{
    /// <summary>The request; its method is GET or POST.</summary>
    public static MirroredRequest ToRequest(CoapMessage whole, MirroredDevice device, string path) =>
        whole.Code == CoapCode.Get
            ? new MirroredRequest(device, DeviceMethod.Get, path) { Query = [.. whole.UriQuery], Accept = whole.Accept ?? CoapContentFormat.OcfCbor }
            : new MirroredRequest(device, DeviceMethod.Post, path)
            {
                Query = [.. whole.UriQuery],
                Accept = whole.Accept ?? CoapContentFormat.OcfCbor,
                Payload = whole.Payload,
                ContentFormat = whole.ContentFormat ?? CoapContentFormat.OcfCbor,
            };

    /// <summary>The answer as the asker gets it: ETag, Max-Age, Content-Format, and Location-Path with the device id in front.</summary>
    public static CoapMessage ToAsker(DeviceAnswer answer, DeviceId device)
    {
        var message = CoapMessage.Response(new CoapCode(answer.Code / 100, answer.Code % 100));
        if (answer.Location is { } location)
        {
            message.Options.Add(CoapOptionNumber.LocationPath, device.ToString());
            foreach (var segment in location.Split('/', StringSplitOptions.RemoveEmptyEntries))
                message.Options.Add(CoapOptionNumber.LocationPath, segment);
        }

        if (!answer.ETag.IsEmpty)
            message.Options.Add(CoapOptionNumber.ETag, answer.ETag);
        if (answer.MaxAge is { } fresh)
            message.WithOption(CoapOptionNumber.MaxAge, (uint)Math.Clamp(fresh.TotalSeconds, 0, uint.MaxValue));
        if (answer.Payload.IsEmpty)
            return message.Code.IsSuccess || answer.Diagnostic is null ? message : message.WithDiagnostic(answer.Diagnostic);
        if (answer.ContentFormat is { } format)
            return message.WithPayload(answer.Payload, format);
        message.Payload = answer.Payload;
        return message;
    }
}
