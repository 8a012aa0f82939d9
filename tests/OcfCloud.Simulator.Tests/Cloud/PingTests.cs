using System.Net;
using System.Net.Sockets;
using OcfCloud.Simulator.Cloud;
using OcfCloud.Simulator.Serving;
using OcfCloud.Simulator.Tests.Support;

namespace OcfCloud.Simulator.Tests.Cloud;

public sealed class PingTests : IAsyncLifetime
{
    private const byte Ping = 0xe2; // 7.02
    private const byte Pong = 0xe3; // 7.03
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(20);
    private readonly ArmedTime _time = new();
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly TcpClient _client = new() { NoDelay = true };
    private TcpClient _peer = null!;
    private CloudSession _session = null!;
    private Task<CloudTrouble> _staying = null!;

    public async ValueTask InitializeAsync()
    {
        _listener.Start();
        await _client.ConnectAsync((IPEndPoint)_listener.LocalEndpoint);
        _peer = await _listener.AcceptTcpClientAsync();
        var configuration = new CloudConfiguration(new CloudRecord(), _ => { });
        var server = new ResourceServer(Guid.Empty, []);
        _session = CloudSession.Open(_client.GetStream(), Guid.Empty, server, TimeSpan.FromSeconds(2), _time);
        var timing = new CloudTiming();
        var entrance = new CloudEntrance(Guid.Empty, configuration, dialer: null!, server, timing, _time, _ => { });
        var stay = new CloudStay(configuration, generation: 0, entrance, links: null, timing, _time, _ => { });
        _staying = stay.RunAsync(_session, TestContext.Current.CancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        _peer.Dispose();
        await _session.DisposeAsync();
        _client.Dispose();
        _listener.Dispose();
    }

    [Fact]
    public async Task Every_20_s_a_ping_goes_out_and_after_6_without_an_answer_the_connection_is_given_up()
    {
        for (var i = 0; i < 6; i++)
        {
            await _time.PassAsync(Interval, TestContext.Current.CancellationToken);
            await _time.NudgeUntilAsync(ReadPingAsync());
            Assert.False(_staying.IsCompleted);
        }

        await _time.PassAsync(Interval, TestContext.Current.CancellationToken);

        Assert.Equal(CloudError.NoConnection, (await _time.NudgeUntilAsync(_staying)).Error);
    }

    [Fact]
    public async Task Whose_answer_comes_stays()
    {
        for (var i = 0; i < 10; i++)
        {
            await _time.PassAsync(Interval, TestContext.Current.CancellationToken);
            var token = await _time.NudgeUntilAsync(ReadPingAsync());
            await _peer.GetStream().WriteAsync(new byte[] { 0x08, Pong }.Concat(token).ToArray(), TestContext.Current.CancellationToken);
        }

        Assert.False(_staying.IsCompleted);
    }

    // The next ping's token; signaling messages before it are read away.
    private async Task<byte[]> ReadPingAsync()
    {
        var head = new byte[2];
        while (true)
        {
            await _peer.GetStream().ReadExactlyAsync(head, TestContext.Current.CancellationToken);
            var rest = new byte[(head[0] & 0xf) + (head[0] >> 4)];
            await _peer.GetStream().ReadExactlyAsync(rest, TestContext.Current.CancellationToken);
            if (head[1] == Ping)
                return rest;
        }
    }
}
