using System.Text;
using OcfCloud.Core.Devices;
using OcfCloud.Core.Events;
using OcfCloud.Core.Tests.Support;
using OcfCloud.Storage.PostgreSql;

namespace OcfCloud.Core.Tests.Events;

public class HintCodecTests
{
    private static readonly Guid Sender = Guid.NewGuid();

    [Theory, InlineData(0), InlineData(1), InlineData(11), InlineData(256)]
    public void Hints_come_through_in_payloads_below_8000_bytes(int count)
    {
        Hint[] hints = [.. Enumerable.Range(0, count).Select(i => new Hint((EventKind)(1 + (i % 7)), UserId.New(), i % 3 == 0 ? null : CloudNode.NewDevice(), i * 1_000_000_000_000L))];

        var payloads = HintCodec.Encode(Sender, hints);

        Assert.InRange(payloads.Count, 1, HintCodec.MaxPayloads);
        Assert.All(payloads, payload => Assert.InRange(Encoding.UTF8.GetByteCount(payload), 32, 7999));
        Assert.All(payloads, payload => Assert.Equal(Sender, HintCodec.Decode(payload).Sender));
        Assert.Equal(hints, payloads.SelectMany(payload => HintCodec.Decode(payload).Hints));
    }

    [Fact]
    public void What_does_not_fit_into_ten_payloads_is_everything_changed()
    {
        Hint[] hints = [.. Enumerable.Range(0, 5000).Select(i => new Hint(EventKind.DeviceOnline, UserId.New(), CloudNode.NewDevice(), i))];

        var (sender, decoded) = HintCodec.Decode(Assert.Single(HintCodec.Encode(Sender, hints)));

        Assert.Equal(Sender, sender);
        Assert.Equal([Hint.Everything], decoded);
    }

    [Theory]
    [InlineData("")]
    [InlineData("nonsense")]
    [InlineData("\n")]
    [InlineData("00000000000000000000000000000001\n3")]
    [InlineData("00000000000000000000000000000001\n3 00000000000000000000000000000001 - x")]
    [InlineData("00000000000000000000000000000001\n3 00000000000000000000000000000001 x 0")]
    [InlineData("00000000000000000000000000000001\n3 00000000000000000000000000000001 - 0 another release's member")]
    public void What_cannot_be_read_is_everything_changed(string payload) => Assert.Equal([Hint.Everything], HintCodec.Decode(payload).Hints);
}
