using OcfCloud.Coap;
using OcfCloud.DeviceGateway.Routing;

namespace OcfCloud.DeviceGateway.Observations;

/// <summary>A value as an observer gets it.</summary>
internal readonly struct Notification(ObservedValue value, CoapToken token, uint? sequence, bool addsVersion) : ICoapFrameSource
{
    // ETag, Observe, Content-Format, Max-Age and OCF's version.
    private const int Options = 5;
    private const int OptionBytes = 8 + 3 + 4 + 4 + 4;

    public int MaxSize => CoapFrameWriter.MaxSize(Options, OptionBytes, value.Payload.Length);

    public int Write(Span<byte> buffer)
    {
        var writer = new CoapFrameWriter(buffer, value.Code, token);
        if (!value.ETag.IsEmpty)
            writer.WriteOption(CoapOptionNumber.ETag, value.ETag.Span);
        if (sequence is { } number)
            writer.WriteOption(CoapOptionNumber.Observe, number);
        if (value.Format is { } format)
            writer.WriteOption(CoapOptionNumber.ContentFormat, format);
        if (value.MaxAge is { } seconds)
            writer.WriteOption(CoapOptionNumber.MaxAge, seconds);
        if (addsVersion)
            writer.WriteOption(CoapOptionNumber.OcfContentFormatVersion, ForwardedAnswer.FormatVersion);
        writer.WritePayload(value.Payload.Span);
        return writer.Finish();
    }
}
