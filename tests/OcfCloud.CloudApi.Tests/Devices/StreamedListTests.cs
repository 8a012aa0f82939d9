using System.Net.Sockets;
using System.Text;
using OcfCloud.Core.Devices;

namespace OcfCloud.CloudApi.Tests.Devices;

/// <summary>A list of any length costs the memory of a page: it goes out while the rest is still in the store.</summary>
public sealed class StreamedListTests
{
    private const int Devices = 160, Bytes = 60_000;

    [Fact]
    public async Task A_list_begins_before_its_last_page_is_read_and_a_store_that_fails_on_the_way_leaves_it_without_an_end()
    {
        var cancellation = TestContext.Current.CancellationToken;
        await using var host = await CloudApiHost.StartAsync();
        var user = await host.AddUserAsync("alice");
        await FillAsync(host, user);
        using var handler = new SocketsHttpHandler { ConnectCallback = ConnectNarrowAsync };
        using var client = new HttpClient(handler) { BaseAddress = host.Http.BaseAddress };
        client.DefaultRequestHeaders.Authorization = new("Bearer", await host.TokenAsync(user, "r:*"));

        // All of it, read as fast as it comes; then one that is left alone after its first bytes.
        Assert.Equal(Devices, await CountAsync(await client.GetStreamAsync("/api/v1/devices?content=all", cancellation)));
        using var answer = await client.GetAsync("/api/v1/devices?content=all", HttpCompletionOption.ResponseHeadersRead, cancellation);
        await using var body = await answer.Content.ReadAsStreamAsync(cancellation);
        var first = new byte[1_000];
        await body.ReadExactlyAsync(first, cancellation);
        host.BreakStore();

        Assert.StartsWith("[{\"device\":", Encoding.UTF8.GetString(first), StringComparison.Ordinal);
        await Assert.ThrowsAnyAsync<IOException>(() => body.CopyToAsync(Stream.Null, cancellation));
    }

    private static async Task FillAsync(CloudApiHost host, UserId user)
    {
        // {"v": h'00…'}: what the twin keeps of one resource at most.
        var representation = new byte[Bytes];
        new byte[] { 0xa1, 0x61, 0x76, 0x59, (Bytes - 6) >> 8, (Bytes - 6) & 0xff }.CopyTo(representation, 0);
        for (var i = 0; i < Devices; i++)
        {
            var (device, token, _) = await host.AddDeviceTokensAsync(user);
            await host.KnowAsync(device, user, token, ("/oic/d", representation));
        }
    }

    // So that little is under way between the two.
    private static async ValueTask<Stream> ConnectNarrowAsync(SocketsHttpConnectionContext context, CancellationToken cancellationToken)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true, ReceiveBufferSize = 16_384 };
        await socket.ConnectAsync(context.DnsEndPoint, cancellationToken);
        return new NetworkStream(socket, ownsSocket: true);
    }

    private static async Task<int> CountAsync(Stream json)
    {
        await using (json)
        {
            var count = 0;
            await foreach (var _ in System.Text.Json.JsonSerializer.DeserializeAsyncEnumerable<System.Text.Json.JsonElement>(json, cancellationToken: TestContext.Current.CancellationToken)) count++;
            return count;
        }
    }
}
