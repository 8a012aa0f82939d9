using OcfCloud.Coap;
using OcfCloud.DeviceGateway.Observations;

namespace OcfCloud.DeviceGateway.Tests.Observations;

public sealed class NotificationTests
{
    [Fact]
    public void What_a_device_says_of_a_value_s_age_and_tag_reaches_its_observers()
    {
        var said = CoapMessage.Response(CoapCode.Content).WithOption(CoapOptionNumber.MaxAge, 30).WithPayload(new byte[] { 0xa0 }, CoapContentFormat.OcfCbor);
        said.Options.Add(CoapOptionNumber.ETag, new byte[] { 1, 2, 3 });
        Assert.Equal(CoapFrameStatus.Complete, CoapFrameReader.Read(said.ToBytes(), 1024, out var answer, out _));
        var value = new ObservedValue();
        value.Set(answer, CoapContentFormat.OcfCbor);

        var notification = new Notification(value, CoapToken.FromUInt64(7), sequence: 2, addsVersion: true);
        var buffer = new byte[notification.MaxSize];
        var length = notification.Write(buffer);

        Assert.Equal(CoapFrameStatus.Complete, CoapFrameReader.Read(buffer.AsSpan(0, length), 1024, out var frame, out _));
        var sent = CoapMessage.From(frame);
        Assert.Equal(30u, sent.MaxAge);
        Assert.Equal(2u, sent.Observe);
        Assert.Equal<byte>([1, 2, 3], sent.Options.All(CoapOptionNumber.ETag).Single().ToArray());
        Assert.Equal<byte>([0xa0], sent.Payload.ToArray());
    }
}
