using OcfCloud.Coap;
using OcfCloud.DeviceGateway.Tests.Connections;

namespace OcfCloud.DeviceGateway.Tests.Directory;

/// <summary><c>GET /oic/rd</c> is answered where it is read (ISO/IEC 30118-2 and device-to-cloud.md, 6), and means the same as what is handled.</summary>
public sealed class SelectorTests
{
    [Fact]
    public async Task A_plain_request_is_answered_at_once_without_an_allocation()
    {
        await using var room = await ConnectionRoom.OpenAsync();
        var (_, client, _) = await room.SignInAsync();
        byte[] requests = [.. Enumerable.Range(1, 16).SelectMany(i => ConnectionRoom.Request(CoapCode.Get, "/oic/rd", (ulong)i))];
        for (var i = 0; i < 100; i++)
        {
            client.Feed(requests);
            client.Take();
        }

        // What the path itself allocates it allocates each time; collections, which other tests cause, empty the pool of buffers now and then.
        var least = long.MaxValue;
        for (var attempt = 0; attempt < 5 && least > 0; attempt++)
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            for (var i = 0; i < 100; i++)
            {
                client.Feed(requests);
                // Everything is there when the bytes are handled.
                if (client.Take().Length < 16 * 20)
                    throw new InvalidOperationException("Not all were answered.");
            }

            least = Math.Min(least, GC.GetAllocatedBytesForCurrentThread() - before);
        }

        Assert.Equal(0, least);
    }

    [Theory]
    [InlineData(CoapOptionNumber.Accept, CoapContentFormat.OcfCbor)]
    [InlineData(CoapOptionNumber.OcfAcceptContentFormatVersion, 2048)]
    [InlineData(CoapOptionNumber.OcfContentFormatVersion, 2048)]
    [InlineData(CoapOptionNumber.UriPort, 5684)]
    [InlineData(CoapOptionNumber.Size1, 10)]
    public async Task It_says_the_same_as_when_it_is_handled(CoapOptionNumber option, int value)
    {
        await using var room = await ConnectionRoom.OpenAsync();
        var (_, client, _) = await room.SignInAsync();
        var request = CoapMessage.Request(CoapCode.Get, "/oic/rd").WithOption(option, (uint)value);
        request.Token = CoapToken.FromUInt64(7);
        client.Feed(request.ToBytes());
        var atOnce = client.Take().ToArray();

        // A query has it handled, and this one is the default.
        request.Options.Add(CoapOptionNumber.UriQuery, "if=oic.if.baseline");
        client.Feed(request.ToBytes());
        Assert.Equal(Convert.ToHexString(await client.TakeWrittenAsync()), Convert.ToHexString(atOnce));
    }

    [Theory]
    [InlineData(CoapOptionNumber.Accept, 99, 4, 6)]
    [InlineData(CoapOptionNumber.IfMatch, 1, 4, 2)]
    [InlineData(CoapOptionNumber.Accept, CoapContentFormat.Json, 2, 5)]
    public async Task What_asks_for_more_is_handled(CoapOptionNumber option, int value, int codeClass, int detail)
    {
        await using var room = await ConnectionRoom.OpenAsync();
        var (_, client, _) = await room.SignInAsync();
        client.Feed(CoapMessage.Request(CoapCode.Get, "/oic/rd").WithOption(option, (uint)value).ToBytes());
        Assert.Equal(new CoapCode(codeClass, detail), FedStream.Read(await client.TakeWrittenAsync()).Code);
    }
}
