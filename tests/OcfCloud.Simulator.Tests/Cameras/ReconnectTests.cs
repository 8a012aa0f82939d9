using System.Net;
using OcfCloud.Simulator.Cameras;
using OcfCloud.Simulator.Tests.Support;

namespace OcfCloud.Simulator.Tests.Cameras;

public sealed class ReconnectTests
{
    private static readonly string GetDeviceInformation = Soap.Envelope(Soap.Device, "<t:GetDeviceInformation/>");

    [Theory]
    [InlineData("https")]
    [InlineData("wss")]
    public async Task Silence_of_30_seconds_ends_a_connection_and_anything_heard_begins_them_anew(string kind)
    {
        var time = Clock();
        await using var room = await CameraRoom.StartAsync(new CameraTiming(), time);
        var uplink = await room.ConnectAsync(kind);
        await room.ToldAsync("connected");

        time.Advance(TimeSpan.FromSeconds(20));
        Assert.Equal(HttpStatusCode.OK, (await uplink.CallAsync(Soap.DevicePath, GetDeviceInformation)).Status);
        time.Advance(TimeSpan.FromSeconds(20));
        Assert.Equal(HttpStatusCode.OK, (await uplink.CallAsync(Soap.DevicePath, GetDeviceInformation)).Status);
        time.Advance(TimeSpan.FromSeconds(30));

        Assert.Contains("silence for 30 s", await room.ToldAsync("offline"), StringComparison.Ordinal);
        await time.PassAsync(TimeSpan.FromSeconds(2), TestContext.Current.CancellationToken);
        await room.Cloud.NextAsync();
    }

    [Fact]
    public async Task Attempts_are_2_4_8_16_and_then_30_seconds_apart_until_one_succeeds()
    {
        var time = Clock();

        // Not 30 seconds: those are waited for below.
        await using var room = await CameraRoom.StartAsync(new CameraTiming { Watchdog = TimeSpan.FromHours(1) }, time);
        room.Cloud.UplinkStatus = 503;
        (room.Cloud.OffersHttps, room.Cloud.OffersWss) = (true, false);
        await room.EnrolAsync();
        foreach (var seconds in new[] { 2, 4, 8, 16, 30 })
        {
            Assert.Contains("answers 503", await room.ToldAsync("offline"), StringComparison.Ordinal);
            await time.PassAsync(TimeSpan.FromSeconds(seconds), TestContext.Current.CancellationToken);
        }

        await room.ToldAsync("offline");
        room.Cloud.UplinkStatus = 101;
        await time.PassAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);
        var uplink = await room.Cloud.NextAsync();
        await room.ToldAsync("connected");
        uplink.Dispose();
        await room.ToldAsync("offline");
        await time.PassAsync(TimeSpan.FromSeconds(2), TestContext.Current.CancellationToken);
        await room.Cloud.NextAsync();
        Assert.Equal(8, room.Cloud.Upgrades.Count);
    }

    [Fact]
    public async Task A_token_with_less_than_30_seconds_left_is_not_used()
    {
        var time = Clock();
        await using var room = await CameraRoom.StartAsync(new CameraTiming { Watchdog = TimeSpan.FromHours(3) }, time);
        var uplink = await room.ConnectAsync("https");
        await room.ToldAsync("connected");
        time.Advance(TimeSpan.FromSeconds(3571 - 2));
        uplink.Dispose();
        await room.ToldAsync("offline");
        await time.PassAsync(TimeSpan.FromSeconds(2), TestContext.Current.CancellationToken);

        // The stand-in's clock is another: it does not take an assertion of what is its future.
        await room.ToldAsync("invalid_client");
        Assert.Equal(2, room.Cloud.AssertionClaims.Count);
    }

    private static ArmedTime Clock()
    {
        var time = new ArmedTime();
        time.SetUtcNow(DateTimeOffset.UtcNow);
        return time;
    }
}
