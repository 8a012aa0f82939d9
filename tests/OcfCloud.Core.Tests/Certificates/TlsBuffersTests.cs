using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography;
using OcfCloud.Core.Certificates;

namespace OcfCloud.Core.Tests.Certificates;

/// <summary>TLS connections whose buffers are given back between records.</summary>
public sealed class TlsBuffersTests
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    // Fails where a new runtime hides its TLS library otherwise: the memory of idle connections would double without anybody noticing.
    [Theory]
    [InlineData(SslProtocols.Tls12)]
    [InlineData(SslProtocols.Tls13)]
    public async Task A_connection_lets_its_buffers_go_and_loses_no_byte(SslProtocols version)
    {
        using var door = new TlsDoor();
        await using var pair = await door.OpenAsync(version);
        Assert.True(TlsBuffers.TryRelease(pair.Server));
        foreach (var size in new[] { 1, 16 * 1024, 100, 300_000, 2 })
        {
            var sent = RandomNumberGenerator.GetBytes(size);
            var back = new byte[size];
            var echo = Task.Run(async () => await EchoAsync(pair.Server, size), Cancelled);
            await pair.Client.WriteAsync(sent, Cancelled);
            await pair.Client.ReadExactlyAsync(back, Cancelled);
            await echo;
            Assert.Equal(sent, back);
        }
    }

    [Fact]
    public void What_has_not_shaken_hands_yet_has_no_buffers()
    {
        using var tls = new SslStream(new MemoryStream());
        Assert.False(TlsBuffers.TryRelease(tls));
    }

    private static async Task EchoAsync(SslStream server, int size)
    {
        var buffer = new byte[7_000];
        for (var left = size; left > 0;)
        {
            var count = await server.ReadAsync(buffer, Cancelled);
            Assert.NotEqual(0, count);
            await server.WriteAsync(buffer.AsMemory(0, count), Cancelled);
            left -= count;
        }
    }
}
