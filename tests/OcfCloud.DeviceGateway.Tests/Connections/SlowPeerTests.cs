using OcfCloud.Coap;

namespace OcfCloud.DeviceGateway.Tests.Connections;

/// <summary>Peers that take their time hold no connection with it.</summary>
public sealed class SlowPeerTests
{
    private const string Rejected = "ocfcloud.gateway.rejected";
    private static readonly TimeSpan OneSecond = TimeSpan.FromSeconds(1);

    [Fact]
    public async Task A_connection_that_does_not_sign_in_is_told_Release_and_closed()
    {
        await using var room = await ConnectionRoom.OpenAsync();
        using var figures = room.Figures;
        var (connection, stream) = room.Connect();

        room.Pass(TimeSpan.FromSeconds(59), connection);
        Assert.False(connection.Coap.IsClosing);
        room.Pass(OneSecond, connection);

        Assert.True(connection.Coap.IsClosing);
        Assert.Equal(CoapCode.Release, FedStream.ReadAll(stream.Take())[^1].Code);
        room.Pass(OneSecond, connection);
        Assert.Equal(1, figures.Of(Rejected, "sign_in_time"));
    }

    [Fact]
    public async Task Requests_that_need_a_session_give_no_more_time()
    {
        await using var room = await ConnectionRoom.OpenAsync();
        var (connection, stream) = room.Connect();

        for (var second = 0; second < 60; second++)
        {
            stream.Feed(ConnectionRoom.Request(CoapCode.Get, "/oic/res", 1));
            room.Pass(OneSecond, connection);
        }

        Assert.True(connection.Coap.IsClosing);
    }

    [Fact]
    public async Task A_sign_up_gives_the_time_to_sign_in_anew()
    {
        await using var room = await ConnectionRoom.OpenAsync();
        var (connection, _) = room.Connect();
        room.Pass(TimeSpan.FromSeconds(50), connection);
        connection.Bind(room.User, Core.Devices.DeviceId.New());

        room.Pass(TimeSpan.FromSeconds(59), connection);
        Assert.False(connection.Coap.IsClosing);
        room.Pass(OneSecond, connection);
        Assert.True(connection.Coap.IsClosing);
    }

    [Fact]
    public async Task A_signed_in_peer_may_be_silent_and_has_the_time_anew_after_its_sign_out()
    {
        await using var room = await ConnectionRoom.OpenAsync(options => options.IdlePing = TimeSpan.FromDays(1));
        var (connection, _, _) = await room.SignInAsync();
        room.Pass(TimeSpan.FromMinutes(10), connection);
        Assert.False(connection.Coap.IsClosing);

        connection.EndSession();
        room.Pass(TimeSpan.FromSeconds(59), connection);
        Assert.False(connection.Coap.IsClosing);
        room.Pass(OneSecond, connection);
        Assert.True(connection.Coap.IsClosing);
    }

    [Fact]
    public async Task A_request_that_is_worked_on_excuses_a_missing_sign_in()
    {
        await using var room = await ConnectionRoom.OpenAsync();
        var (connection, _) = room.Connect();
        connection.RequestBegins();

        room.Pass(TimeSpan.FromSeconds(90), connection);
        Assert.False(connection.Coap.IsClosing);
        connection.RequestDone();
        room.Pass(OneSecond, connection);
        Assert.True(connection.Coap.IsClosing);
    }

    [Fact]
    public async Task A_message_that_is_begun_and_not_ended_in_time_gets_Abort_however_its_bytes_drip()
    {
        await using var room = await ConnectionRoom.OpenAsync();
        using var figures = room.Figures;
        var (connection, stream, _) = await room.SignInAsync();
        var message = ConnectionRoom.Request(CoapCode.Post, "/oic/rd", 1, new byte[1000]);

        for (var second = 0; second < 30; second++)
        {
            Assert.False(connection.Coap.IsClosing);
            stream.Feed(message.AsMemory(second, 1));
            room.Pass(OneSecond, connection);
        }

        Assert.True(connection.Coap.IsClosing);
        Assert.Equal(CoapCode.Abort, FedStream.ReadAll(stream.Take())[^1].Code);
        stream.End();
        await room.EndedAsync(connection);
        Assert.Equal(1, figures.Of(Rejected, "message_time"));
        Assert.Equal(1, figures.Of("ocfcloud.gateway.connections.closed", "message_timed_out"));
    }

    [Fact]
    public async Task A_message_that_ends_in_time_and_the_next_one_have_their_own_time()
    {
        await using var room = await ConnectionRoom.OpenAsync();
        var (connection, stream, _) = await room.SignInAsync();
        var message = ConnectionRoom.Request(CoapCode.Delete, "/nothing", 1);

        stream.Feed(message.AsMemory(0, 5));
        room.Pass(TimeSpan.FromSeconds(29), connection);
        // The rest of the first and the beginning of the second.
        stream.Feed(message[5..].Concat(message[..5]).ToArray());
        Assert.Equal(CoapCode.NotFound, FedStream.Read(stream.Take()).Code);
        room.Pass(TimeSpan.FromSeconds(29), connection);
        stream.Feed(message.AsMemory(5));
        Assert.Equal(CoapCode.NotFound, FedStream.Read(stream.Take()).Code);

        room.Pass(TimeSpan.FromSeconds(60), connection);
        Assert.False(connection.Coap.IsClosing);
    }

    [Fact]
    public async Task A_peer_that_takes_nothing_of_what_waits_for_it_is_closed()
    {
        await using var room = await ConnectionRoom.OpenAsync();
        using var figures = room.Figures;
        var (connection, stream, _) = await room.SignInAsync();
        stream.NotRead = new TaskCompletionSource();
        connection.Coap.TrySend(Large());

        room.Pass(OneSecond, connection);
        room.Pass(TimeSpan.FromSeconds(29), connection);
        Assert.False(connection.Coap.IsClosing);
        room.Pass(OneSecond, connection);

        Assert.True(connection.Coap.IsClosing);
        stream.End();
        await room.EndedAsync(connection);
        Assert.Equal(1, figures.Of(Rejected, "write_time"));
        stream.NotRead.SetResult();
    }

    [Fact]
    public async Task A_peer_that_takes_a_little_now_and_then_is_waited_for()
    {
        await using var room = await ConnectionRoom.OpenAsync(options => options.IdlePing = TimeSpan.FromDays(1));
        var (connection, stream, _) = await room.SignInAsync();
        stream.NotRead = new TaskCompletionSource();
        connection.Coap.TrySend(Large());

        // One message, taken in pieces.
        for (var piece = 0; piece < 3; piece++)
        {
            Assert.True(SpinWait.SpinUntil(() => stream.IsWriteWaiting, TimeSpan.FromSeconds(10)));
            room.Pass(OneSecond, connection);
            room.Pass(TimeSpan.FromSeconds(20), connection);
            var taken = stream.NotRead;
            stream.NotRead = new TaskCompletionSource();
            taken.SetResult();
            await stream.TakeWrittenAsync();
        }

        Assert.False(connection.Coap.IsClosing);
        stream.NotRead.SetResult();
    }

    private static CoapMessage Large() => CoapMessage.Response(CoapCode.Content).WithPayload(new byte[200_000], CoapContentFormat.OcfCbor);
}
