using System.Text.Json.Nodes;
using OcfCloud.Coap;
using OcfCloud.Simulator.Cloud;
using OcfCloud.Simulator.Tests.Support;

namespace OcfCloud.Simulator.Tests.Cloud;

public sealed class ReconnectTests : IAsyncLifetime
{
    private readonly DeviceRoom _room = new();

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public ValueTask DisposeAsync() => _room.DisposeAsync();

    [Fact]
    public async Task After_a_lost_connection_the_device_signs_in_again_and_keeps_its_links_and_values()
    {
        var connection = await _room.SignInAsync();
        await connection.AskAsync(FakeRequests.Post("/light/switch", new JsonObject { ["value"] = true }));
        connection.Break();

        var again = await _room.Cloud.ConnectionAsync();
        Assert.Equal("access-first", (await again.ExpectBodyAsync("/oic/sec/session"))["accesstoken"]!.ToString());
        var answer = await again.AskAsync(FakeRequests.Get("/light/switch"));

        Assert.Equal("""{"value":true}""", FakeRequests.Json(answer));
        Assert.Equal(1, _room.Cloud.Asked.Count(a => a == "POST /oic/rd"));
        await _room.WhenAsync(r => r.Clec == CloudError.None);
    }

    [Fact]
    public async Task A_lost_connection_is_clec_2_and_the_registration_stays()
    {
        var connection = await _room.SignInAsync();
        var seen = new System.Collections.Concurrent.ConcurrentQueue<CloudRecord>();
        _room.Device.Configuration.Changed += seen.Enqueue;

        connection.Break();
        await (await _room.Cloud.ConnectionAsync()).ExpectAsync("/oic/sec/session");

        Assert.Contains(seen, r => r is { Cps: ProvisioningStatus.Registered, Clec: CloudError.NoConnection });
    }

    [Fact]
    public async Task Release_of_the_cloud_ends_the_connection_after_the_answer_to_what_was_asked()
    {
        var connection = await _room.SignInAsync();
        var asked = connection.AskAsync(FakeRequests.Get("/light/switch"));
        connection.Send(new CoapMessage(CoapCode.Release) { Token = CoapToken.FromUInt64(1) });

        Assert.Equal(CoapCode.Content, (await asked).Code);
        await connection.Closed;
        await (await _room.Cloud.ConnectionAsync()).ExpectAsync("/oic/sec/session");
    }

    [Theory]
    [InlineData(5, 3)]
    [InlineData(5, 4)]
    public async Task Trouble_of_the_cloud_at_the_sign_up_is_tried_again_with_the_same_token_on_a_new_connection(int @class, int detail)
    {
        _room.Cloud.Next("POST /oic/sec/account", new CoapCode(@class, detail));
        _room.Start();
        await (await _room.Cloud.ConnectionAsync()).ExpectAsync("/oic/sec/account");

        var again = await _room.Cloud.ConnectionAsync();

        Assert.Equal("one-time", (await again.ExpectBodyAsync("/oic/sec/account"))["accesstoken"]!.ToString());
        await again.ExpectAsync("/oic/sec/session");
    }

    [Fact]
    public async Task Without_an_answer_the_sign_up_is_repeated_on_a_new_connection()
    {
        _room.Timing = DeviceRoom.Short with { FirstAnswerTimeout = TimeSpan.FromMilliseconds(400) };
        await _room.ReopenAsync();
        _room.Cloud.Next("POST /oic/sec/account", _ => null);
        _room.Start();
        var silent = await _room.Cloud.ConnectionAsync();

        var again = await _room.Cloud.ConnectionAsync();

        await again.ExpectAsync("/oic/sec/account");
        await again.ExpectAsync("/oic/sec/session");
        await silent.Closed;
    }

    [Theory]
    [InlineData(4, 0)]
    [InlineData(4, 1)]
    [InlineData(4, 3)]
    [InlineData(5, 0)]
    public async Task Any_other_refusal_of_the_sign_up_stops_the_device_for_good(int @class, int detail)
    {
        _room.Cloud.Next("POST /oic/sec/account", new CoapCode(@class, detail));
        _room.Start();

        var record = await _room.WhenAsync(r => r.Cps == ProvisioningStatus.Failed);

        Assert.Equal(CloudError.ErrorAnswer, record.Clec);
        Assert.Null(_room.Kept.At);
        await (await _room.Cloud.ConnectionAsync()).Closed;
        Assert.Equal(["POST /oic/sec/account"], _room.Cloud.Asked);
    }

    [Fact]
    public async Task A_registration_that_never_gets_an_answer_has_failed_after_a_few_attempts()
    {
        _room.Timing = DeviceRoom.Short with { RegistrationAttempts = 3 };
        await _room.ReopenAsync();
        _room.Cloud.Always("POST /oic/sec/account", _ => FakeCloud.Answer(CoapCode.ServiceUnavailable));
        _room.Start();

        await _room.WhenAsync(r => r.Cps == ProvisioningStatus.Failed);

        Assert.Equal(3, _room.Cloud.Asked.Count);
    }

    [Fact]
    public async Task Where_another_cloud_answers_the_device_asks_nothing_and_has_failed_with_clec_2()
    {
        _room.Start(sid: Guid.NewGuid());

        var record = await _room.WhenAsync(r => r.Cps == ProvisioningStatus.Failed);

        Assert.Equal(CloudError.NoConnection, record.Clec);
        Assert.Empty(_room.Cloud.Asked);
    }

    [Fact]
    public async Task A_redirected_device_goes_on_there_without_a_second_sign_up_and_keeps_the_place()
    {
        await using var other = new FakeCloud(_room.Pki, _room.Cloud.Id);
        _room.Cloud.Next("POST /oic/sec/account", _ =>
        {
            var body = _room.Cloud.Tokens("first");
            body["redirecturi"] = other.Address.ToString();
            return FakeCloud.Answer(CoapCode.Changed, body);
        });
        _room.Start();
        var first = await _room.Cloud.ConnectionAsync();

        var second = await other.ConnectionAsync();

        Assert.Equal("access-first", (await second.ExpectBodyAsync("/oic/sec/session"))["accesstoken"]!.ToString());
        await second.ExpectAsync("/oic/rd");
        await first.Closed;
        Assert.Equal(["POST /oic/sec/account"], _room.Cloud.Asked);
        Assert.Equal(other.Address.ToString(), _room.Kept.Cis);
        Assert.Equal(_room.Cloud.Address.ToString(), _room.Kept.ProvisionedCis);

        await _room.RestartAsync();
        await (await other.ConnectionAsync()).ExpectAsync("/oic/sec/session");
    }

    [Fact]
    public async Task An_empty_cis_deregisters_on_the_session_that_stands_and_closes_it()
    {
        var connection = await _room.SignInAsync();

        Assert.Null(_room.Device.Configuration.Update(new JsonObject { ["cis"] = "" }));

        var farewell = await connection.ExpectAsync("/oic/sec/account");
        Assert.Equal(CoapCode.Delete, farewell.Code);
        Assert.Contains("accesstoken=access-first", farewell.UriQuery);
        Assert.Contains($"di={_room.Device.DeviceId:D}", farewell.UriQuery);
        await connection.Closed;
        Assert.Equal(new CloudRecord(), _room.Kept);
    }

    [Fact]
    public async Task A_device_that_left_while_it_was_away_says_so_on_a_connection_of_its_own()
    {
        _room.Cloud.Always("POST /oic/sec/session", _ => FakeCloud.Answer(CoapCode.ServiceUnavailable));
        _room.Start();
        await _room.WhenAsync(r => r.Clec == CloudError.ErrorAnswer);

        Assert.Null(_room.Device.Configuration.Update(new JsonObject { ["cis"] = "" }));

        while (true)
        {
            var connection = await _room.Cloud.ConnectionAsync();
            await connection.Closed;
            if (_room.Cloud.Asked.Contains("DELETE /oic/sec/account"))
                break;
        }
    }

    [Fact]
    public async Task A_stopped_device_says_Release()
    {
        var connection = await _room.SignInAsync();

        await _room.StopAsync();

        Assert.Equal(CoapCloseReason.PeerReleased, await connection.Closed);
    }
}
