namespace OcfCloud.Coap.Tests.Messages;

public class MessageTests
{
    [Theory]
    [InlineData("/oic/res?rt=oic.r.light&if=oic.if.ll", "/oic/res", new[] { "rt=oic.r.light", "if=oic.if.ll" })]
    [InlineData("oic/d", "/oic/d", new string[0])]
    [InlineData("/", "/", new string[0])]
    [InlineData("/a?", "/a", new string[0])]
    [InlineData("/a?b?c", "/a", new[] { "b?c" })]
    public void A_request_for_a_path_and_a_query(string pathAndQuery, string path, string[] query)
    {
        var request = CoapMessage.Request(CoapCode.Get, pathAndQuery);
        Assert.Equal(path, request.Path);
        Assert.Equal(query, request.UriQuery);
    }

    [Fact]
    public void Options_are_kept_in_the_order_of_their_numbers_and_of_adding()
    {
        var options = new CoapOptions { { 15, new byte[] { 1 } }, { 11, new byte[] { 2 } }, { 15, new byte[] { 3 } }, { 11, new byte[] { 4 } } };
        Assert.Equal([11, 11, 15, 15], options.Select(o => o.Key));
        Assert.Equal([2, 4, 1, 3], options.Select(o => (int)o.Value.Span[0]));
        options.Remove(CoapOptionNumber.UriPath);
        Assert.False(options.Contains(CoapOptionNumber.UriPath));
        Assert.Equal(2, options.Count);
    }

    [Theory]
    [InlineData("", 0u)]
    [InlineData("00", 0u)]
    [InlineData("000000000001", 1u)]
    [InlineData("ffffffff", uint.MaxValue)]
    [InlineData("00ffffffff", uint.MaxValue)]
    public void Leading_zeros_of_a_number_are_tolerated(string hex, uint expected) // RFC 7252, 3.2.
    {
        Assert.True(CoapUInt.TryRead(Convert.FromHexString(hex), out var value));
        Assert.Equal(expected, value);
    }

    [Fact]
    public void More_than_four_bytes_are_no_number() => Assert.False(CoapUInt.TryRead([1, 0, 0, 0, 0], out _));

    [Fact]
    public void Every_length_of_a_token_is_kept_and_tells_it_from_others()
    {
        var bytes = new byte[] { 0, 0, 1, 2, 3, 4, 5, 6 };
        for (var length = 0; length <= CoapToken.MaxLength; length++)
        {
            var token = CoapToken.From(bytes.AsSpan(0, length));
            var copy = new byte[CoapToken.MaxLength];
            Assert.Equal(length, token.CopyTo(copy));
            Assert.Equal(bytes[..length], copy[..length]);
        }

        Assert.NotEqual(CoapToken.From([0]), CoapToken.From([0, 0]));
        Assert.NotEqual(CoapToken.From([0]), default);
        Assert.Throws<ArgumentOutOfRangeException>(() => CoapToken.From(new byte[9]));
    }

    [Fact]
    public void Writing_options_out_of_order_is_a_fault()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() =>
        {
            var writer = new CoapFrameWriter(new byte[100], CoapCode.Get, default);
            writer.WriteOption(15, []);
            writer.WriteOption(11, []);
        });
    }

    [Theory]
    [InlineData(0, 1, "0.01")]
    [InlineData(2, 31, "2.31")]
    [InlineData(4, 4, "4.04")]
    [InlineData(7, 5, "7.05")]
    public void A_code_is_written_as_people_do(int @class, int detail, string text)
    {
        var code = new CoapCode(@class, detail);
        Assert.Equal(text, code.ToString());
        Assert.Equal((@class, detail), (code.Class, code.Detail));
    }

    [Fact]
    public void Every_code_is_at_most_one_of_request_response_and_signaling()
    {
        for (var value = 0; value < 256; value++)
        {
            var code = new CoapCode((byte)value);
            var kinds = new[] { code.IsRequest, code.IsResponse, code.IsSignaling }.Count(k => k);
            Assert.Equal(value == 0 || code.Class is 1 or 6 ? 0 : 1, kinds);
        }
    }
}
