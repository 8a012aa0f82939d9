using System.Net;
using OcfCloud.Host.Settings;

namespace OcfCloud.Host.Tests.Settings;

public sealed class EndpointAddressTests
{
    [Theory]
    [InlineData("8443", null, 8443)]
    [InlineData("0", null, 0)]
    [InlineData("127.0.0.1:0", "127.0.0.1", 0)]
    [InlineData("0.0.0.0:5684", "0.0.0.0", 5684)]
    [InlineData("[::1]:65535", "::1", 65535)]
    [InlineData("[::]:5684", "::", 5684)]
    public void Ports_and_addresses_are_endpoints(string text, string? address, int port)
    {
        var parsed = EndpointAddress.Parse(text);

        Assert.Null(parsed.Refusal);
        Assert.Equal(new EndpointAddress(address is null ? null : IPAddress.Parse(address), port), parsed.Value);
    }

    [Theory]
    [InlineData("")]
    [InlineData(" 80")]
    [InlineData("-1")]
    [InlineData("65536")]
    [InlineData("000080")]
    [InlineData(":80")]
    [InlineData("localhost:80")]
    [InlineData("127.1:80")]
    [InlineData("0x7f.0.0.1:80")]
    [InlineData("127.0.0.1")]
    [InlineData("127.0.0.1:")]
    [InlineData("127.0.0.1:http")]
    [InlineData("::1:80")]
    [InlineData("[127.0.0.1]:80")]
    [InlineData("[::1]")]
    [InlineData("[::1:80")]
    [InlineData("https://127.0.0.1:80")]
    public void Anything_else_is_none(string text) => Assert.Equal("is no port and no address:port", EndpointAddress.Parse(text).Refusal);
}
