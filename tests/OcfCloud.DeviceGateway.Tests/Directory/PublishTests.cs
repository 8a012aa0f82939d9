using System.Text.Json;
using OcfCloud.Coap;
using OcfCloud.Core.Devices;
using OcfCloud.DeviceGateway.Tests.Resources;
using static OcfCloud.DeviceGateway.Tests.Directory.DirectoryRoom;

namespace OcfCloud.DeviceGateway.Tests.Directory;

/// <summary>device-to-cloud.md, 6: POST.</summary>
public sealed class PublishTests
{
    [Fact]
    public async Task The_answer_gives_every_link_its_number()
    {
        await using var room = await OpenAsync();

        var answer = await room.PublishAsync(Link("/light"), Link("/oic/d", "oic.wk.d", "oic.d.light"));

        Assert.False(answer.ClosesConnection);
        var body = Cbor.DecodeMap(answer.Message.Payload);
        Assert.Equal(["di", "links", "ttl"], body.Keys);
        Assert.Equal(room.Device.ToString(), body["di"]);
        Assert.Equal(0L, body["ttl"]);
        var links = LinksOf(answer);
        Assert.Equal(["href", "rt", "if", "p", "ins"], links[0].Keys);
        Assert.Equal("/light", links[0]["href"]);
        Assert.Equal(["oic.wk.d", "oic.d.light"], (List<object?>)links[1]["rt"]!);
        Assert.Equal([1L, 2L], links.Select(l => l["ins"]));
        Assert.Equal(1, room.Caller.Publishes);
    }

    [Fact]
    public async Task A_link_that_is_published_again_keeps_its_number()
    {
        await using var room = await OpenAsync();
        var first = LinksOf(await room.PublishAsync(Link("/a"), Link("/b")));

        var second = LinksOf(await room.PublishAsync(Link("/b", "oic.r.other"), Link("/c")));

        Assert.Equal(first[1]["ins"], second[0]["ins"]);
        Assert.Equal(["/a", "/b", "/c"], (await room.StoredAsync()).Select(l => l.Link.Href.Value));
        Assert.Equal(["oic.r.other"], (await room.StoredAsync())[1].Link.Rt);
    }

    [Theory]
    [InlineData(null, false)]
    [InlineData(10000, true)]
    [InlineData(60, false)]
    [InlineData(50, false)]
    public async Task Bodies_of_every_format_and_of_indefinite_length_are_read(int? format, bool indefinite)
    {
        await using var room = await OpenAsync();

        var answer = await room.Room.PostAsync(room.Caller, PublishPath, room.Body(Link("/light")), format, indefinite);

        Assert.Equal(1L, LinksOf(answer)[0]["ins"]);
        Assert.Equal(3, Assert.Single(await room.StoredAsync()).Link.Bm);
    }

    [Fact]
    public async Task What_devices_publish_beyond_the_schema_is_taken()
    {
        await using var room = await OpenAsync();
        var link = Link($"/{DeviceId.New()}/light").With("if", new[] { "whatever" }).With("rel", new[] { "hosts", "item" }).With("ins", uint.MaxValue).Without("p")
            .With("anchor", "ocf://elsewhere").With("di", DeviceId.New().ToString()).With("eps", new[] { new Fields { ["ep"] = "coaps://192.0.2.7:1" } })
            .With("x", new byte[] { 1, 2 }).With("more", new[] { new Fields() }).With("title", "Lamp");

        var answer = await room.PublishAsync(link);

        var members = LinksOf(answer)[0];
        Assert.Equal(["href", "rel", "title", "x", "rt", "if", "p", "ins"], members.Keys);
        Assert.Equal(1L, members["ins"]);
        Assert.Equal(1, Assert.Single(await room.StoredAsync()).Link.Bm);
    }

    [Fact]
    public async Task A_device_that_does_not_take_so_much_hears_the_numbers_alone()
    {
        await using var room = await OpenAsync();
        var links = Enumerable.Range(0, 20).Select(i => Link($"/{i}").With("title", new string('t', 400))).ToArray<object?>();
        room.Caller.MaxMessageSize = 8192;

        var answer = await room.PublishAsync(links);

        Assert.True(answer.Message.MaxSize <= 8192);
        Assert.All(LinksOf(answer), link => Assert.Equal(["href", "ins"], link.Keys));
        Assert.Equal(20, (await room.StoredAsync()).Count);
    }

    [Fact]
    public async Task An_answer_that_JSON_cannot_express_is_of_the_numbers_alone()
    {
        await using var room = await OpenAsync();
        var request = CoapMessage.Request(CoapCode.Post, PublishPath)
            .WithPayload(Cbor.Encode(room.Body(Link("/a").With("x", new byte[] { 1 }))), 10000).WithOption(CoapOptionNumber.Accept, 50);

        var answer = await room.Room.AskAsync(room.Caller, request);

        using var json = JsonDocument.Parse(answer.Message.Payload);
        Assert.Equal("""[{"href":"/a","ins":1}]""", json.RootElement.GetProperty("links").GetRawText());
    }

    [Fact]
    public async Task A_ttl_ends_a_link_unless_it_is_published_again()
    {
        await using var room = await OpenAsync();
        var body = room.Body(Link("/a")).With("ttl", 60);
        Assert.Equal(60L, Cbor.DecodeMap((await room.Room.PostAsync(room.Caller, PublishPath, body)).Message.Payload)["ttl"]);
        room.Room.Time.Advance(TimeSpan.FromSeconds(59));
        await room.Room.PostAsync(room.Caller, PublishPath, body);
        room.Room.Time.Advance(TimeSpan.FromSeconds(59));
        Assert.Single(await room.StoredAsync());
        room.Room.Time.Advance(TimeSpan.FromSeconds(1));
        Assert.Empty(await room.StoredAsync());
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(long.MaxValue)]
    public async Task A_ttl_without_an_end_ends_nothing(long ttl)
    {
        await using var room = await OpenAsync();
        Assert.Single(LinksOf(await room.Room.PostAsync(room.Caller, PublishPath, room.Body(Link("/a")).With("ttl", ttl))));
        room.Room.Time.Advance(TimeSpan.FromDays(10_000));
        Assert.Single(await room.StoredAsync());
    }

    [Fact]
    public async Task The_longest_values_are_taken()
    {
        await using var room = await OpenAsync();
        var link = Link("/" + new string('h', 218), new string('r', 64)).With("if", new[] { new string('i', 64) });
        Assert.Single(LinksOf(await room.PublishAsync(link)));
    }
}
