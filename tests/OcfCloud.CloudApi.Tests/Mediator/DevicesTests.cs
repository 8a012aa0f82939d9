using System.Net;
using System.Text.Json;
using OcfCloud.Core.Devices;
using OcfCloud.Core.Directory;

namespace OcfCloud.CloudApi.Tests.Mediator;

public sealed class DevicesTests : IAsyncLifetime
{
    private CloudApiHost _host = null!;
    private UserId _alice;
    private HttpClient _mediator = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _host = await CloudApiHost.StartAsync();
        _alice = await _host.AddUserAsync("alice");
        _mediator = _host.As(await _host.TokenAsync(_alice));
    }

    public ValueTask DisposeAsync()
    {
        _mediator.Dispose();
        return _host.DisposeAsync();
    }

    [Fact]
    public async Task A_user_without_devices_has_an_empty_list()
    {
        using var answer = await _mediator.GetAsync("/mediator/v1/devices", Cancellation);

        Assert.Equal(0, (await answer.JsonAsync(HttpStatusCode.OK)).GetArrayLength());
        Assert.True(answer.Headers.CacheControl!.NoStore);
    }

    [Fact]
    public async Task The_list_holds_the_users_own_devices()
    {
        var device = await _host.AddDeviceAsync(_alice);
        await _host.AddDeviceAsync(await _host.AddUserAsync("bob"));
        Assert.True(ResourceHref.TryParse("/light/switch", out var href));
        Assert.True(ResourceLink.TryCreate(href, ["oic.r.switch.binary"], ["oic.if.a"], 3, [], out var link));
        await _host.Directory.PublishAsync(device, _alice, [link], ttl: null, Cancellation);

        var line = Assert.Single((await ListAsync()).EnumerateArray().ToArray());

        Assert.Equal(["di", "name", "status", "lastSeen", "links", "twin"], line.Members());
        Assert.Equal(device.ToString(), line.Text("di"));
        Assert.Equal(JsonValueKind.Null, line.GetProperty("name").ValueKind);
        Assert.Equal("offline", line.Text("status"));
        Assert.Equal(JsonValueKind.Null, line.GetProperty("lastSeen").ValueKind);
        Assert.Equal(1, line.GetProperty("links").GetInt32());
        Assert.True(line.GetProperty("twin").GetBoolean());
    }

    [Fact]
    public async Task A_device_that_signed_in_is_online()
    {
        var (device, accessToken, _) = await _host.AddDeviceTokensAsync(_alice);

        await _host.SignInAsync(device, _alice, accessToken);

        var line = Assert.Single((await ListAsync()).EnumerateArray().ToArray());
        Assert.Equal("online", line.Text("status"));
        Assert.Equal(_host.Time.GetUtcNow(), line.GetProperty("lastSeen").GetDateTimeOffset());
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task The_twin_is_turned_off_and_on(bool twin)
    {
        var device = await _host.AddDeviceAsync(_alice);

        // A device id is written in any case.
        using var other = await PatchAsync(device.ToString().ToUpperInvariant(), $$"""{"twin": {{(twin ? "false" : "true")}}}""");
        using var answer = await PatchAsync(device.ToString(), $$"""{"twin": {{(twin ? "true" : "false")}}, "unknown": 1}""");

        Assert.Equal(HttpStatusCode.NoContent, other.StatusCode);
        Assert.Equal(HttpStatusCode.NoContent, answer.StatusCode);
        Assert.Equal(twin, (await ListAsync())[0].GetProperty("twin").GetBoolean());
    }

    [Theory]
    [InlineData(null)]
    [InlineData("{}")]
    [InlineData("[true]")]
    [InlineData("true")]
    [InlineData("""{"twin": null}""")]
    [InlineData("""{"twin": "true"}""")]
    [InlineData("""{"twin": 1}""")]
    [InlineData("""{"Twin": true}""")]
    public async Task A_patch_without_a_twin_that_is_true_or_false_is_refused(string? body)
    {
        var device = await _host.AddDeviceAsync(_alice);

        using var answer = await PatchAsync(device.ToString(), body);

        Assert.Equal("twin has to be true or false.", await answer.RefusedAsync(HttpStatusCode.BadRequest));
        Assert.True((await ListAsync())[0].GetProperty("twin").GetBoolean());
    }

    [Fact]
    public async Task A_device_that_is_removed_is_gone()
    {
        var (device, accessToken, _) = await _host.AddDeviceTokensAsync(_alice);

        using var answer = await _mediator.DeleteAsync($"/mediator/v1/devices/{device}", Cancellation);
        using var again = await _mediator.DeleteAsync($"/mediator/v1/devices/{device}", Cancellation);

        Assert.Equal(HttpStatusCode.NoContent, answer.StatusCode);
        await again.RefusedAsync(HttpStatusCode.NotFound);
        Assert.Equal(0, (await ListAsync()).GetArrayLength());
        Assert.False((await _host.Devices.SignInAsync(device, _alice, accessToken, Cancellation)).Accepted);
    }

    [Fact]
    public async Task Another_users_device_an_unknown_one_and_no_id_at_all_look_the_same()
    {
        var bob = await _host.AddUserAsync("bob");
        var others = await _host.AddDeviceAsync(bob);
        string[] ids = [others.ToString(), Guid.NewGuid().ToString(), "light", others.Value.ToString("N"), $"%7B{others}%7D"];

        var refusals = new List<string>();
        foreach (var id in ids)
        {
            using var patched = await PatchAsync(id, """{"twin": false}""");
            using var deleted = await _mediator.DeleteAsync($"/mediator/v1/devices/{id}", Cancellation);
            refusals.Add(await patched.RefusedAsync(HttpStatusCode.NotFound));
            refusals.Add(await deleted.RefusedAsync(HttpStatusCode.NotFound));
        }

        Assert.Equal("The user has no such device.", Assert.Single(refusals.Distinct(StringComparer.Ordinal)));
        var untouched = (await _host.Devices.FindAsync(others, Cancellation))!;
        Assert.True(untouched.TwinEnabled);
    }

    private Task<HttpResponseMessage> PatchAsync(string device, string? body) => _mediator.SendAsync(HttpMethod.Patch, $"/mediator/v1/devices/{device}", body);

    private async Task<JsonElement> ListAsync()
    {
        using var answer = await _mediator.GetAsync("/mediator/v1/devices", Cancellation);
        return await answer.JsonAsync(HttpStatusCode.OK);
    }
}
