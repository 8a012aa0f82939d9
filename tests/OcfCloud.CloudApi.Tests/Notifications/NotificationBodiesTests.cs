using System.Formats.Cbor;
using System.Text;
using OcfCloud.CloudApi.Notifications;
using OcfCloud.Core.Devices;
using OcfCloud.Core.Directory;
using OcfCloud.Core.Subscriptions;
using OcfCloud.Core.Twins;

namespace OcfCloud.CloudApi.Tests.Notifications;

/// <summary>Bodies as cloud-to-cloud.md, 1.4 says.</summary>
public sealed class NotificationBodiesTests
{
    private static readonly DeviceId Device = new(new Guid("5a2c9e7e-6d8f-4a35-9f6a-6f6d3f0f6b11"));

    private readonly NotificationBodies _bodies = new();

    [Fact]
    public void Devices_are_a_list_of_ids()
    {
        Assert.Equal(("application/json", $"[{{\"di\":\"{Device}\"}}]"), Text(_bodies.Devices([Device], NotificationEncoding.Json)));
        Assert.Equal(("application/json", "[]"), Text(_bodies.Devices([], NotificationEncoding.Json)));
        var cbor = _bodies.Devices([Device], NotificationEncoding.Cbor);
        Assert.Equal("application/vnd.ocf+cbor", cbor.ContentType);
        Assert.Equal("81A1626469", Convert.ToHexString(cbor.Bytes.Span)[..10]);
    }

    [Fact]
    public void Links_are_whole_and_below_the_device_s_id()
    {
        Assert.True(ResourceHref.TryParse("/light", out var href));
        Assert.True(ResourceLink.TryCreate(href, ["oic.r.light"], ["oic.if.a"], 3, [], out var link));
        Assert.Equal(
            ("application/json", $"[{{\"href\":\"/{Device}/light\",\"rt\":[\"oic.r.light\"],\"if\":[\"oic.if.a\"],\"p\":{{\"bm\":3}}}}]"),
            Text(_bodies.Links(Device, [link], NotificationEncoding.Json)));
        Assert.Equal("80", Convert.ToHexString(_bodies.Links(Device, [], NotificationEncoding.Cbor).Bytes.Span));
    }

    [Fact]
    public void A_representation_is_itself()
    {
        var writer = new CborWriter();
        writer.WriteStartMap(1);
        writer.WriteTextString("value");
        writer.WriteBoolean(true);
        writer.WriteEndMap();
        var cbor = writer.Encode();
        Assert.Equal(("application/json", "{\"value\":true}"), Text(_bodies.Representation(Of(cbor, 10000), NotificationEncoding.Json)));
        var same = _bodies.Representation(Of(cbor, 10000), NotificationEncoding.Cbor);
        Assert.Equal(("application/vnd.ocf+cbor", Convert.ToHexString(cbor)), (same.ContentType, Convert.ToHexString(same.Bytes.Span)));
    }

    [Theory]
    [InlineData("FF00", 10000, "application/vnd.ocf+cbor")]
    [InlineData("FF00", 60, "application/cbor")]
    [InlineData("FF00", 42, "application/octet-stream")]
    public void One_that_cannot_be_written_goes_out_as_it_came(string bytes, int contentFormat, string mediaType)
    {
        var body = _bodies.Representation(Of(Convert.FromHexString(bytes), contentFormat), NotificationEncoding.Json);
        Assert.Equal((mediaType, bytes), (body.ContentType, Convert.ToHexString(body.Bytes.Span)));
    }

    private static TwinRepresentation Of(byte[] representation, int contentFormat) => new(Device, "/light", representation, contentFormat, default);

    private static (string?, string) Text(NotificationBody body) => (body.ContentType, Encoding.UTF8.GetString(body.Bytes.Span));
}
