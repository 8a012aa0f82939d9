using System.Formats.Cbor;
using System.Text;
using OcfCloud.Core.Devices;
using OcfCloud.Core.Payloads;

namespace OcfCloud.Core.Tests.Payloads;

/// <summary>cloud-to-cloud.md, 1.3: hrefs of links are below the device's id, also inside representations.</summary>
public class DeviceHrefsTests
{
    private const string Di = "53080a4f-5e3e-4291-802f-3436238232d2";

    private static readonly DeviceId Device = new(new Guid(Di));

    [Theory]
    [InlineData("/light", "/" + Di + "/light")]
    [InlineData("/", "/" + Di + "/")]
    [InlineData("/a%2Fb?if=oic.if.b", "/" + Di + "/a%2Fb?if=oic.if.b")]
    [InlineData("/" + Di + "/light", "/" + Di + "/light")]
    [InlineData("/53080A4F-5E3E-4291-802F-3436238232D2/light", "/53080A4F-5E3E-4291-802F-3436238232D2/light")]
    [InlineData("/" + Di, "/" + Di)]
    [InlineData("/" + Di + "x", "/" + Di + "/" + Di + "x")]
    [InlineData("/00000000-0000-0000-0000-000000000001/light", "/" + Di + "/00000000-0000-0000-0000-000000000001/light")]
    [InlineData("coaps://[fe80::1]:5684/light", "coaps://[fe80::1]:5684/light")]
    [InlineData("ocf://" + Di + "/light", "ocf://" + Di + "/light")]
    [InlineData("//host/light", "//host/light")]
    [InlineData("light", "light")]
    [InlineData("", "")]
    public void The_id_is_put_before_a_path_of_the_device(string href, string expected) => Assert.Equal(expected, DeviceHrefs.Add(Device, href));

    [Theory]
    [InlineData("/" + Di + "/light", "/light")]
    [InlineData("/53080A4F-5E3E-4291-802F-3436238232D2/light?a=b", "/light?a=b")]
    [InlineData("/" + Di, "/")]
    [InlineData("/" + Di + "/", "/")]
    [InlineData("/" + Di + "x/light", "/" + Di + "x/light")]
    [InlineData("/light", "/light")]
    [InlineData("/00000000-0000-0000-0000-000000000001/light", "/00000000-0000-0000-0000-000000000001/light")]
    [InlineData("coaps://host/" + Di + "/light", "coaps://host/" + Di + "/light")]
    [InlineData("", "")]
    public void The_id_is_taken_off_a_path(string href, string expected) => Assert.Equal(expected, DeviceHrefs.Remove(Device, href));

    // {di} stands for the id; what is left of the arrow has none.
    [Theory]
    [InlineData("""{"rt":["oic.wk.col"],"links":[{"href":"/a","rt":["x"]},{"rt":["y"],"href":"/b"}]}""", """{"rt":["oic.wk.col"],"links":[{"href":"{di}/a","rt":["x"]},{"rt":["y"],"href":"{di}/b"}]}""")]
    [InlineData("""[{"href":"/a","rep":{"value":true}},{"href":"/b","rep":{"links":[{"href":"/c","rt":["x"]}]}}]""", """[{"href":"{di}/a","rep":{"value":true}},{"href":"{di}/b","rep":{"links":[{"href":"{di}/c","rt":["x"]}]}}]""")]
    [InlineData("""{"href":"/own","value":1}""", """{"href":"/own","value":1}""")]
    [InlineData("""{"href":5,"rt":["x"]}""", """{"href":5,"rt":["x"]}""")]
    [InlineData("""{"href":{"href":"/a","rt":[]},"rt":["x"]}""", """{"href":{"href":"{di}/a","rt":[]},"rt":["x"]}""")]
    [InlineData("""{"x":[[{"href":"/ü","rt":"x"}]],"n":1.50,"e":1e2}""", """{"x":[[{"href":"{di}/ü","rt":"x"}]],"n":1.50,"e":1e2}""")]
    [InlineData("""{"HREF":"/a","rt":["x"]}""", """{"HREF":"/a","rt":["x"]}""")]
    [InlineData("7", "7")]
    [InlineData("null", "null")]
    public void Links_and_batch_items_are_rewritten_and_nothing_else(string inside, string outside)
    {
        var bytes = Encoding.UTF8.GetBytes(inside);
        outside = outside.Replace("{di}", "/" + Di, StringComparison.Ordinal);

        Assert.True(DeviceHrefs.TryAddToJson(Device, bytes, out var json));
        Assert.Equal(outside, Encoding.UTF8.GetString(json));
        Assert.True(DeviceHrefs.TryRemoveFromJson(Device, json, out var back));
        Assert.Equal(inside, Encoding.UTF8.GetString(back));

        Assert.True(PayloadConversion.TryToCbor(bytes, out var cbor));
        Assert.True(PayloadConversion.TryToCbor(Encoding.UTF8.GetBytes(outside), out var expected));
        Assert.True(DeviceHrefs.TryAddToCbor(Device, cbor, out var added));
        Assert.Equal(expected, added.ToArray());
        Assert.True(DeviceHrefs.TryRemoveFromCbor(Device, added, out var removed));
        Assert.Equal(cbor, removed.ToArray());
    }

    [Fact]
    public void What_needs_no_change_is_not_copied()
    {
        ReadOnlyMemory<byte> cbor = Convert.FromHexString("a16576616c7565f5");

        Assert.True(DeviceHrefs.TryAddToCbor(Device, cbor, out var same));

        Assert.True(cbor.Span.Overlaps(same.Span));
    }

    [Fact]
    public void Encodings_beside_an_href_stay_byte_for_byte()
    {
        // {_ "rt": [_ ], h'01': tag 1 (0), 1: 1.5 (half), "href": (_ "/", "a")}
        var cbor = Convert.FromHexString("bf6272749fff4101c10001f93e0064687265667f612f6161ffff");

        Assert.True(DeviceHrefs.TryAddToCbor(Device, cbor, out var added));

        var href = new CborWriter();
        href.WriteTextString($"/{Di}/a");
        Assert.Equal("bf6272749fff4101c10001f93e006468726566" + Convert.ToHexStringLower(href.Encode()) + "ff", Convert.ToHexStringLower(added.Span));
    }

    [Theory]
    [InlineData("")]
    [InlineData("a1")]
    [InlineData("ff")]
    [InlineData("0000")]
    [InlineData("62c328")]
    [InlineData("a2616100616100")]
    public void What_is_no_CBOR_is_said_to_be_none(string cbor) => Assert.False(DeviceHrefs.TryAddToCbor(Device, Convert.FromHexString(cbor), out _));

    [Theory]
    [InlineData("")]
    [InlineData("{")]
    [InlineData("{\"a\":1,\"a\":2}")]
    [InlineData("{\"href\":\"\\ud800\",\"rt\":[]}")]
    [InlineData("{\"\\ud800\":1}")]
    public void What_is_no_JSON_is_said_to_be_none(string json) => Assert.False(DeviceHrefs.TryAddToJson(Device, Encoding.UTF8.GetBytes(json), out _));

    [Fact]
    public void Random_bytes_never_throw()
    {
        var random = new Random(1);
        var bytes = new byte[48];
        for (var i = 0; i < 50_000; i++)
        {
            random.NextBytes(bytes);
            ReadOnlyMemory<byte> some = bytes.AsMemory(0, random.Next(bytes.Length));
            DeviceHrefs.TryAddToCbor(Device, some, out _);
            DeviceHrefs.TryAddToJson(Device, some, out _);
        }
    }
}
