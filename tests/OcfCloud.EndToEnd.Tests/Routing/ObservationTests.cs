using System.Net;
using OcfCloud.EndToEnd.Devices;
using OcfCloud.EndToEnd.Harness;
using OcfCloud.EndToEnd.Wire;

namespace OcfCloud.EndToEnd.Routing;

/// <summary>device-to-cloud.md, 8: clients observe resources of devices, whatever happens to either.</summary>
public sealed class ObservationTests(QuietCloud fixture) : IClassFixture<QuietCloud>
{
    private Cloud Cloud => fixture.Cloud;

    private CloudUser User => fixture.User;

    [Fact]
    public async Task An_observer_that_does_not_read_holds_nobody_and_is_given_the_newest_value_when_it_reads_again()
    {
        await using var pair = await Pair.JoinAsync(fixture.User);
        await using var slow = new TestDevice(fixture.Cloud);
        await slow.JoinAsync(fixture.User, new WireOptions { ReceiveBuffer = 4096 });
        var read = await pair.Client.ObserveAsync(pair.PathOf("/light"));
        var missed = await slow.ObserveAsync(pair.PathOf("/light"));
        await read.NextMapAsync();
        await missed.NextMapAsync();
        var reading = slow.Connection.Pause();

        // More than sockets and the cloud keep for one peer.
        const int Changes = 400;
        for (var i = 1; i <= Changes; i++)
        {
            pair.Light.Change(new Dictionary<string, object?> { ["value"] = i, ["text"] = new string('x', 30_000) });
            Assert.Equal((long)i, (await read.NextMapAsync())["value"]);
        }

        reading.SetResult();
        long value;
        var count = 0;
        do
        {
            value = (long)(await missed.NextMapAsync())["value"]!;
            count++;
        }
        while (value < Changes);
        Assert.True(count < Changes, "nothing was left out");
    }

    [Fact]
    public async Task Two_observers_are_one_registration_at_the_device_and_hear_everything_in_order()
    {
        await using var pair = await Pair.JoinAsync(User);
        await using var second = new TestDevice(Cloud);
        await second.JoinAsync(User);
        var one = await pair.Client.ObserveAsync(pair.PathOf("/light"));
        Assert.Equal(false, (await one.NextMapAsync())["value"]);
        var two = await second.ObserveAsync(pair.PathOf("/light"));
        Assert.Equal(false, (await two.NextMapAsync())["value"]);
        for (var i = 1; i <= 50; i++)
        {
            pair.Press(i);
        }

        foreach (var observed in (Notifications[])[one, two])
        {
            var numbers = new List<uint>();
            for (var i = 1; i <= 50; i++)
            {
                var message = await observed.NextAsync();
                Assert.Equal((long)i, Cbor.DecodeMap(message.Payload)["value"]);
                numbers.Add(message.Find(WireOption.Observe)!.Value);
            }

            Assert.Equal(numbers.Order().Distinct(), numbers);
        }

        await pair.Device.Connection.PingAsync();
        Assert.Equal(1, pair.Light.ObserverCount);
        Assert.Equal(1, pair.Device.Connection.Received.Count(m => m.IsRequest));
    }

    [Fact]
    public async Task Another_query_is_another_registration_at_the_device()
    {
        await using var pair = await Pair.JoinAsync(User);
        var plain = await pair.Client.ObserveAsync(pair.PathOf("/light"));
        var query = await pair.Client.ObserveAsync(pair.PathOf("/light") + "?if=oic.if.baseline");
        await plain.NextMapAsync();
        await query.NextMapAsync();
        Assert.Equal(2, pair.Light.ObserverCount);
        pair.Press(1);
        Assert.Equal(1L, (await plain.NextMapAsync())["value"]);
        Assert.Equal(1L, (await query.NextMapAsync())["value"]);
    }

    [Fact]
    public async Task The_last_one_that_cancels_ends_the_registration_at_the_device()
    {
        await using var pair = await Pair.JoinAsync(User);
        await using var second = new TestDevice(Cloud);
        await second.JoinAsync(User);
        var one = await pair.Client.ObserveAsync(pair.PathOf("/light"));
        var two = await second.ObserveAsync(pair.PathOf("/light"));
        await one.NextMapAsync();
        await two.NextMapAsync();

        await pair.Client.Connection.SendAsync(one.Cancellation());
        var answer = await one.NextAsync();
        Assert.Equal("2.05", answer.CodeText);
        Assert.Null(answer.Find(WireOption.Observe));
        pair.Press(1);
        Assert.Equal(1L, (await two.NextMapAsync())["value"]);
        Assert.Equal(1, pair.Light.ObserverCount);

        await second.DisposeAsync();
        await Eventually.EqualAsync(0, () => Task.FromResult(pair.Light.ObserverCount));
        await pair.Client.Connection.PingAsync();
        one.NothingMore();
    }

    [Fact]
    public async Task Registering_again_with_the_same_token_is_one_observation()
    {
        await using var pair = await Pair.JoinAsync(User);
        var request = WireRequest.Of("GET", pair.PathOf("/light"), observe: 0);
        var observed = await pair.Client.ObserveAsync(request);
        await observed.NextMapAsync();
        await pair.Client.Connection.SendAsync(request);
        await observed.NextMapAsync();
        pair.Press(1);
        Assert.Equal(1L, (await observed.NextMapAsync())["value"]);
        await pair.Device.Connection.PingAsync();
        await pair.Client.Connection.PingAsync();
        observed.NothingMore();
    }

    [Fact]
    public async Task What_the_device_does_not_let_be_observed_is_answered_without_Observe()
    {
        await using var pair = await Pair.JoinAsync(User);
        pair.Device.Connection.OnRequest = request => request.Path == "/light" ? WireRequest.Answer(request, "2.05", Cbor.Map(("value", 1))) : WireRequest.Answer(request, "4.04");
        var answer = await (await pair.Client.ObserveAsync(pair.PathOf("/light"))).NextAsync();
        Assert.Equal("2.05", answer.CodeText);
        Assert.Null(answer.Find(WireOption.Observe));
        var missing = await (await pair.Client.ObserveAsync(pair.PathOf("/missing"))).NextAsync();
        Assert.Equal("4.04", missing.CodeText);
        Assert.Null(missing.Find(WireOption.Observe));
    }

    [Fact]
    public async Task An_error_of_the_device_ends_the_observation_for_all()
    {
        await using var pair = await Pair.JoinAsync(User);
        var observed = await pair.Client.ObserveAsync(pair.PathOf("/light"));
        await observed.NextMapAsync();
        var registration = await pair.Device.NextRequestAsync();
        await pair.Device.Connection.SendAsync(WireRequest.Answer(registration, "4.04"));
        Assert.Equal("4.04", (await observed.NextAsync()).CodeText);
        pair.Press(1);
        await pair.Device.Connection.PingAsync();
        await pair.Client.Connection.PingAsync();
        observed.NothingMore();
    }

    [Theory]
    [InlineData("reset")]
    [InlineData("sign-out")]
    [InlineData("second sign-in")]
    public async Task Observers_are_kept_while_the_device_is_away_and_given_the_value_of_its_return(string way)
    {
        await using var pair = await Pair.JoinAsync(User);
        var observed = await pair.Client.ObserveAsync(pair.PathOf("/light"));
        await observed.NextMapAsync();
        await using var elsewhere = new TestDevice(Cloud, pair.Device.Id, ("/light", "oic.r.light")) { Tokens = pair.Device.Tokens };
        var light = pair.Light;
        switch (way)
        {
            case "reset":
                pair.Device.Connection.Reset();
                light.Change(new Dictionary<string, object?> { ["value"] = 5 });
                await pair.Device.ReturnAsync();
                break;
            case "sign-out":
                Assert.Equal("2.04", (await pair.Device.TrySignInAsync(login: false)).CodeText);
                light.Change(new Dictionary<string, object?> { ["value"] = 5 });
                await pair.Device.SignInAsync();
                break;
            default:
                light = elsewhere.Resources[0];
                light.Change(new Dictionary<string, object?> { ["value"] = 5 });
                await elsewhere.ReturnAsync();
                break;
        }

        var first = await observed.NextAsync();
        Assert.Equal(5L, Cbor.DecodeMap(first.Payload)["value"]);
        light.Change(new Dictionary<string, object?> { ["value"] = 6 });
        var second = await observed.NextAsync();
        Assert.Equal(6L, Cbor.DecodeMap(second.Payload)["value"]);
        Assert.True(first.Find(WireOption.Observe) < second.Find(WireOption.Observe));
    }

    [Fact]
    public async Task Cancelling_while_the_device_is_offline_is_answered_5_03_and_ends_it()
    {
        await using var pair = await Pair.JoinAsync(User);
        var observed = await pair.Client.ObserveAsync(pair.PathOf("/light"));
        var witness = await pair.Client.ObserveAsync(pair.PathOf("/light"));
        await observed.NextMapAsync();
        await witness.NextMapAsync();
        Assert.Equal("2.04", (await pair.Device.TrySignInAsync(login: false)).CodeText);
        await pair.Client.Connection.SendAsync(observed.Cancellation());
        Assert.Equal("5.03", (await observed.NextAsync()).CodeText);
        await pair.Device.SignInAsync();
        await witness.NextMapAsync();
        pair.Press(1);
        Assert.Equal(1L, (await witness.NextMapAsync())["value"]);
        await pair.Client.Connection.PingAsync();
        observed.NothingMore();
    }

    [Theory]
    [InlineData("deregisters")]
    [InlineData("is removed")]
    [InlineData("takes its link back")]
    [InlineData("takes all links back while it is away")]
    public async Task Observations_end_with_5_03_when_the_device(string what)
    {
        await using var pair = await Pair.JoinAsync(User);
        await using var second = new TestDevice(Cloud);
        await second.JoinAsync(User);
        var one = await pair.Client.ObserveAsync(pair.PathOf("/light"));
        var two = await second.ObserveAsync(pair.PathOf("/light") + "?if=oic.if.a");
        await one.NextMapAsync();
        await two.NextMapAsync();
        var di = pair.Device.Id;
        switch (what)
        {
            case "deregisters":
                Assert.Equal("2.02", (await pair.Device.RequestAsync("DELETE", "/oic/sec/account")).CodeText);
                break;
            case "is removed":
                Assert.Equal(HttpStatusCode.NoContent, await User.RemoveDeviceAsync(di));
                break;
            case "takes its link back":
                Assert.Equal("2.02", (await pair.Device.RequestAsync("DELETE", $"/oic/rd?di={di}")).CodeText);
                break;
            default:
                // Registered without its observations being asked for again yet: the directory alone says that the link went.
                Assert.Equal("2.02", (await pair.Device.RequestAsync("DELETE", $"/oic/rd?di={di}")).CodeText);
                pair.Device.Connection.Reset();
                break;
        }

        foreach (var observed in (Notifications[])[one, two])
        {
            var last = await observed.NextAsync();
            Assert.Equal("5.03", last.CodeText);
            Assert.Null(last.Find(WireOption.Observe));
        }
    }

    [Fact]
    public async Task A_client_that_signs_out_hears_nothing_more()
    {
        await using var pair = await Pair.JoinAsync(User);
        var observed = await pair.Client.ObserveAsync(pair.PathOf("/light"));
        await observed.NextMapAsync();
        Assert.Equal("2.04", (await pair.Client.TrySignInAsync(login: false)).CodeText);
        await Eventually.EqualAsync(0, () => Task.FromResult(pair.Light.ObserverCount));
        pair.Press(1);
        await pair.Device.Connection.PingAsync();
        await pair.Client.Connection.PingAsync();
        observed.NothingMore();
    }
}
