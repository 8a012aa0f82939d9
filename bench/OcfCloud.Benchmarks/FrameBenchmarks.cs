using BenchmarkDotNet.Attributes;
using OcfCloud.Coap;

namespace OcfCloud.Benchmarks;

/// <summary>A routed POST as a client sends it: device id, resource, interface, both format versions, 200 bytes of payload.</summary>
[MemoryDiagnoser]
public class FrameBenchmarks
{
    private readonly byte[] _buffer = new byte[1024];
    private readonly byte[] _payload = new byte[200];
    private byte[] _bytes = [];

    [GlobalSetup]
    public void Setup()
    {
        var request = CoapMessage.Request(CoapCode.Post, "/3f2504e0-4f89-41d3-9a0c-0305e82c3301/light?if=oic.if.a")
            .WithOption(CoapOptionNumber.Accept, CoapContentFormat.OcfCbor)
            .WithOption(CoapOptionNumber.OcfAcceptContentFormatVersion, 2048)
            .WithOption(CoapOptionNumber.OcfContentFormatVersion, 2048)
            .WithPayload(_payload, CoapContentFormat.OcfCbor);
        request.Token = CoapToken.FromUInt64(0x0102030405060708);
        _bytes = request.ToBytes();
    }

    /// <summary>The measure of the others: the same bytes, only moved.</summary>
    [Benchmark(Baseline = true)]
    public int Copy_the_bytes()
    {
        _bytes.CopyTo(_buffer, 0);
        return _buffer[0];
    }

    [Benchmark]
    public int Read_a_frame()
    {
        CoapFrameReader.Read(_bytes, 1152, out var frame, out var length);
        return length + frame.Payload.Length;
    }

    [Benchmark]
    public int Read_a_frame_and_walk_its_options()
    {
        CoapFrameReader.Read(_bytes, 1152, out var frame, out _);
        var sum = 0;
        var options = frame.ReadOptions();
        while (options.MoveNext())
            sum += options.Current.Number + options.Current.Value.Length;
        return sum;
    }

    [Benchmark]
    public int Write_a_frame()
    {
        var writer = new CoapFrameWriter(_buffer, CoapCode.Post, CoapToken.FromUInt64(0x0102030405060708));
        writer.WriteOption(CoapOptionNumber.UriPath, "3f2504e0-4f89-41d3-9a0c-0305e82c3301"u8);
        writer.WriteOption(CoapOptionNumber.UriPath, "light"u8);
        writer.WriteOption(CoapOptionNumber.ContentFormat, CoapContentFormat.OcfCbor);
        writer.WriteOption(CoapOptionNumber.UriQuery, "if=oic.if.a"u8);
        writer.WriteOption(CoapOptionNumber.Accept, CoapContentFormat.OcfCbor);
        writer.WriteOption(CoapOptionNumber.OcfAcceptContentFormatVersion, 2048);
        writer.WriteOption(CoapOptionNumber.OcfContentFormatVersion, 2048);
        writer.WritePayload(_payload);
        return writer.Finish();
    }

    [Benchmark]
    public int Read_and_write_as_routing_does()
    {
        CoapFrameReader.Read(_bytes, 1152, out var frame, out _);
        return new ForwardedFrame(frame, CoapToken.FromUInt64(42)).Write(_buffer);
    }

    /// <summary>Not on the hot path: what it saves.</summary>
    [Benchmark]
    public int Read_into_a_message_of_its_own()
    {
        CoapFrameReader.Read(_bytes, 1152, out var frame, out _);
        return CoapMessage.From(frame).Options.Count;
    }
}
