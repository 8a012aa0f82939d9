using System.Threading.Channels;
using OcfCloud.EndToEnd.Wire;

namespace OcfCloud.EndToEnd.Devices;

/// <summary>One observation of a client: the answers to it in their order.</summary>
internal sealed class Notifications(WireMessage registration, ChannelReader<WireMessage> messages)
{
    public byte[] Token => registration.Token;

    /// <summary>The next one, which has to come.</summary>
    public async Task<WireMessage> NextAsync() =>
        await messages.ReadAsync(TestContext.Current.CancellationToken).AsTask().WaitAsync(WireConnection.Deadline, TestContext.Current.CancellationToken);

    /// <summary>The next one's map.</summary>
    public async Task<Dictionary<string, object?>> NextMapAsync()
    {
        var message = await NextAsync();
        Assert.Equal("2.05", message.CodeText);
        return Cbor.DecodeMap(message.Payload);
    }

    /// <summary>Nothing came since the last one that was read; for after a barrier.</summary>
    public void NothingMore() => Assert.False(messages.TryRead(out var more), more is null ? "" : $"There was a {more.CodeText} more.");

    /// <summary>The same request with Observe 1 and the registration's token (RFC 7641, 3.6).</summary>
    public WireMessage Cancellation() => registration with { Options = [.. registration.Options.Where(o => o.Number != WireOption.Observe), WireOption.OfNumber(WireOption.Observe, 1)] };
}
