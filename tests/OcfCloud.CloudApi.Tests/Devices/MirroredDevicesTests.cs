using System.Net;

namespace OcfCloud.CloudApi.Tests.Devices;

/// <summary>cloud-to-cloud.md, 1.3 and 1.4: account linking is between two clouds only.</summary>
public sealed class MirroredDevicesTests(SharedHost shared) : IClassFixture<SharedHost>
{
    private const string Subscription = """{"eventsUrl":"https://203.0.114.1/","eventTypes":["TYPE"],"signingSecret":"3BZ6oI9xbRJzOUvUoRb5RgaZjPqHrmql"}""";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("base")]
    [InlineData("all")]
    public async Task A_device_of_another_cloud_is_never_served_to_a_third(string content)
    {
        var user = await shared.Host.AddUserAsync("mirror-" + content);
        using var client = shared.Host.As(await shared.Host.TokenAsync(user));
        var own = await shared.Host.AddDeviceAsync(user);
        var mirrored = await shared.Host.MirrorAsync(user, "/light");

        var listed = await (await client.GetAsync($"/api/v1/devices?content={content}", Cancellation)).JsonAsync(HttpStatusCode.OK);
        Assert.Equal(own.ToString(), Assert.Single(listed.EnumerateArray()).GetProperty("device").Text("di"));
        await (await client.GetAsync($"/api/v1/devices/{mirrored}?content={content}", Cancellation)).RefusedAsync(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task It_has_no_value_here_and_cannot_be_subscribed_to()
    {
        var user = await shared.Host.AddUserAsync("mirror-subscriber");
        using var client = shared.Host.As(await shared.Host.TokenAsync(user));
        var mirrored = await shared.Host.MirrorAsync(user, "/light");
        client.DefaultRequestHeaders.CacheControl = new() { OnlyIfCached = true };

        await (await client.GetAsync($"/api/v1/devices/{mirrored}/light", Cancellation)).RefusedAsync(HttpStatusCode.NotFound);
        foreach (var (target, type) in new[] { ($"{mirrored}", "resources_published"), ($"{mirrored}/light", "resource_contentchanged") })
        {
            using var answer = await client.PostAsync($"/api/v1/devices/{target}/subscriptions", Subscription.Replace("TYPE", type, StringComparison.Ordinal));
            await answer.RefusedAsync(HttpStatusCode.NotFound);
        }
    }
}
