using System.Net;
using System.Net.Sockets;
using System.Text;
using Microsoft.Extensions.Time.Testing;

namespace OcfCloud.Host.Tests.Endpoints.Proxies;

/// <summary>Connections of a proxy to an endpoint that says whom it sees.</summary>
public sealed class AnnouncedAddressesTests
{
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(5);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task What_follows_sees_the_announced_addresses_and_reads_what_follows()
    {
        await using var door = await ProxiedDoor.OpenAsync("127.0.0.7/32");

        Assert.Equal(
            "203.0.113.7:40000 at 192.0.2.1:5684: hello",
            await AskAsync(door, "127.0.0.7", [.. HeaderBytes.Of("203.0.113.7:40000", "192.0.2.1:5684"), .. "hello\n"u8]));
        Assert.Equal(
            "[2001:db8::7]:40000 at [2001:db8::1]:5684: hello",
            await AskAsync(door, "127.0.0.7", [.. HeaderBytes.Of("[2001:db8::7]:40000", "[2001:db8::1]:5684"), .. "hello\n"u8]));
    }

    [Fact]
    public async Task A_proxy_s_own_connection_keeps_its_addresses()
    {
        await using var door = await ProxiedDoor.OpenAsync("127.0.0.7/32");

        var answer = await AskAsync(door, "127.0.0.7", [.. HeaderBytes.Of(HeaderBytes.Local, 0x11, new byte[12]), .. "hello\n"u8]);

        Assert.StartsWith("127.0.0.7:", answer, StringComparison.Ordinal);
        Assert.EndsWith($" at {door.Address}: hello", answer, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Others_are_not_read_for_a_header()
    {
        await using var door = await ProxiedDoor.OpenAsync("127.0.0.7/32");

        var plain = await AskAsync(door, "127.0.0.6", "hello\n"u8.ToArray());
        Assert.StartsWith("127.0.0.6:", plain, StringComparison.Ordinal);
        Assert.EndsWith(": hello", plain, StringComparison.Ordinal);

        // What it claims is what it sends, like any other bytes.
        var claimed = await AskAsync(door, "127.0.0.6", [.. HeaderBytes.Of("203.0.113.7:40000"), .. "hello\n"u8]);
        Assert.StartsWith("127.0.0.6:", claimed, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_endpoint_on_every_address_knows_a_proxy_by_its_IPv4_address()
    {
        await using var door = await ProxiedDoor.OpenAsync("127.0.0.7/32", onEveryAddress: true);

        Assert.StartsWith("203.0.113.7:40000 at ", await AskAsync(door, "127.0.0.7", [.. HeaderBytes.Of("203.0.113.7:40000"), .. "hello\n"u8]), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("\u0016\u0003\u0001\u0002\0\u0001\0")]
    [InlineData("PROXY TCP4 203.0.113.7 192.0.2.1 40000 5684\r\nhello\n")]
    [InlineData("\r\n\r\n\0\r\nQUIT\n\u0031\u0011\0\u000c")]
    [InlineData("\r\n\r\n\0\r\nQUIT\n\u0021\u0011\u0010\0")]
    public async Task A_proxy_s_connection_without_a_good_header_is_closed(string bytes)
    {
        await using var door = await ProxiedDoor.OpenAsync("127.0.0.7/32");
        using var socket = await ConnectAsync(door, "127.0.0.7", Encoding.Latin1.GetBytes(bytes));

        await AssertClosedAsync(socket);
        Assert.Equal(0, door.Served);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(16)]
    [InlineData(27)]
    public async Task A_header_that_does_not_end_in_time_closes_the_connection(int sent)
    {
        var time = new FakeTimeProvider();
        await using var door = await ProxiedDoor.OpenAsync("127.0.0.7/32", time, Timeout);
        var header = HeaderBytes.Of("203.0.113.7:40000");
        using var slow = await ConnectAsync(door, "127.0.0.7", header[..sent]);
        using var whole = await ConnectAsync(door, "127.0.0.7", header[..sent]);
        await door.WaitingAsync(2);

        time.Advance(Timeout - TimeSpan.FromMilliseconds(1));
        await whole.SendAsync((byte[])[.. header[sent..], .. "hello\n"u8], Cancellation);
        Assert.StartsWith("203.0.113.7:40000 ", await ReadLineAsync(whole), StringComparison.Ordinal);

        time.Advance(TimeSpan.FromMilliseconds(1));
        await AssertClosedAsync(slow);

        // Its time counts for the header alone.
        time.Advance(10 * Timeout);
        await whole.SendAsync("again\n"u8.ToArray(), Cancellation);
        Assert.EndsWith(": again", await ReadLineAsync(whole), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Few_connections_wait_for_their_header_at_once()
    {
        await using var door = await ProxiedDoor.OpenAsync("127.0.0.7/32", mostWaiting: 2);
        using var first = await ConnectAsync(door, "127.0.0.7", []);
        using var second = await ConnectAsync(door, "127.0.0.7", []);
        await door.WaitingAsync(2);

        try
        {
            using var third = await ConnectAsync(door, "127.0.0.7", []);
            await AssertClosedAsync(third);
        }
        catch (SocketException e) when (e.SocketErrorCode == SocketError.ConnectionReset)
        {
            // Before this side knew that it was open.
        }

        // Who has sent it waits no longer.
        await first.SendAsync((byte[])[.. HeaderBytes.Of("203.0.113.7:40000"), .. "hello\n"u8], Cancellation);
        await ReadLineAsync(first);
        Assert.StartsWith("203.0.113.8:1 ", await AskAsync(door, "127.0.0.7", [.. HeaderBytes.Of("203.0.113.8:1"), .. "hello\n"u8]), StringComparison.Ordinal);
    }

    private static async Task<string> AskAsync(ProxiedDoor door, string from, byte[] bytes)
    {
        using var socket = await ConnectAsync(door, from, bytes);
        return await ReadLineAsync(socket);
    }

    private static async Task<Socket> ConnectAsync(ProxiedDoor door, string from, byte[] bytes)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(IPAddress.Parse(from), 0));
        await socket.ConnectAsync(door.Address, Cancellation);
        if (bytes.Length > 0) await socket.SendAsync(bytes, Cancellation);
        return socket;
    }

    private static async Task<string> ReadLineAsync(Socket socket)
    {
        using var reader = new StreamReader(new NetworkStream(socket), leaveOpen: true);
        return (await reader.ReadLineAsync(Cancellation))!;
    }

    private static async Task AssertClosedAsync(Socket socket)
    {
        try
        {
            Assert.Equal(0, await socket.ReceiveAsync(new byte[1], Cancellation).AsTask().WaitAsync(TimeSpan.FromSeconds(20), Cancellation));
        }
        catch (SocketException)
        {
            // Reset, which is an end too.
        }
    }
}
