using System.Formats.Cbor;
using System.Text;
using System.Text.Json;
using OcfCloud.CloudApi.Representations;
using OcfCloud.Core.Devices;
using OcfCloud.Core.Directory;
using OcfCloud.Core.Payloads;

namespace OcfCloud.CloudApi.Tests.Representations;

public class RepresentationTests
{
    private static readonly DeviceId Device = DeviceId.New();

    [Theory]
    [InlineData(60)]
    [InlineData(10000)]
    [InlineData(null)]
    public void A_devices_CBOR_becomes_JSON_or_stays(int? contentFormat)
    {
        // {"links": [{"href": "/a", "rt": ["x"], "key": h'fbff'}]}
        ReadOnlyMemory<byte> payload = Convert.FromHexString("a1656c696e6b7381a364687265" + "66622f6162727481617863" + "6b657942fbff");

        Assert.True(Representation.TryToBody(Device, payload, contentFormat, BodyFormat.Json, out var json));
        Assert.Equal($$"""{"links":[{"href":"/{{Device}}/a","rt":["x"],"key":"-_8"}]}""", Encoding.UTF8.GetString(json.Span));

        Assert.True(Representation.TryToBody(Device, payload, contentFormat, BodyFormat.OcfCbor, out var cbor));
        Assert.True(DeviceHrefs.TryRemoveFromCbor(Device, cbor, out var back));
        Assert.Equal(payload.ToArray(), back.ToArray());
    }

    [Fact]
    public void A_devices_JSON_stays_or_becomes_CBOR()
    {
        var payload = """{"href":"/a","rep":{"value":1.50}}"""u8.ToArray();

        Assert.True(Representation.TryToBody(Device, payload, 50, BodyFormat.Json, out var json));
        Assert.Equal($$$"""{"href":"/{{{Device}}}/a","rep":{"value":1.50}}""", Encoding.UTF8.GetString(json.Span));
        Assert.True(Representation.TryToBody(Device, payload, 50, BodyFormat.OcfCbor, out var cbor));
        Assert.True(PayloadConversion.TryToCbor(json.Span, out var expected));
        Assert.Equal(expected, cbor.ToArray());
    }

    [Theory]
    [InlineData(0, "68656c6c6f")]
    [InlineData(40, "00")]
    [InlineData(42, "00")]
    [InlineData(50, "00")]
    [InlineData(60, "a1")]
    [InlineData(10000, "7b7d7d")]
    public void A_payload_that_is_not_what_its_format_says_or_of_another_is_refused(int contentFormat, string payload)
    {
        Assert.False(Representation.TryToBody(Device, Convert.FromHexString(payload), contentFormat, BodyFormat.Json, out _));
        Assert.False(Representation.TryToBody(Device, Convert.FromHexString(payload), contentFormat, BodyFormat.OcfCbor, out _));
    }

    [Fact]
    public void A_body_becomes_CBOR_with_the_hrefs_that_the_device_knows()
    {
        Assert.True(PayloadConversion.TryToCbor("""[{"href":"/a","rep":{"value":1}}]"""u8, out var expected));
        var json = Encoding.UTF8.GetBytes($$$"""[{"href":"/{{{Device}}}/a","rep":{"value":1}}]""");

        Assert.True(Representation.TryToDevice(Device, json, BodyFormat.Json, out var payload));
        Assert.Equal(expected, payload.ToArray());
        Assert.True(PayloadConversion.TryToCbor(json, out var cbor));
        Assert.True(Representation.TryToDevice(Device, cbor, BodyFormat.OcfCbor, out payload));
        Assert.Equal(expected, payload.ToArray());
    }

    [Fact]
    public void Nothing_stays_nothing()
    {
        Assert.True(Representation.TryToBody(Device, default, 60, BodyFormat.Json, out var body));
        Assert.True(body.IsEmpty);
        Assert.True(Representation.TryToDevice(Device, default, BodyFormat.Json, out var payload));
        Assert.True(payload.IsEmpty);
    }

    [Fact]
    public void Links_are_written_in_both_formats_with_what_their_device_published_beside()
    {
        Assert.True(ResourceHref.TryParse("/light/1", out var href));
        Assert.True(ResourceLink.TryCreate(
            href, ["oic.r.light", "x.\ud800"], ["oic.if.a"], 3, [new LinkParameter("tag-pos-rel", new byte[] { 0x83, 0, 1, 0x20 }), new LinkParameter("title", "aL"u8.ToArray())], out var link));

        var json = LinkWriter.ToBody(Device, [link], BodyFormat.Json);
        var cbor = LinkWriter.ToBody(Device, [link], BodyFormat.OcfCbor);

        var written = JsonDocument.Parse(json).RootElement[0];
        Assert.Equal($"/{Device}/light/1", written.GetProperty("href").GetString());
        Assert.Equal(["oic.r.light", "x.\ufffd"], written.GetProperty("rt").EnumerateArray().Select(rt => rt.GetString()));
        Assert.Equal(["oic.if.a"], written.GetProperty("if").EnumerateArray().Select(rt => rt.GetString()));
        Assert.Equal(3, written.GetProperty("p").GetProperty("bm").GetInt32());
        Assert.Equal("[0,1,-1]", written.GetProperty("tag-pos-rel").GetRawText());
        Assert.Equal("L", written.GetProperty("title").GetString());
        Assert.True(PayloadConversion.TryToJson(cbor, out var same));
        Assert.Equal(JsonSerializer.Serialize(written), JsonSerializer.Serialize(JsonDocument.Parse(same).RootElement[0]));
    }

    [Fact]
    public void A_writer_is_used_again_and_writes_null_for_what_is_no_CBOR()
    {
        foreach (var format in Enum.GetValues<BodyFormat>())
        {
            using var writer = new PayloadWriter(format);
            for (var i = 0; i < 2; i++)
            {
                writer.Reset();
                writer.StartArray(2);
                writer.Encoded(new byte[] { 0xa1 });
                writer.Integer(-5);
                writer.EndArray();
                Assert.Equal(format == BodyFormat.Json ? "[null,-5]"u8.ToArray() : [0x82, 0xf6, 0x24], writer.ToArray());
            }
        }
    }

    [Fact]
    public void A_representation_as_deep_as_allowed_is_written_into_a_list()
    {
        var deep = new CborWriter();
        for (var i = 0; i < 32; i++) deep.WriteStartArray(1);
        deep.WriteNull();
        for (var i = 0; i < 32; i++) deep.WriteEndArray();
        using var writer = new PayloadWriter(BodyFormat.Json);
        writer.StartArray(1);
        writer.StartArray(1);
        writer.Encoded(deep.Encode());
        writer.EndArray();
        writer.EndArray();

        Assert.Equal(new string('[', 34) + "null" + new string(']', 34), Encoding.UTF8.GetString(writer.ToArray()));
    }

    [Fact]
    public void Random_bytes_never_throw()
    {
        var device = DeviceId.New();
        var random = new Random(1);
        var bytes = new byte[48];
        for (var i = 0; i < 50_000; i++)
        {
            random.NextBytes(bytes);
            ReadOnlyMemory<byte> some = bytes.AsMemory(0, random.Next(bytes.Length));
            Representation.TryToBody(device, some, 60, BodyFormat.Json, out _);
            Representation.TryToDevice(device, some, BodyFormat.Json, out _);
        }
    }
}
