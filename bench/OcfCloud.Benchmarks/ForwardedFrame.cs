using OcfCloud.Coap;

namespace OcfCloud.Benchmarks;

/// <summary>What routing does to a frame: another token, the first segment of the path off, all else as it is.</summary>
internal readonly ref struct ForwardedFrame(CoapFrame frame, CoapToken token) : ICoapFrameSource
{
    private readonly CoapFrame _frame = frame;

    public int MaxSize => CoapFrameWriter.MaxSizeOfCopy(_frame);

    public int Write(Span<byte> buffer)
    {
        var writer = new CoapFrameWriter(buffer, _frame.Code, token);
        var dropped = false;
        var options = _frame.ReadOptions();
        while (options.MoveNext())
        {
            if (!dropped && options.Current.Number == (int)CoapOptionNumber.UriPath)
                dropped = true;
            else
                writer.WriteOption(options.Current.Number, options.Current.Value);
        }

        writer.WritePayload(_frame.Payload);
        return writer.Finish();
    }
}
