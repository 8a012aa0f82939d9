using System.Formats.Cbor;
using BenchmarkDotNet.Attributes;
using OcfCloud.Core.Payloads;

namespace OcfCloud.Benchmarks;

/// <summary>The body of a publish with ten links, about 1.4 KB.</summary>
[MemoryDiagnoser]
public class LinkPayloadBenchmarks
{
    private byte[] _payload = [];

    [GlobalSetup]
    public void Setup()
    {
        var writer = new CborWriter();
        writer.WriteStartMap(3);
        writer.WriteTextString("di");
        writer.WriteTextString("3f2504e0-4f89-41d3-9a0c-0305e82c3301");
        writer.WriteTextString("ttl");
        writer.WriteInt32(86_400);
        writer.WriteTextString("links");
        writer.WriteStartArray(10);
        for (var i = 0; i < 10; i++)
            WriteLink(writer, i);
        writer.WriteEndArray();
        writer.WriteEndMap();
        _payload = writer.Encode();
    }

    /// <summary>The measure of the others: every text read by the platform's reader, nothing checked beyond its form.</summary>
    [Benchmark(Baseline = true)]
    public int Read_every_text_by_CborReader()
    {
        var reader = new CborReader(_payload);
        var sum = 0;
        while (reader.PeekState() != CborReaderState.Finished)
            sum += ReadNext(reader);
        return sum;
    }

    [Benchmark]
    public bool Check_and_read_the_outer_map() => CborMap.TryRead(_payload, out _);

    [Benchmark]
    public int Check_and_read_all_links()
    {
        CborMap.TryRead(_payload, out var publish);
        publish!.Text("di", out var device);
        publish.Integer("ttl", out var ttl);
        publish.Maps("links", out var links);
        var sum = device.Length + (int)ttl;
        foreach (var link in links)
        {
            link.Text("href", out var href);
            link.Texts("rt", out var types);
            link.Texts("if", out var interfaces);
            link.Map("p", out var policy);
            policy!.Integer("bm", out var mask);
            sum += href.Length + types.Count + interfaces.Count + (int)mask;
        }

        return sum;
    }

    private static void WriteLink(CborWriter writer, int number)
    {
        writer.WriteStartMap(5);
        writer.WriteTextString("href");
        writer.WriteTextString($"/resource/{number}");
        writer.WriteTextString("rt");
        WriteTexts(writer, "oic.r.switch.binary", "oic.r.light.dimming");
        writer.WriteTextString("if");
        WriteTexts(writer, "oic.if.a", "oic.if.baseline");
        writer.WriteTextString("p");
        writer.WriteStartMap(1);
        writer.WriteTextString("bm");
        writer.WriteInt32(3);
        writer.WriteEndMap();
        writer.WriteTextString("title");
        writer.WriteTextString("the light in the living room");
        writer.WriteEndMap();
    }

    private static void WriteTexts(CborWriter writer, params ReadOnlySpan<string> texts)
    {
        writer.WriteStartArray(texts.Length);
        foreach (var text in texts)
            writer.WriteTextString(text);
        writer.WriteEndArray();
    }

    private static int ReadNext(CborReader reader)
    {
        switch (reader.PeekState())
        {
            case CborReaderState.StartMap:
                return reader.ReadStartMap() ?? 0;
            case CborReaderState.EndMap:
                reader.ReadEndMap();
                return 0;
            case CborReaderState.StartArray:
                return reader.ReadStartArray() ?? 0;
            case CborReaderState.EndArray:
                reader.ReadEndArray();
                return 0;
            case CborReaderState.TextString:
                return reader.ReadTextString().Length;
            default:
                return reader.ReadInt32();
        }
    }
}
