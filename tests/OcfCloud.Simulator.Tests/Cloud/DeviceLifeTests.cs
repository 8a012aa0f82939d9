using OcfCloud.Coap;
using OcfCloud.Simulator.Cloud;
using OcfCloud.Simulator.Tests.Support;

namespace OcfCloud.Simulator.Tests.Cloud;

public sealed class DeviceLifeTests : IAsyncLifetime
{
    private readonly DeviceRoom _room = new();

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public ValueTask DisposeAsync() => _room.DisposeAsync();

    [Fact]
    public async Task A_provisioned_device_signs_up_signs_in_and_publishes_on_one_connection()
    {
        _room.Start();
        var connection = await _room.Cloud.ConnectionAsync();

        var signUp = await connection.ExpectBodyAsync("/oic/sec/account");
        var signIn = await connection.ExpectBodyAsync("/oic/sec/session");
        var publish = await connection.ExpectBodyAsync("/oic/rd");

        var di = _room.Device.DeviceId.ToString("D");
        Assert.Equal($$"""{"di":"{{di}}","accesstoken":"one-time","authprovider":"ocfcloud"}""", signUp.ToJsonString());
        Assert.Equal($$"""{"di":"{{di}}","uid":"8a6b0d1c-0000-4000-8000-000000000001","accesstoken":"access-first","login":true}""", signIn.ToJsonString());
        Assert.Equal(di, publish["di"]!.ToString());
        Assert.Equal(86_400, publish["ttl"]!.GetValue<long>());
        Assert.Equal(["/oic/d", "/oic/p", "/light/switch", "/light/dimming"], publish["links"]!.AsArray().Select(l => l!["href"]!.ToString()));
        var record = await _room.WhenAsync(r => r.Cps == ProvisioningStatus.Registered);
        Assert.Equal(CloudError.None, record.Clec);
        Assert.Equal("access-first", _room.Kept.Tokens?.AccessToken);
        Assert.Null(_room.Kept.At);
    }

    [Fact]
    public async Task A_restarted_device_goes_on_without_a_second_sign_up()
    {
        await _room.SignInAsync();
        await _room.RestartAsync();
        var connection = await _room.Cloud.ConnectionAsync();

        Assert.Equal("access-first", (await connection.ExpectBodyAsync("/oic/sec/session"))["accesstoken"]!.ToString());
        await connection.ExpectAsync("/oic/rd");
    }

    [Fact]
    public async Task An_unauthorized_sign_in_makes_it_refresh_and_sign_in_again_on_the_same_connection()
    {
        _room.Cloud.Next("POST /oic/sec/session", CoapCode.Unauthorized);
        _room.Start();
        var connection = await _room.Cloud.ConnectionAsync();
        await connection.ExpectAsync("/oic/sec/account");
        await connection.ExpectAsync("/oic/sec/session");

        Assert.Equal("refresh-first", (await connection.ExpectBodyAsync("/oic/sec/tokenrefresh"))["refreshtoken"]!.ToString());
        Assert.Equal("access-refreshed-1", (await connection.ExpectBodyAsync("/oic/sec/session"))["accesstoken"]!.ToString());

        await connection.ExpectAsync("/oic/rd");
        Assert.Equal("refresh-refreshed-1", _room.Kept.Tokens?.RefreshToken);
        Assert.Equal("8a6b0d1c-0000-4000-8000-000000000001", _room.Kept.Tokens?.UserId);
    }

    [Fact]
    public async Task A_refused_refresh_is_clec_3_and_forgets_the_tokens()
    {
        _room.Cloud.Next("POST /oic/sec/session", CoapCode.Unauthorized);
        _room.Cloud.Next("POST /oic/sec/tokenrefresh", CoapCode.Unauthorized);
        _room.Start();

        var record = await _room.WhenAsync(r => r.Cps == ProvisioningStatus.Failed);

        Assert.Equal(CloudError.RefreshRefused, record.Clec);
        Assert.Null(_room.Kept.Tokens);
    }

    [Fact]
    public async Task Trouble_of_the_cloud_at_the_refresh_keeps_the_tokens_and_is_tried_again()
    {
        _room.Cloud.Next("POST /oic/sec/session", CoapCode.Unauthorized);
        _room.Cloud.Next("POST /oic/sec/tokenrefresh", CoapCode.ServiceUnavailable);
        _room.Start();
        await _room.Cloud.ConnectionAsync();

        var again = await _room.Cloud.ConnectionAsync();

        Assert.Equal("access-first", (await again.ExpectBodyAsync("/oic/sec/session"))["accesstoken"]!.ToString());
        await again.ExpectAsync("/oic/rd");
        Assert.Equal(ProvisioningStatus.Registered, _room.Kept.Cps);
    }

    [Fact]
    public async Task A_token_is_refreshed_on_the_live_session_before_it_runs_out()
    {
        _room.Cloud.ExpiresIn = 1;
        var connection = await _room.SignInAsync();

        await connection.ExpectAsync("/oic/sec/tokenrefresh");

        Assert.False(connection.Closed.IsCompleted);
    }

    [Fact]
    public async Task A_token_that_ran_out_while_away_is_refreshed_before_the_sign_in()
    {
        await _room.SignInAsync();
        _room.Timing = DeviceRoom.Short with { RefreshMargin = TimeSpan.FromDays(1) };

        await _room.RestartAsync();
        var again = await _room.Cloud.ConnectionAsync();

        await again.ExpectAsync("/oic/sec/tokenrefresh");
        Assert.Equal("access-refreshed-1", (await again.ExpectBodyAsync("/oic/sec/session"))["accesstoken"]!.ToString());
    }
}
