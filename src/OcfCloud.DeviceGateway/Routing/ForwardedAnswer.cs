using System.Buffers.Text;
using OcfCloud.Coap;
using OcfCloud.Core.Devices;

namespace OcfCloud.DeviceGateway.Routing;

/// <summary>A device's answer as the asker gets it: the asker's token, ETag, Max-Age, Content-Format and Location-Path; the payload as it is.</summary>
internal readonly ref struct ForwardedAnswer(CoapFrame answer, CoapToken token, DeviceId device, bool addsVersion) : ICoapFrameSource
{
    /// <summary>The version of OCF's payload format, 1.0.0 (ISO/IEC 30118-1, 12.2.5).</summary>
    public const uint FormatVersion = 2048;

    private const int DeviceIdLength = 36;

    // The device id in front of a location, and the version option.
    private const int Additions = DeviceIdLength + 3 + 8;

    private readonly CoapFrame _answer = answer;
    private readonly CoapToken _token = token;
    private readonly DeviceId _device = device;
    private readonly bool _addsVersion = addsVersion;

    public int MaxSize => CoapFrameWriter.MaxSizeOfCopy(_answer) + Additions;

    public int Write(Span<byte> buffer)
    {
        var writer = new CoapFrameWriter(buffer, _answer.Code, _token);
        var hasLocation = false;
        var options = _answer.ReadOptions();
        while (options.MoveNext())
        {
            var option = options.Current;
            switch ((CoapOptionNumber)option.Number)
            {
                case CoapOptionNumber.LocationPath:
                    if (!hasLocation)
                        WriteDeviceId(ref writer);
                    hasLocation = true;
                    writer.WriteOption(option.Number, option.Value);
                    break;
                case CoapOptionNumber.ETag or CoapOptionNumber.ContentFormat or CoapOptionNumber.MaxAge:
                    writer.WriteOption(option.Number, option.Value);
                    break;
            }
        }

        if (_addsVersion)
            writer.WriteOption(CoapOptionNumber.OcfContentFormatVersion, FormatVersion);
        writer.WritePayload(_answer.Payload);
        return writer.Finish();
    }

    private void WriteDeviceId(ref CoapFrameWriter writer)
    {
        Span<byte> id = stackalloc byte[DeviceIdLength];
        Utf8Formatter.TryFormat(_device.Value, id, out _);
        writer.WriteOption(CoapOptionNumber.LocationPath, id);
    }
}
