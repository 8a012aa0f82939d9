using OcfCloud.Core.Directory;
using OcfCloud.Core.Tests.Support;

namespace OcfCloud.Core.Tests.Directory;

public class ResourceLinkTests
{
    [Theory]
    [InlineData("/a", true)]
    [InlineData("/", true)]
    [InlineData("/a/b/c", true)]
    [InlineData("/9cfbeb8e-5a1e-4d1c-9d01-00c04fd430c8/light", true)]
    [InlineData("/ä%20 ", true)]
    [InlineData("", false)]
    [InlineData(null, false)]
    [InlineData("a", false)]
    [InlineData(" /a", false)]
    [InlineData("/a?if=oic.if.ll", false)]
    [InlineData("/a#b", false)]
    [InlineData("/a\0", false)]
    [InlineData("/a\n", false)]
    [InlineData("coap://h/a", false)]
    public void An_href_is_an_absolute_path_without_query(string? text, bool valid)
    {
        Assert.Equal(valid, ResourceHref.TryParse(text, out var href));
        Assert.Equal(valid ? text : "/", href.Value);
    }

    [Fact]
    public void An_href_has_up_to_219_characters()
    {
        Assert.True(ResourceHref.TryParse("/" + new string('a', 218), out _));
        Assert.False(ResourceHref.TryParse("/" + new string('a', 219), out _));
    }

    [Theory]
    [InlineData(0, 1, false)]
    [InlineData(1, 0, false)]
    [InlineData(1, 1, true)]
    [InlineData(1, 64, true)]
    [InlineData(1, 65, false)]
    [InlineData(32, 64, true)]
    [InlineData(33, 1, false)]
    public void Types_and_interfaces_have_bounds(int count, int length, bool valid)
    {
        string[] values = [.. Enumerable.Repeat(new string('x', length), count)];

        Assert.Equal(valid, ResourceLink.TryCreate(default, values, ["oic.if.a"], 1, [], out _));
        Assert.Equal(valid, ResourceLink.TryCreate(default, ["x"], values, 1, [], out _));
    }

    [Theory]
    [InlineData(-1, false)]
    [InlineData(0, true)]
    [InlineData(255, true)]
    [InlineData(256, false)]
    public void Policy_bits_are_a_byte(int bm, bool valid) => Assert.Equal(valid, ResourceLink.TryCreate(default, ["x"], ["y"], bm, [], out _));

    [Fact]
    public void What_the_cloud_says_itself_and_arrays_of_maps_are_not_kept()
    {
        byte[] text = [0x61, 0x78];
        byte[] maps = [0x81, 0xa0], tagged = [0x81, 0xc1, 0xa0], texts = [0x82, 0x61, 0x78, 0x61, 0x79], indefinite = [0x9f, 0x01, 0xa0, 0xff];

        var link = Links.Of(
            "/a", parameters:
            [
                new("title", text), new("anchor", text), new("di", text), new("ins", text), new("eps", maps), new("href", text), new("rt", text), new("if", text), new("p", text),
                new("maps", maps), new("tagged", tagged), new("indefinite", indefinite), new("cut", new byte[] { 0x82, 0x01 }), new("rel", texts), new("title", texts), new("map", new byte[] { 0xa0 }),
            ]);

        Assert.Equal(["map", "rel", "title"], link.Parameters.Select(p => p.Name));
        Assert.Equal(text, link.Parameters[2].Value.ToArray());
    }

    [Fact]
    public void Parameters_have_bounds()
    {
        static bool Takes(IEnumerable<LinkParameter> parameters) => ResourceLink.TryCreate(default, ["x"], ["y"], 1, parameters, out _);
        byte[] Text(int length) => [0x79, (byte)(length >> 8), (byte)length, .. new byte[length]];

        Assert.True(Takes(Enumerable.Range(0, ResourceLink.MaxParameters).Select(i => new LinkParameter($"p{i}", Text(1)))));
        Assert.False(Takes(Enumerable.Range(0, ResourceLink.MaxParameters + 1).Select(i => new LinkParameter($"p{i}", Text(1)))));
        Assert.True(Takes([new("n", Text(ResourceLink.MaxParameterBytes - 4))]));
        Assert.False(Takes([new("n", Text(ResourceLink.MaxParameterBytes - 3))]));
    }

    [Fact]
    public void A_link_keeps_bytes_of_its_own()
    {
        byte[] value = [0x61, 0x78];
        var link = Links.Of("/a", parameters: new LinkParameter("n", value));
        value[1] = 0x79;

        Assert.Equal([0x61, 0x78], link.Parameters[0].Value.ToArray());
    }
}
