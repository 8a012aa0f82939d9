using OcfCloud.Coap;

namespace OcfCloud.DeviceGateway.Routing;

/// <summary>A client's request as the device gets it: another token, without host, port and device id; of the other options those that the device takes.</summary>
internal readonly ref struct ForwardedRequest(CoapFrame request, CoapToken token) : ICoapFrameSource
{
    private readonly CoapFrame _request = request;
    private readonly CoapToken _token = token;

    public int MaxSize => CoapFrameWriter.MaxSizeOfCopy(_request);

    public int Write(Span<byte> buffer)
    {
        var writer = new CoapFrameWriter(buffer, _request.Code, _token);
        var isDeviceId = true;
        var options = _request.ReadOptions();
        while (options.MoveNext())
        {
            var option = options.Current;
            switch ((CoapOptionNumber)option.Number)
            {
                case CoapOptionNumber.UriPath when isDeviceId:
                    isDeviceId = false;
                    break;
                case CoapOptionNumber.UriPath or CoapOptionNumber.UriQuery or CoapOptionNumber.ContentFormat or CoapOptionNumber.Accept
                    or CoapOptionNumber.OcfAcceptContentFormatVersion or CoapOptionNumber.OcfContentFormatVersion:
                    writer.WriteOption(option.Number, option.Value);
                    break;
            }
        }

        writer.WritePayload(_request.Payload);
        return writer.Finish();
    }
}
