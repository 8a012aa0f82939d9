using System.Text.Json.Nodes;
using OcfCloud.Simulator.Payloads;

namespace OcfCloud.Simulator.Tests.Payloads;

public sealed class RepresentationCodecTests
{
    [Fact]
    public void Every_kind_of_value_survives_the_way_through_CBOR()
    {
        var before = JsonNode.Parse("""{"value":true,"n":"Light","level":-3,"t":21.5,"none":null,"links":[{"href":"/a","p":{"bm":3}}]}""");

        Assert.True(RepresentationCodec.TryDecode(RepresentationCodec.Encode(before), out var after));

        Assert.True(JsonNode.DeepEquals(before, after), after?.ToJsonString());
    }

    [Theory]
    [InlineData("A0", "{}")]
    [InlineData("A16576616C7565F5", """{"value":true}""")]
    [InlineData("BF6576616C7565F5FF", """{"value":true}""")] // indefinite length, as field devices send it
    [InlineData("A16174F94D60", """{"t":21.5}""")] // half precision
    [InlineData("9F0102FF", "[1,2]")]
    public void Valid_bytes_are_read(string hex, string json)
    {
        Assert.True(RepresentationCodec.TryDecode(Convert.FromHexString(hex), out var node));

        Assert.True(JsonNode.DeepEquals(JsonNode.Parse(json), node), node?.ToJsonString());
    }

    [Theory]
    [InlineData("")]
    [InlineData("A1")] // truncated
    [InlineData("BF6161")] // indefinite without an end
    [InlineData("A2616101616102")] // duplicate key
    [InlineData("A10102")] // key that is no text
    [InlineData("A0A0")] // something behind the item
    [InlineData("818181818181818181818181818181818181818100")] // too deep
    [InlineData("A16161C11A514B67B0")] // tagged
    [InlineData("A1616161FF")] // bad UTF-8
    public void Bad_bytes_are_refused_without_an_exception(string hex)
    {
        Assert.False(RepresentationCodec.TryDecode(Convert.FromHexString(hex), out _));
    }

    [Fact]
    public void Numbers_without_a_fraction_become_integers()
    {
        Assert.Equal("A161761832", Convert.ToHexString(RepresentationCodec.Encode(JsonNode.Parse("""{"v":50}"""))));
    }
}
