using System.Globalization;
using OcfCloud.Coap;
using OcfCloud.Core.Devices;

namespace OcfCloud.DeviceGateway.Tests.Connections;

/// <summary>What a peer can make the cloud keep is bounded before it is kept.</summary>
public sealed class MemoryLimitTests
{
    private const string Rejected = "ocfcloud.gateway.rejected";

    [Fact]
    public async Task As_many_links_as_a_device_may_publish_are_unpublished_by_one_message_and_many_more_options_are_4_02()
    {
        await using var room = await ConnectionRoom.OpenAsync();
        using var figures = room.Figures;
        var (_, stream, device) = await room.SignInAsync();

        stream.Feed(Unpublish(device, 256));
        Assert.Equal(CoapCode.NotFound, FedStream.Read(await stream.TakeWrittenAsync()).Code);
        stream.Feed(Unpublish(device, 600));

        Assert.Equal(CoapCode.BadOption, FedStream.Read(stream.Take()).Code);
        Assert.Equal(1, figures.Of(Rejected, "options"));
    }

    [Fact]
    public async Task Few_options_of_many_bytes_are_4_02_on_the_way_to_a_device_too()
    {
        await using var room = await ConnectionRoom.OpenAsync();
        using var figures = room.Figures;
        var (_, client, _) = await room.SignInAsync();
        var (_, device, deviceId) = await room.SignInAsync();
        var request = CoapMessage.Request(CoapCode.Get, $"/{deviceId}/light");
        for (var i = 0; i < 40; i++)
            request.Options.Add(CoapOptionNumber.UriQuery, new string('q', 250));

        client.Feed(request.ToBytes());

        Assert.Equal(CoapCode.BadOption, FedStream.Read(client.Take()).Code);
        Assert.Equal(0, device.WrittenBytes);
        Assert.Equal(1, figures.Of(Rejected, "options"));
    }

    [Fact]
    public async Task An_answer_with_too_many_options_gets_Abort()
    {
        await using var room = await ConnectionRoom.OpenAsync();
        var (_, client, _) = await room.SignInAsync();
        var (connection, device, deviceId) = await room.SignInAsync();
        client.Feed(ConnectionRoom.Request(CoapCode.Get, $"/{deviceId}/light", 1));
        var answer = new CoapMessage(CoapCode.Content) { Token = FedStream.Read(device.Take()).Token };
        for (var i = 0; i < 600; i++)
            answer.Options.Add(CoapOptionNumber.ETag, new byte[] { 1 });

        device.Feed(answer.ToBytes());

        Assert.True(connection.Coap.IsClosing);
        Assert.Equal(CoapCode.Abort, FedStream.Read(device.Take()).Code);
    }

    [Fact]
    public async Task A_large_message_is_4_13_before_the_sign_in_and_worked_on_after_it()
    {
        await using var room = await ConnectionRoom.OpenAsync(options => options.MaxMessageSizeBeforeSignIn = 16_384);
        using var figures = room.Figures;
        var (connection, stranger) = room.Connect();
        var (closed, other) = room.Connect();
        var (_, known, _) = await room.SignInAsync();
        stranger.Take();
        other.Take();

        stranger.Feed(ConnectionRoom.Request(CoapCode.Post, "/oic/sec/session", 1, new byte[20_000]));
        Assert.Equal(CoapCode.RequestEntityTooLarge, FedStream.Read(stranger.Take()).Code);
        Assert.False(connection.Coap.IsClosing);
        // As any refusal of a sign-up.
        other.Feed(ConnectionRoom.Request(CoapCode.Post, "/oic/sec/account", 1, new byte[20_000]));
        Assert.Equal(CoapCode.RequestEntityTooLarge, FedStream.Read(other.Take()).Code);
        Assert.True(closed.Coap.IsClosing);
        stranger.Feed(ConnectionRoom.Request(CoapCode.Post, "/oic/sec/session", 2, new byte[10_000]));
        Assert.Equal(CoapCode.BadRequest, FedStream.Read(await stranger.TakeWrittenAsync()).Code);
        known.Feed(ConnectionRoom.Request(CoapCode.Post, "/oic/rd", 3, new byte[20_000]));

        Assert.Equal(CoapCode.BadRequest, FedStream.Read(await known.TakeWrittenAsync()).Code);
        Assert.Equal(2, figures.Of(Rejected, "message_size_before_sign_in"));
    }

    [Fact]
    public async Task An_upload_in_blocks_is_no_larger_before_the_sign_in()
    {
        await using var room = await ConnectionRoom.OpenAsync(options => options.MaxMessageSizeBeforeSignIn = 16_384);
        var (_, stream) = room.Connect();
        stream.Feed(new CoapMessage(CoapCode.Csm).WithOption((CoapOptionNumber)2, 65_536).WithOption((CoapOptionNumber)4, 0).ToBytes());
        stream.Take();

        var block = new BlockOption(0, true, 6);
        CoapMessage answer;
        do
        {
            var request = CoapMessage.Request(CoapCode.Post, "/oic/sec/account").WithPayload(new byte[1024], CoapContentFormat.OcfCbor);
            stream.Feed(request.WithOption(CoapOptionNumber.Block1, block.Value).ToBytes());
            answer = FedStream.Read(await stream.TakeWrittenAsync());
            block = block with { Number = block.Number + 1 };
        }
        while (answer.Code == CoapCode.Continue);

        Assert.Equal(CoapCode.RequestEntityTooLarge, answer.Code);
        Assert.Equal(17u, block.Number);
    }

    [Fact]
    public async Task Requests_that_are_kept_while_they_are_worked_on_have_a_bound_together_and_give_it_back()
    {
        await using var room = await ConnectionRoom.OpenAsync(options => options.MaxQueuedBytes = 10_000);
        using var figures = room.Figures;
        var (_, client, _) = await room.SignInAsync();
        var (_, device, deviceId) = await room.SignInAsync();

        client.Feed(Json(deviceId, 1));
        var first = FedStream.Read(await device.TakeWrittenAsync());
        client.Feed(Json(deviceId, 2));
        var refusal = FedStream.Read(client.Take());
        Assert.Equal(CoapCode.ServiceUnavailable, refusal.Code);
        Assert.NotNull(refusal.MaxAge);
        Assert.Equal(1, figures.Of(Rejected, "queued_bytes"));

        device.Feed(new CoapMessage(CoapCode.Changed) { Token = first.Token }.ToBytes());
        Assert.Equal(CoapCode.Changed, FedStream.Read(await client.TakeWrittenAsync()).Code);
        await ConnectionRoom.SettledAsync(() =>
        {
            client.Feed(Json(deviceId, 3));
            return Task.FromResult(client.Take().IsEmpty);
        });
        Assert.NotEmpty(await device.TakeWrittenAsync());
    }

    // A format that is converted on the way.
    private static byte[] Json(DeviceId device, ulong token)
    {
        var text = "{\"text\":\"" + new string('x', 7_000) + "\"}";
        var request = CoapMessage.Request(CoapCode.Post, $"/{device}/light").WithPayload(System.Text.Encoding.UTF8.GetBytes(text), CoapContentFormat.Json);
        request.Token = CoapToken.FromUInt64(token);
        return request.ToBytes();
    }

    private static byte[] Unpublish(DeviceId device, int links)
    {
        var request = CoapMessage.Request(CoapCode.Delete, $"/oic/rd?di={device}");
        for (var i = 0; i < links; i++)
            request.Options.Add(CoapOptionNumber.UriQuery, "ins=" + (2_000_000_000 + i).ToString(CultureInfo.InvariantCulture));
        return request.ToBytes();
    }
}
