using System.Net;
using OcfCloud.Core.Devices;

namespace OcfCloud.CloudApi.Tests.Mediator;

public sealed class DeviceTokensTests : IAsyncLifetime
{
    private const string Path = "/mediator/v1/device-tokens";

    private CloudApiHost _host = null!;
    private HttpClient _mediator = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _host = await CloudApiHost.StartAsync();
        _mediator = await _host.MediatorOfAsync("alice");
    }

    public ValueTask DisposeAsync()
    {
        _mediator.Dispose();
        return _host.DisposeAsync();
    }

    [Fact]
    public async Task The_answer_is_ready_for_a_devices_cloud_configuration()
    {
        using var answer = await _mediator.PostAsync(Path, "{}");

        var body = await answer.JsonAsync(HttpStatusCode.Created);
        Assert.Equal(["at", "apn", "cis", "sid", "expiresin"], body.Members());
        Assert.Matches("^[A-Za-z0-9_-]{43}$", body.Text("at"));
        Assert.Equal("ocfcloud", body.Text("apn"));
        Assert.Equal(CloudApiHost.CloudUri, body.Text("cis"));
        Assert.Equal("5a2c9e7e-6d8f-4a35-9f6a-6f6d3f0f6b11", body.Text("sid"));
        Assert.Equal(600, body.GetProperty("expiresin").GetInt32());
        Assert.True(answer.Headers.CacheControl!.NoStore);
    }

    [Fact]
    public async Task A_token_registers_any_device_once()
    {
        var token = await IssueAsync(null);
        var first = DeviceId.New();

        Assert.True((await _host.Devices.SignUpAsync(first, token, Cancellation)).Succeeded);
        Assert.False((await _host.Devices.SignUpAsync(DeviceId.New(), token, Cancellation)).Succeeded);

        using var devices = await _mediator.GetAsync("/mediator/v1/devices", Cancellation);
        Assert.Equal(first.ToString(), (await devices.JsonAsync(HttpStatusCode.OK))[0].Text("di"));
    }

    [Fact]
    public async Task A_user_with_as_many_devices_as_one_may_have_gets_a_token_only_for_one_of_them()
    {
        var device = DeviceId.New();
        Assert.True((await _host.Devices.SignUpAsync(device, await IssueAsync(null), Cancellation)).Succeeded);
        _host.Quota.MaxDevicesPerUser = 1;

        using var refusal = await _mediator.PostAsync(Path, "{}");
        Assert.Equal(HttpStatusCode.TooManyRequests, refusal.StatusCode);
        using var other = await _mediator.PostAsync(Path, $$"""{"di": "{{DeviceId.New()}}"}""");
        Assert.Equal(HttpStatusCode.TooManyRequests, other.StatusCode);
        await IssueAsync($$"""{"di": "{{device}}"}""");
    }

    [Fact]
    public async Task Unused_tokens_have_a_limit_and_a_used_one_makes_room()
    {
        _host.Quota.MaxOneTimeTokensPerUser = 1;
        var token = await IssueAsync(null);

        using var refusal = await _mediator.PostAsync(Path, "{}");
        Assert.Equal(HttpStatusCode.TooManyRequests, refusal.StatusCode);
        Assert.True((await _host.Devices.SignUpAsync(DeviceId.New(), token, Cancellation)).Succeeded);
        await IssueAsync(null);
    }

    [Fact]
    public async Task A_token_for_a_device_registers_no_other()
    {
        var device = DeviceId.New();
        var token = await IssueAsync($$"""{"di": "{{device.ToString().ToUpperInvariant()}}"}""");

        Assert.False((await _host.Devices.SignUpAsync(DeviceId.New(), token, Cancellation)).Succeeded);
        Assert.True((await _host.Devices.SignUpAsync(device, token, Cancellation)).Succeeded);
    }

    [Fact]
    public async Task A_token_is_over_after_ten_minutes()
    {
        var token = await IssueAsync(null);
        _host.Time.Advance(TimeSpan.FromMinutes(10));

        Assert.False((await _host.Devices.SignUpAsync(DeviceId.New(), token, Cancellation)).Succeeded);
    }

    [Fact]
    public async Task A_device_that_is_none_is_refused()
    {
        string[] bodies =
        [
            "[]",
            "null",
            "\"5a2c9e7e-6d8f-4a35-9f6a-6f6d3f0f6b11\"",
            """{"di": null}""",
            """{"di": 5}""",
            """{"di": ""}""",
            """{"di": "light"}""",
            """{"di": "5a2c9e7e6d8f4a359f6a6f6d3f0f6b11"}""",
            """{"di": "{5a2c9e7e-6d8f-4a35-9f6a-6f6d3f0f6b11}"}""",
            """{"di": "\ud800"}""",
        ];
        foreach (var body in bodies)
        {
            using var answer = await _mediator.PostAsync(Path, body);

            Assert.Equal("di has to be a UUID, or absent.", await answer.RefusedAsync(HttpStatusCode.BadRequest));
        }
    }

    private async Task<string> IssueAsync(string? body)
    {
        using var answer = await _mediator.PostAsync(Path, body);
        return (await answer.JsonAsync(HttpStatusCode.Created)).Text("at");
    }
}
