using OcfCloud.Coap;
using OcfCloud.Core.Devices;
using OcfCloud.DeviceGateway.Tests.Resources;
using static OcfCloud.DeviceGateway.Tests.Directory.DirectoryRoom;

namespace OcfCloud.DeviceGateway.Tests.Directory;

/// <summary>device-to-cloud.md, 6: DELETE and GET.</summary>
public sealed class UnpublishTests
{
    [Fact]
    public async Task The_named_links_leave_the_directory()
    {
        await using var room = await OpenAsync();
        await room.PublishAsync(Link("/a"), Link("/b"), Link("/c"));

        var answer = await room.Room.DeleteAsync(room.Caller, $"/oic/rd?di={room.Device.ToString().ToUpperInvariant()}&ins=1&ins=3&ins=77&rt=x");

        Assert.Equal(CoapCode.Deleted, answer.Message.Code);
        Assert.Equal(["/b"], (await room.StoredAsync()).Select(l => l.Link.Href.Value));
    }

    [Fact]
    public async Task Without_numbers_all_links_leave_the_directory()
    {
        await using var room = await OpenAsync();
        await room.PublishAsync(Link("/a"), Link("/b"));
        Assert.Equal(CoapCode.Deleted, (await room.Room.DeleteAsync(room.Caller, $"/oic/rd?di={room.Device}")).Message.Code);
        Assert.Empty(await room.StoredAsync());
        Assert.Equal(CoapCode.NotFound, (await room.Room.DeleteAsync(room.Caller, $"/oic/rd?di={room.Device}")).Message.Code);
    }

    [Theory]
    [InlineData("4.04", "di={0}&ins=2")]
    [InlineData("4.04", "di={0}&ins=0")]
    [InlineData("4.04", "di={0}&ins=4294967297")]
    [InlineData("4.00", "di={0}&ins=x")]
    [InlineData("4.00", "di={0}&ins=1&ins=x")]
    [InlineData("4.00", "di={0}&ins=")]
    [InlineData("4.00", "di={0}&ins")]
    [InlineData("4.00", "di={0}&ins=-1")]
    [InlineData("4.00", "di={0}&ins=1,2")]
    [InlineData("4.00", "di={0}&ins= 1")]
    [InlineData("4.00", "di={0}&ins=99999999999999999999")]
    [InlineData("4.00", "di={0}&di={0}&ins=1")]
    [InlineData("4.00", "ins=1")]
    [InlineData("4.00", "")]
    [InlineData("4.00", "di=")]
    [InlineData("4.00", "di=1")]
    [InlineData("4.00", "di={{{0}}}")]
    [InlineData("4.00", "di={0}&if=oic.if.ll")]
    [InlineData("4.01", "di=00000000-0000-0000-0000-000000000001&ins=1")]
    public async Task A_query_that_names_nothing_removes_nothing(string code, string query)
    {
        await using var room = await OpenAsync();
        await room.PublishAsync(Link("/a"));

        var answer = await room.Room.DeleteAsync(room.Caller, "/oic/rd?" + string.Format(query, room.Device));

        Assert.Equal(code, answer.Message.Code.ToString());
        Assert.Null(answer.Message.ContentFormat);
        Assert.Single(await room.StoredAsync());
    }

    [Fact]
    public async Task A_device_removes_no_links_of_another()
    {
        await using var room = await OpenAsync();
        await room.PublishAsync(Link("/a"));
        var (other, _) = await room.Room.SignInAsync(room.Caller.Session!.User, DeviceId.New());
        Assert.Equal(CoapCode.Unauthorized, (await room.Room.DeleteAsync(other, $"/oic/rd?di={room.Device}")).Message.Code);
        Assert.Single(await room.StoredAsync());
    }

    [Fact]
    public async Task The_directory_says_how_good_it_is()
    {
        await using var room = await OpenAsync();

        var answer = await room.Room.GetAsync(room.Caller, "/oic/rd");

        Assert.Equal(CoapCode.Content, answer.Message.Code);
        var body = Cbor.DecodeMap(answer.Message.Payload);
        Assert.Equal(["oic.wk.rd"], (List<object?>)body["rt"]!);
        Assert.Equal(["oic.if.baseline"], (List<object?>)body["if"]!);
        Assert.InRange((long)body["sel"]!, 0, 100);
        Assert.Equal(CoapCode.Unauthorized, (await room.Room.GetAsync(new TestCaller(), "/oic/rd")).Message.Code);
    }
}
