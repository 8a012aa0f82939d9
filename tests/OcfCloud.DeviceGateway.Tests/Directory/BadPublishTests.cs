using OcfCloud.Coap;
using OcfCloud.Core.Devices;
using OcfCloud.DeviceGateway.Tests.Resources;
using static OcfCloud.DeviceGateway.Tests.Directory.DirectoryRoom;

namespace OcfCloud.DeviceGateway.Tests.Directory;

/// <summary>device-to-cloud.md, 6: nothing of a bad request is stored.</summary>
public sealed class BadPublishTests
{
    public static TheoryData<string, object?> BadFields => new()
    {
        { "di", null },
        { "di", 1 },
        { "di", "" },
        { "di", "00000000-0000-0000-0000-00000000000" },
        { "di", "{00000000-0000-0000-0000-000000000001}" },
        { "links", null },
        { "links", 1 },
        { "links", "" },
        { "links", new Fields() },
        { "links", Array.Empty<object>() },
        { "links", new object?[] { 1 } },
        { "links", new object?[] { null } },
        { "links", new object?[] { new Fields() } },
        { "links", new object?[] { new[] { "href" } } },
        { "ttl", null },
        { "ttl", "60" },
        { "ttl", 1.5 },
        { "ttl", true },
        { "ttl", -2 },
        { "ttl", long.MinValue },
    };

    public static TheoryData<string, object?> BadLinkFields => new()
    {
        { "href", null },
        { "href", 1 },
        { "href", "" },
        { "href", "light" },
        { "href", "coap://elsewhere/light" },
        { "href", "/light?x=y" },
        { "href", "/light#x" },
        { "href", "/a\0b" },
        { "href", "/" + new string('h', 219) },
        { "rt", null },
        { "rt", 1 },
        { "rt", "oic.r.light" },
        { "rt", Array.Empty<object>() },
        { "rt", new object?[] { 1 } },
        { "rt", new object?[] { "oic.r.light", null } },
        { "rt", new[] { "" } },
        { "rt", new[] { new string('r', 65) } },
        { "rt", Enumerable.Repeat("x", 1000).ToArray() },
        { "if", null },
        { "if", "oic.if.a" },
        { "if", Array.Empty<object>() },
        { "if", new object?[] { true } },
        { "if", new[] { "" } },
        { "if", new[] { new string('i', 65) } },
        { "p", null },
        { "p", 3 },
        { "p", new Fields() },
        { "p", new Fields { ["bm"] = null } },
        { "p", new Fields { ["bm"] = "3" } },
        { "p", new Fields { ["bm"] = -1 } },
        { "p", new Fields { ["bm"] = 256 } },
        { "ins", "1" },
        { "ins", -1 },
        { "ins", 4_294_967_296L },
        { "title", new string('t', 5000) },
    };

    [Theory]
    [MemberData(nameof(BadFields))]
    public async Task A_field_that_is_wrong_is_4_00(string field, object? value)
    {
        await using var room = await OpenAsync();
        await AssertRefusedAsync(room, room.Body(Link("/a")).With(field, value), CoapCode.BadRequest, field);
    }

    [Theory]
    [InlineData("di")]
    [InlineData("links")]
    [InlineData("ttl")]
    public async Task A_field_that_is_missing_is_4_00(string field)
    {
        await using var room = await OpenAsync();
        await AssertRefusedAsync(room, room.Body(Link("/a")).Without(field), CoapCode.BadRequest, field);
    }

    [Theory]
    [MemberData(nameof(BadLinkFields))]
    public async Task A_field_of_the_last_link_that_is_wrong_is_4_00(string field, object? value)
    {
        await using var room = await OpenAsync();
        await AssertRefusedAsync(room, room.Body(Link("/a"), Link("/b"), Link("/c").With(field, value)), CoapCode.BadRequest, "links[2]");
    }

    [Theory]
    [InlineData("href")]
    [InlineData("rt")]
    [InlineData("if")]
    public async Task A_field_of_a_link_that_is_missing_is_4_00(string field)
    {
        await using var room = await OpenAsync();
        await AssertRefusedAsync(room, room.Body(Link("/a"), Link("/b").Without(field)), CoapCode.BadRequest, field);
    }

    [Fact]
    public async Task A_link_with_too_many_parameters_is_4_00()
    {
        await using var room = await OpenAsync();
        var link = Link("/a");
        for (var i = 0; i < 40; i++) link = link.With($"x{i}", i);
        await AssertRefusedAsync(room, room.Body(link), CoapCode.BadRequest, "links[0]");
    }

    [Theory]
    [MemberData(nameof(BadBodies.Names), MemberType = typeof(BadBodies))]
    public async Task A_body_that_is_no_map_is_4_00(string body)
    {
        await using var room = await OpenAsync();
        Assert.Equal(CoapCode.BadRequest, (await room.Room.PostBytesAsync(room.Caller, PublishPath, BadBodies.Get(body))).Message.Code);
        Assert.Empty(await room.StoredAsync());
    }

    [Fact]
    public async Task A_link_that_has_a_key_twice_is_4_00()
    {
        await using var room = await OpenAsync();
        var twice = new Cbor.Encoded([0xa2, 0x64, .. "href"u8, 0x62, .. "/a"u8, 0x64, .. "href"u8, 0x62, .. "/b"u8]);
        await AssertRefusedAsync(room, room.Body(twice), CoapCode.BadRequest, null);
    }

    [Fact]
    public async Task Another_device_is_4_01()
    {
        await using var room = await OpenAsync();
        var other = DeviceId.New();
        await room.Room.RegisterAsync(room.Caller.Session!.User, other);
        await AssertRefusedAsync(room, room.Body(Link("/a")).With("di", other.ToString()), CoapCode.Unauthorized, "di");
        Assert.Empty(await room.Room.Directory.OfDeviceAsync(other, TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task A_device_that_is_removed_is_4_01()
    {
        await using var room = await OpenAsync();
        await room.Room.Accounts.RemoveAsync(room.Device, null, TestContext.Current.CancellationToken);
        await AssertRefusedAsync(room, room.Body(Link("/a")), CoapCode.Unauthorized, "di");
    }

    [Fact]
    public async Task More_links_than_a_device_may_have_are_4_00()
    {
        await using var room = await OpenAsync();
        await AssertRefusedAsync(room, room.Body([.. Enumerable.Range(0, 21).Select(i => Link($"/{i}"))]), CoapCode.BadRequest, "links");
    }

    [Fact]
    public async Task Without_a_session_nothing_is_published()
    {
        await using var room = await OpenAsync();
        Assert.Equal(CoapCode.Unauthorized, (await room.Room.PostAsync(new TestCaller(), PublishPath, room.Body(Link("/a")))).Message.Code);
        Assert.Empty(await room.StoredAsync());
    }

    private static async Task AssertRefusedAsync(DirectoryRoom room, Fields body, CoapCode code, string? field)
    {
        var answer = await room.Room.PostAsync(room.Caller, PublishPath, body);
        Assert.Equal(code, answer.Message.Code);
        Assert.False(answer.ClosesConnection);
        Assert.Null(answer.Message.ContentFormat);
        if (field is not null) Assert.Contains($"\"{field}", answer.Message.Diagnostic, StringComparison.Ordinal);
        Assert.Equal(0, room.Caller.Publishes);
        Assert.Empty(await room.StoredAsync());
    }
}
