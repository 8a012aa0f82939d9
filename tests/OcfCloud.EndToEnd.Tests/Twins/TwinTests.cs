using System.Collections.Concurrent;
using OcfCloud.EndToEnd.Devices;
using OcfCloud.EndToEnd.Harness;
using OcfCloud.EndToEnd.Wire;

namespace OcfCloud.EndToEnd.Twins;

/// <summary>device-to-cloud.md, 10: what the cloud itself asks a device for.</summary>
public sealed class TwinTests(CuriousCloud fixture) : IClassFixture<CuriousCloud>
{
    private Cloud Cloud => fixture.Cloud;

    private CloudUser User => fixture.User;

    [Fact]
    public async Task After_a_sign_in_observable_resources_are_observed_and_others_read_once()
    {
        await using var device = new TestDevice(Cloud, ("/light", "oic.r.light"), ("/plain", "oic.r.plain"), ("/oic/d", "oic.wk.d"));
        device.Resources[1].Bm = 1;
        device.Resources[2].Bm = 1;
        device.Resources[2].Change(new Dictionary<string, object?> { ["n"] = "Lamp of the hall" });
        await device.ConnectAsync();
        await device.SignUpAsync(await User.CreateDeviceTokenAsync(device.Id));
        await device.SignInAsync();
        await device.PublishAsync();
        await Eventually.EqualAsync(1, () => Task.FromResult(device.Resources[0].ObserverCount));
        await Eventually.EqualAsync("Lamp of the hall", async () => (await User.FindDeviceAsync(device.Id))?.Name);
        var listed = (await Cloud.ArrangeAsync("device", "list", "--json")).Succeeded().Json.EnumerateArray().Single(d => d.GetProperty("di").GetGuid() == device.Id);
        Assert.Equal("Lamp of the hall", listed.GetProperty("name").GetString());

        // Again after a return: the same, and nothing twice.
        await device.ReturnAsync();
        await Eventually.EqualAsync(1, () => Task.FromResult(device.Resources[0].ObserverCount));
        await Eventually.EqualAsync("/light 0,/oic/d,/oic/p,/plain", () => Task.FromResult(Asked(device)));
        await device.Connection.PingAsync();
        Assert.Equal(4, device.Connection.Received.Count(m => m.IsRequest));
        Assert.All(device.Connection.Received.Where(m => m.IsRequest), m => Assert.Equal(8, m.Token.Length));
    }

    [Fact]
    public async Task A_changed_name_is_seen_by_an_observation()
    {
        await using var device = new TestDevice(Cloud, ("/oic/d", "oic.wk.d"));
        device.Resources[0].Change(new Dictionary<string, object?> { ["n"] = "Before" });
        await device.JoinAsync(User);
        await Eventually.EqualAsync("Before", async () => (await User.FindDeviceAsync(device.Id))?.Name);
        device.Resources[0].Change(new Dictionary<string, object?> { ["n"] = "After" });
        await Eventually.EqualAsync("After", async () => (await User.FindDeviceAsync(device.Id))?.Name);

        // It is kept while the device is away.
        device.Connection.Reset();
        await Eventually.EqualAsync("offline", () => User.StatusOfAsync(device.Id));
        Assert.Equal("After", (await User.FindDeviceAsync(device.Id))!.Name);
    }

    [Fact]
    public async Task At_most_two_requests_are_in_flight_on_a_device()
    {
        await using var device = new TestDevice(Cloud, [.. Enumerable.Range(0, 12).Select(i => ($"/r{i}", "oic.r.many"))]);
        foreach (var resource in device.Resources)
        {
            resource.Bm = 1;
        }

        await device.JoinAsync(User);
        await device.ConnectAsync();
        var waiting = new ConcurrentQueue<WireMessage>();
        device.Connection.OnRequest = request =>
        {
            waiting.Enqueue(request);
            return null;
        };
        await device.SignInAsync();
        for (var answered = 0; answered < 14; answered++)
        {
            await device.NextRequestAsync();
            if (answered == 0)
            {
                await device.NextRequestAsync();
            }

            // What else the cloud wants to ask now would be there with the Pong.
            await device.Connection.PingAsync();
            Assert.InRange(waiting.Count, 1, 2);
            Assert.True(waiting.TryDequeue(out var request));
            await device.Connection.SendAsync(WireRequest.Answer(request, "2.05", Cbor.Map(("value", answered))));
            if (answered == 12)
            {
                break;
            }
        }
    }

    [Fact]
    public async Task A_device_that_does_not_answer_is_left_in_peace()
    {
        await using var device = new TestDevice(Cloud, [.. Enumerable.Range(0, 12).Select(i => ($"/r{i}", "oic.r.silent"))]);
        await using var witness = new TestDevice(Cloud, ("/light", "oic.r.light"));
        await device.JoinAsync(User);
        await device.ConnectAsync();
        device.Connection.OnRequest = _ => null;
        await device.SignInAsync();
        await device.NextRequestAsync();

        // Twice the wait later, by the cloud's own clock, it was asked for nothing more.
        await witness.JoinAsync(User);
        for (var i = 0; i < 2; i++)
        {
            witness.Connection.OnRequest = _ => null;
            Assert.Equal("5.04", (await witness.RequestAsync("GET", witness.PathOf("/light"))).CodeText);
        }

        await device.Connection.PingAsync();
        Assert.InRange(device.Connection.Received.Count(m => m.IsRequest), 1, 2);
        await Eventually.EqualAsync("online", () => User.StatusOfAsync(device.Id));
    }

    [Fact]
    public async Task A_device_that_offers_its_resources_as_one_batch_is_observed_once()
    {
        await using var device = new TestDevice(Cloud, ("/oic/d", "oic.wk.d"), ("/light", "oic.r.light"));
        await device.ConnectAsync();
        await device.SignUpAsync(await User.CreateDeviceTokenAsync(device.Id));
        WireMessage? registration = null;
        device.Connection.OnRequest = request =>
        {
            if (request.Queries.Contains("if=oic.if.b"))
            {
                registration = request;
                return WireRequest.Answer(request, "2.05", Batch("In one"), observe: 5);
            }

            return request.Path == "/oic/res" ? WireRequest.Answer(request, "2.05", Cbor.Encode(new[] { BatchLink(device) })) : WireRequest.Answer(request, "4.04");
        };
        await device.SignInAsync();
        await device.PublishAsync();
        await Eventually.EqualAsync("In one", async () => (await User.FindDeviceAsync(device.Id))?.Name);
        await device.Connection.SendAsync(WireRequest.Answer(registration!, "2.05", Batch("Changed"), observe: 6));
        await Eventually.EqualAsync("Changed", async () => (await User.FindDeviceAsync(device.Id))?.Name);
        Assert.DoesNotContain(device.Connection.Received, m => m.IsRequest && m.Path == "/light");
    }

    [Fact]
    public async Task The_twin_of_a_device_can_be_turned_off_and_on()
    {
        await using var device = new TestDevice(Cloud, ("/oic/d", "oic.wk.d"));
        device.Resources[0].Change(new Dictionary<string, object?> { ["n"] = "Private" });
        await device.JoinAsync(User);
        await Eventually.EqualAsync("Private", async () => (await User.FindDeviceAsync(device.Id))?.Name);
        await User.SetTwinAsync(device.Id, false);
        await Eventually.EqualAsync(0, () => Task.FromResult(device.Resources[0].ObserverCount));
        device.Resources[0].Change(new Dictionary<string, object?> { ["n"] = "Very private" });

        var listed = (await User.FindDeviceAsync(device.Id))!;
        Assert.False(listed.Twin);
        Assert.Null(listed.Name);
        await device.ReturnAsync();
        Assert.Equal("2.05", (await device.RequestAsync("GET", "/oic/rd")).CodeText);
        await device.Connection.PingAsync();
        Assert.DoesNotContain(device.Connection.Received, m => m.IsRequest);

        await User.SetTwinAsync(device.Id, true);
        await Eventually.EqualAsync("Very private", async () => (await User.FindDeviceAsync(device.Id))?.Name);
    }

    private static byte[] Batch(string name) => Cbor.Encode(new[]
    {
        new Dictionary<string, object?> { ["href"] = "/oic/d", ["rep"] = new Dictionary<string, object?> { ["n"] = name } },
        new Dictionary<string, object?> { ["href"] = "/light", ["rep"] = new Dictionary<string, object?> { ["value"] = true } },
    });

    private static Dictionary<string, object?> BatchLink(TestDevice device) => new()
    {
        ["anchor"] = $"ocf://{device.Id}",
        ["href"] = "/oic/res",
        ["rt"] = new[] { "oic.wk.res" },
        ["if"] = new[] { "oic.if.ll", "oic.if.b", "oic.if.baseline" },
        ["p"] = new Dictionary<string, object?> { ["bm"] = 3 },
    };

    private static string Asked(TestDevice device) => string.Join(',', device.Connection.Received.Where(m => m.IsRequest)
        .Select(m => m.Find(WireOption.Observe) is { } observe ? $"{m.Path} {observe}" : m.Path).Order(StringComparer.Ordinal));
}
