using OcfCloud.Coap.Tests.Support;

namespace OcfCloud.Coap.Tests.Connections;

public class LivenessTests
{
    private static readonly CoapConnectionOptions Options = new() { IdlePing = TimeSpan.FromSeconds(60) };

    [Fact]
    public async Task A_silent_peer_is_pinged_and_closed_when_it_stays_silent()
    {
        await using var one = new OneConnection(Options);
        await one.Peer.ReceiveAsync(CoapCode.Csm);
        one.Time.Advance(TimeSpan.FromSeconds(59));
        Assert.Single(one.Stream.Writes);

        one.Time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(8, (await one.Peer.ReceiveAsync(CoapCode.Ping)).Token.Length);

        one.Time.Advance(TimeSpan.FromSeconds(9));
        Assert.False(one.Connection.IsClosing);
        one.Time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(CoapCloseReason.PingUnanswered, await one.Running.Soon());
    }

    [Fact]
    public async Task A_Pong_keeps_the_connection_and_the_next_ping_comes_after_the_same_silence()
    {
        await using var one = new OneConnection(Options);
        await one.Peer.ReceiveAsync(CoapCode.Csm);
        for (var i = 0; i < 3; i++)
        {
            one.Time.Advance(TimeSpan.FromSeconds(60));
            var ping = await one.Peer.ReceiveAsync(CoapCode.Ping);
            one.Time.Advance(TimeSpan.FromSeconds(5));
            await one.Peer.SendAsync(new CoapMessage(CoapCode.Pong) { Token = ping.Token });
            await one.HandledAsync();
        }

        one.Time.Advance(TimeSpan.FromSeconds(59));
        Assert.False(one.Connection.IsClosing);
    }

    [Fact]
    public async Task Whatever_comes_is_a_sign_of_life()
    {
        await using var one = new OneConnection(Options);
        await one.Peer.ReceiveAsync(CoapCode.Csm);
        for (var i = 0; i < 4; i++)
        {
            one.Time.Advance(TimeSpan.FromSeconds(40));
            await one.HandledAsync();
        }

        Assert.DoesNotContain(one.Stream.Writes, w => w[1] == CoapCode.Ping.Value);
    }

    [Fact]
    public async Task A_peer_that_does_not_read_either_is_closed_by_the_unanswered_ping()
    {
        await using var one = new OneConnection(new CoapConnectionOptions { IdlePing = TimeSpan.FromSeconds(60), MaxOutgoingBytes = 1000 });
        await one.Peer.ReceiveAsync(CoapCode.Csm);
        one.Stream.Pause();
        while (one.Connection.TrySend(CoapMessage.Response(CoapCode.Content)) == CoapSendStatus.Sent)
        {
        }

        one.Time.Advance(TimeSpan.FromSeconds(60));
        one.Time.Advance(TimeSpan.FromSeconds(10));

        Assert.Equal(CoapCloseReason.PingUnanswered, await one.Running.Soon());
    }

    [Fact]
    public async Task Zero_switches_pings_off()
    {
        await using var one = new OneConnection(new CoapConnectionOptions { IdlePing = TimeSpan.Zero });
        await one.Peer.ReceiveAsync(CoapCode.Csm);
        one.Time.Advance(TimeSpan.FromDays(1));
        await one.HandledAsync();
        Assert.Equal(2, one.Stream.Writes.Count);
    }

    [Fact]
    public async Task An_owner_that_ticks_does_what_the_timer_does()
    {
        await using var one = new OneConnection(new CoapConnectionOptions { IdlePing = TimeSpan.FromSeconds(60), TickedByOwner = true });
        await one.Peer.ReceiveAsync(CoapCode.Csm);
        one.Time.Advance(TimeSpan.FromSeconds(61));
        Assert.Single(one.Stream.Writes);

        one.Connection.Tick(one.Connection.Now);

        await one.Peer.ReceiveAsync(CoapCode.Ping);
    }
}
