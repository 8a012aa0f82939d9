using OcfCloud.Coap;
using OcfCloud.DeviceGateway.Routing;

namespace OcfCloud.DeviceGateway.Resources;

/// <summary>Writes a ready answer under the token of a request.</summary>
/// <param name="answer">The answer.</param>
/// <param name="token">The request's.</param>
/// <param name="addsVersion">Whether the asker takes OCF's version of the format.</param>
internal readonly struct ReadyAnswerSource(ReadyAnswer answer, CoapToken token, bool addsVersion) : ICoapFrameSource
{
    // Content-Format and the version, two bytes each.
    public int MaxSize => CoapFrameWriter.MaxSize(2, 4, answer.Payload.Length);

    public int Write(Span<byte> buffer)
    {
        var writer = new CoapFrameWriter(buffer, answer.Code, token);
        writer.WriteOption(CoapOptionNumber.ContentFormat, (uint)answer.Format);
        if (addsVersion)
            writer.WriteOption(CoapOptionNumber.OcfContentFormatVersion, ForwardedAnswer.FormatVersion);
        writer.WritePayload(answer.Payload);
        return writer.Finish();
    }
}
