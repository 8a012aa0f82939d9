using System.Text.Json.Nodes;
using System.Threading.Channels;
using OcfCloud.Coap;
using OcfCloud.Simulator.Tests.Support;

namespace OcfCloud.Simulator.Tests.Serving;

public sealed class RoutedRequestTests : IAsyncLifetime
{
    private readonly DeviceRoom _room = new();

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public ValueTask DisposeAsync() => _room.DisposeAsync();

    [Fact]
    public async Task Requests_are_answered_over_the_connection_to_the_cloud()
    {
        var connection = await _room.SignInAsync();

        var before = await connection.AskAsync(FakeRequests.Get("/light/switch"));
        var changed = await connection.AskAsync(FakeRequests.Post("/light/dimming", new JsonObject { ["dimmingSetting"] = 40 }));
        var after = await connection.AskAsync(FakeRequests.Get("/light/switch"));

        Assert.Equal("""{"value":false}""", FakeRequests.Json(before));
        Assert.Equal(CoapCode.Changed, changed.Code);
        Assert.Equal("""{"value":true}""", FakeRequests.Json(after));
    }

    [Fact]
    public async Task An_observer_gets_each_change_in_order_and_the_light_follows_its_dimmer()
    {
        var connection = await _room.SignInAsync();
        var seen = Channel.CreateUnbounded<string>();
        await using var observation = await connection.ObserveAsync(FakeRequests.Get("/light/switch"), n => seen.Writer.TryWrite(FakeRequests.Json(n)));

        await connection.AskAsync(FakeRequests.Post("/light/dimming", new JsonObject { ["dimmingSetting"] = 40 }));
        await connection.AskAsync(FakeRequests.Post("/light/switch", new JsonObject { ["value"] = true })); // no change, nothing to tell
        await connection.AskAsync(FakeRequests.Post("/light/switch", new JsonObject { ["value"] = false }));

        var told = new List<string>();
        while (told.Count < 3)
            told.Add(await seen.Reader.ReadAsync(TestContext.Current.CancellationToken));
        Assert.Equal(["""{"value":false}""", """{"value":true}""", """{"value":false}"""], told);
    }

    [Fact]
    public async Task A_cancelled_observation_tells_no_more()
    {
        var connection = await _room.SignInAsync();
        var told = 0;
        var observation = await connection.ObserveAsync(FakeRequests.Get("/light/switch"), _ => Interlocked.Increment(ref told));
        await observation.DisposeAsync();

        await connection.AskAsync(FakeRequests.Post("/light/switch", new JsonObject { ["value"] = true }));

        Assert.Equal(1, told);
    }

    [Fact]
    public async Task A_notification_carries_the_version_where_its_registration_spoke_of_it()
    {
        var connection = await _room.SignInAsync();
        var seen = Channel.CreateUnbounded<CoapMessage>();
        await using var observation = await connection.ObserveAsync(
            FakeRequests.Get("/light/switch").WithOption(CoapOptionNumber.OcfAcceptContentFormatVersion, 2048), n => seen.Writer.TryWrite(n));

        await connection.AskAsync(FakeRequests.Post("/light/switch", new JsonObject { ["value"] = true }));

        await seen.Reader.ReadAsync(TestContext.Current.CancellationToken);
        var notification = await seen.Reader.ReadAsync(TestContext.Current.CancellationToken);
        Assert.Equal(2048u, notification.Options.UInt32(CoapOptionNumber.OcfContentFormatVersion));
    }

    [Fact]
    public async Task A_batch_observer_gets_all_values_when_one_changes()
    {
        var connection = await _room.SignInAsync();
        var seen = Channel.CreateUnbounded<string>();
        await using var observation = await connection.ObserveAsync(FakeRequests.Get("/oic/res?if=oic.if.b"), n => seen.Writer.TryWrite(FakeRequests.Json(n)));

        await connection.AskAsync(FakeRequests.Post("/light/switch", new JsonObject { ["value"] = true }));

        var first = await seen.Reader.ReadAsync(TestContext.Current.CancellationToken);
        var second = await seen.Reader.ReadAsync(TestContext.Current.CancellationToken);
        Assert.Contains("""{"href":"/light/switch","rep":{"value":false}}""", first, StringComparison.Ordinal);
        Assert.Contains("""{"href":"/light/switch","rep":{"value":true}}""", second, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_large_answer_goes_in_blocks_of_the_size_that_was_asked_for()
    {
        var connection = await _room.SignInAsync();

        var answer = await connection.AskAsync(FakeRequests.Get("/oic/res").WithOption(CoapOptionNumber.Block2, new BlockOption(0, false, 2).Value));

        Assert.Equal(5, JsonNode.Parse(FakeRequests.Json(answer))!.AsArray().Count);
    }
}
