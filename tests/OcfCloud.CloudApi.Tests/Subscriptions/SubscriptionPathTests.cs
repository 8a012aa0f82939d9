using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using OcfCloud.CloudApi.Subscriptions;

namespace OcfCloud.CloudApi.Tests.Subscriptions;

/// <summary>Which paths are the Events API's, and what they name (cloud-to-cloud.md, 1.4).</summary>
public sealed class SubscriptionPathTests
{
    private const string Device = "5a2c9e7e-6d8f-4a35-9f6a-6f6d3f0f6b11";

    [Theory]
    [InlineData("POST", "/api/v1/devices/subscriptions", null, null, null)]
    [InlineData("POST", "/api/v1/devices/subscriptions?a=b", null, null, null)]
    [InlineData("POST", "/API/v1/Devices/subscriptions", null, null, null)]
    [InlineData("POST", "https://cloud.test/api/v1/devices/subscriptions", null, null, null)]
    [InlineData("POST", "/api/v1/devices/%73ubscriptions", null, null, null)]
    [InlineData("POST", $"/api/v1/devices/{Device}/subscriptions", Device, null, null)]
    [InlineData("POST", $"/api/v1/devices/{Device}/light/subscriptions", Device, "/light", null)]
    [InlineData("POST", $"/api/v1/devices/{Device}/a/b/c/subscriptions", Device, "/a/b/c", null)]
    [InlineData("POST", $"/api/v1/devices/{Device}/subscriptions/subscriptions", Device, "/subscriptions", null)]
    [InlineData("POST", $"/api/v1/devices/{Device}//subscriptions", Device, "/", null)]
    [InlineData("POST", $"/api/v1/devices/{Device}/a%20b/subscriptions", Device, "/a b", null)]
    [InlineData("POST", $"/api/v1/devices/{Device}/a%252Fb/subscriptions", Device, "/a%2Fb", null)]
    [InlineData("POST", $"/api/v1/devices/{Device}/a%2Fb/subscriptions", Device, null, null)]
    [InlineData("POST", $"/api/v1/devices/{Device}/a%zz/subscriptions", Device, null, null)]
    [InlineData("POST", $"/api/v1/devices/{Device}/a%/subscriptions", Device, null, null)]
    [InlineData("POST", $"/api/v1/devices/{Device}/%ff/subscriptions", Device, null, null)]
    [InlineData("POST", $"/api/v1/devices/{Device}/l%C3%A4mpchen/subscriptions", Device, "/lämpchen", null)]
    [InlineData("POST", $"/api/v1/devices/{Device}/a+b/subscriptions", Device, "/a+b", null)]
    [InlineData("GET", "/api/v1/devices/subscriptions/x", null, null, "x")]
    [InlineData("POST", "/api/v1/devices/subscriptions/", null, null, null)]
    [InlineData("DELETE", "/api/v1/devices/subscriptions/x/", null, null, "x")]
    [InlineData("DELETE", $"/api/v1/devices/{Device}/subscriptions/x", Device, null, "x")]
    [InlineData("DELETE", $"/api/v1/devices/{Device}/light/subscriptions/x", Device, "/light", "x")]
    [InlineData("GET", $"/api/v1/devices/{Device}/subscriptions/subscriptions/x", Device, "/subscriptions", "x")]
    public void These_are(string method, string target, string? device, string? href, string? id)
    {
        Assert.True(SubscriptionPath.TryRead(Request(method, target), out var path));
        Assert.Equal((device, href, id), (path.Device, path.Href, path.Id));
    }

    [Theory]
    [InlineData("POST", "/api/v1/devices")]
    [InlineData("POST", "/api/v1/devicesubscriptions")]
    [InlineData("POST", "/api/v1/devices/subscriptions/x")]
    [InlineData("DELETE", "/api/v1/devices/subscriptions/")]
    [InlineData("POST", "/api/v1/devices/")]
    [InlineData("POST", $"/api/v1/devices/{Device}/Subscriptions")]
    [InlineData("POST", $"/api/v1/devices/{Device}/light")]
    [InlineData("POST", $"/api/v1/devices/{Device}/light%2Fsubscriptions")]
    [InlineData("GET", "/api/v1/devices/subscriptions")]
    [InlineData("GET", $"/api/v1/devices/{Device}/subscriptions")]
    [InlineData("GET", $"/api/v1/devices/{Device}/subscriptions/x/y")]
    [InlineData("PUT", "/api/v1/devices/subscriptions")]
    public void These_are_not(string method, string target) => Assert.False(SubscriptionPath.TryRead(Request(method, target), out _));

    [Theory]
    [InlineData("light", "/light")]
    [InlineData("a%20b", "/a%20b", "/a b")]
    [InlineData("a%2Fb", "/a%2Fb")]
    [InlineData("a%00b", "/a%00b")]
    public void A_path_with_two_readings_names_both_the_written_one_first(string href, params string[] hrefs)
    {
        Assert.True(SubscriptionPath.TryRead(Request("POST", $"/api/v1/devices/{Device}/{href}/subscriptions"), out var path));
        Assert.True(path.TryGetTargets(out var targets));
        Assert.Equal(hrefs, targets.Select(target => target.Href));
    }

    private static HttpRequest Request(string method, string target)
    {
        var context = new DefaultHttpContext();
        context.Request.Method = method;
        context.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget = target;
        return context.Request;
    }
}
