using OcfCloud.Simulator.Cloud;

namespace OcfCloud.Simulator.Tests.Cloud;

public sealed class CoapsAddressTests
{
    [Theory]
    [InlineData("coaps+tcp://127.0.0.1:5684", "127.0.0.1", 5684)]
    [InlineData("coaps+tcp://cloud.example", "cloud.example", 5684)]
    [InlineData("coaps+tcp://[::1]:7000", "::1", 7000)]
    [InlineData("coaps+tcp://cloud.example:443/", "cloud.example", 443)]
    public void A_URI_is_read(string text, string host, int port)
    {
        Assert.True(CoapsAddress.TryParse(text, out var address));

        Assert.Equal(new CoapsAddress(host, port), address);
    }

    [Theory]
    [InlineData("")]
    [InlineData(null)]
    [InlineData("127.0.0.1:5684")]
    [InlineData("coap+tcp://127.0.0.1")]
    [InlineData("coaps+tcp://127.0.0.1/path")]
    [InlineData("coaps+tcp://127.0.0.1:0")]
    [InlineData("coaps+tcp://127.0.0.1:99999")]
    [InlineData("coaps+tcp://me@127.0.0.1")]
    public void Anything_else_is_refused(string? text) => Assert.False(CoapsAddress.TryParse(text, out _));

    [Theory]
    [InlineData("127.0.0.1:7000")]
    [InlineData("coaps+tcp://127.0.0.1:7000")]
    public void People_may_leave_out_the_scheme(string text)
    {
        Assert.True(CoapsAddress.TryParseLoose(text, out var address));

        Assert.Equal("coaps+tcp://127.0.0.1:7000", address.ToString());
    }
}
