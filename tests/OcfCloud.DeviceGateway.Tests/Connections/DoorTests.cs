using System.Net.Sockets;
using System.Security.Authentication;
using OcfCloud.Coap;

namespace OcfCloud.DeviceGateway.Tests.Connections;

/// <summary>Limits of the door over real sockets and TLS.</summary>
public sealed class DoorTests
{
    private const string Rejected = "ocfcloud.gateway.rejected";

    [Fact]
    public async Task A_peer_that_asks_and_does_not_read_is_gone_with_its_socket_when_the_time_to_write_is_over()
    {
        await using var door = await OpenDoor.OpenAsync(options => options.SignInTimeout = options.MessageTimeout = options.IdlePing = TimeSpan.FromDays(1));
        using var figures = door.Figures;
        await using var peer = await door.ConnectAsync(receiveBuffer: 4096);
        await door.UntilOpenAsync(1);
        var requests = Enumerable.Repeat(CoapMessage.Request(CoapCode.Get, "/oic/rd").ToBytes(), 2_000).SelectMany(bytes => bytes).ToArray();

        var writing = WriteUntilClosedAsync();
        await door.PassUntilAsync(() => door.Open == 0 && figures.Of(Rejected, "write_time") == 1);
        await writing.WaitAsync(TimeSpan.FromSeconds(10), TestContext.Current.CancellationToken);

        async Task WriteUntilClosedAsync()
        {
            try
            {
                while (true) await peer.WriteAsync(requests, TestContext.Current.CancellationToken);
            }
            catch (IOException)
            {
                // The socket is closed, not only forgotten.
            }
        }
    }

    [Fact]
    public async Task A_peer_that_does_not_sign_in_is_closed()
    {
        await using var door = await OpenDoor.OpenAsync(_ => { });
        using var figures = door.Figures;
        await using var peer = await door.ConnectAsync();
        await door.UntilOpenAsync(1);

        await door.PassUntilAsync(() => door.Open == 0 && figures.Of(Rejected, "sign_in_time") == 1);

        var buffer = new byte[1024];
        while (await peer.ReadAsync(buffer, TestContext.Current.CancellationToken) > 0)
        {
        }
    }

    [Fact]
    public async Task A_connection_over_the_limit_gets_no_handshake_and_the_next_one_does_when_there_is_room()
    {
        await using var door = await OpenDoor.OpenAsync(options => options.MaxConnections = 1);
        using var figures = door.Figures;
        var first = await door.ConnectAsync();
        await using (first)
        {
            var refusal = await Record.ExceptionAsync(() => door.ConnectAsync());
            Assert.True(refusal is IOException or AuthenticationException or SocketException, refusal?.ToString() ?? "let in");
            Assert.Equal(1, figures.Of(Rejected, "connections"));
        }

        await door.PassUntilAsync(() => door.Open == 0);
        await ConnectionRoom.SettledAsync(async () => await Record.ExceptionAsync(async () => await (await door.ConnectAsync()).DisposeAsync()) is null);
    }
}
