using Microsoft.AspNetCore.Http;
using OcfCloud.Core.Storage;
using OcfCloud.Onvif.Cameras;
using OcfCloud.Onvif.Tests.Uplink.Support;
using OcfCloud.Onvif.Uplink;

namespace OcfCloud.Onvif.Tests.Uplink;

/// <summary>Uplinks of cameras that are real HTTP/2 servers, by TLS on a real port.</summary>
public sealed class UplinkTests(UplinkStores stores) : IClassFixture<UplinkStores>
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(20);

    public static TheoryData<UplinkKind> Kinds => [UplinkKind.Https, UplinkKind.Wss];

    public static TheoryData<UplinkKind, StoreProvider> KindsAndStores => new()
    {
        { UplinkKind.Https, StoreProvider.Sqlite },
        { UplinkKind.Wss, StoreProvider.Sqlite },
        { UplinkKind.Https, StoreProvider.PostgreSql },
        { UplinkKind.Wss, StoreProvider.PostgreSql },
    };

    private static CancellationToken Ending => TestContext.Current.CancellationToken;

    [Theory]
    [MemberData(nameof(KindsAndStores))]
    public async Task A_camera_that_connects_says_who_it_is_and_answers_requests_until_it_leaves(UplinkKind kind, StoreProvider provider)
    {
        await using var cloud = await StartAsync(provider);
        await using var device = await TestCamera.StartAsync();
        var camera = await cloud.EnrolAsync();
        var connected = await cloud.ConnectAsync(device, camera, kind);
        await UplinkCloud.UntilAsync(async () => (await cloud.ReadAsync(camera))!.State == CameraState.Active);

        var known = (await cloud.ReadAsync(camera))!;
        Assert.Equal(("Acme", "AC-2000", "4.2.1", "00408CFA1234", "7B1"), (known.Manufacturer, known.Model, known.FirmwareVersion, known.SerialNumber, known.HardwareId));
        Assert.True(cloud.Connections.IsConnected(camera.Id));
        device.Answer = async context =>
        {
            using var body = new MemoryStream();
            await context.Request.Body.CopyToAsync(body, Ending);
            await context.Response.WriteAsync($"{context.Request.Protocol} {context.Request.Path}{context.Request.QueryString} {body.Length}", Ending);
        };
        Assert.Equal("HTTP/2 /onvif/device_service?a=b 3", await cloud.AskAsync(camera, "/onvif/device_service?a=b"));

        await connected.CloseAsync();
        await UplinkCloud.UntilAsync(async () => (await cloud.RowsAsync(camera)).Count == 0);
        Assert.False(cloud.Connections.IsConnected(camera.Id));
        await Assert.ThrowsAsync<CameraOfflineException>(() => cloud.AskAsync(camera));
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task A_token_in_the_query_is_taken_and_no_token_is_logged(UplinkKind kind)
    {
        await using var cloud = await StartAsync();
        await using var device = await TestCamera.StartAsync();
        var (first, second) = (await cloud.EnrolAsync(), await cloud.EnrolAsync());
        device.Serve(await new Dialler(cloud.Url) { Token = TestCredentials.Good + first.ClientId, InQuery = true }.DialAsync(kind));
        device.Serve(await cloud.DiallerOf(second).DialAsync(kind));
        await UplinkCloud.UntilAsync(async () => (await cloud.RowsAsync(first)).Count == 1 && (await cloud.RowsAsync(second)).Count == 1);
        await cloud.StopAsync();

        // The host keeps out what the server itself logs of requests; here that is what is not ours.
        var ours = cloud.Log.Lines.Where(line => !line.StartsWith("Request starting", StringComparison.Ordinal) && !line.StartsWith("Request finished", StringComparison.Ordinal));
        Assert.NotEmpty(cloud.Log.Lines);
        Assert.DoesNotContain(ours, line => line.Contains(TestCredentials.Good, StringComparison.Ordinal));
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task A_certificate_of_the_cameras_key_opens_an_uplink(UplinkKind kind)
    {
        await using var cloud = await StartAsync();
        await using var device = await TestCamera.StartAsync();
        var camera = await cloud.EnrolAsync();
        using var certificate = UplinkCloud.NewCertificate("whoever");
        cloud.Credentials.Certificates[certificate.Thumbprint] = camera.ClientId;

        device.Serve(await new Dialler(cloud.Url) { Certificate = certificate }.DialAsync(kind));

        await UplinkCloud.UntilAsync(async () => (await cloud.RowsAsync(camera)).Count == 1);
        Assert.Equal(kind, (await cloud.RowsAsync(camera)).Single().Kind);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task The_newest_connection_of_a_kind_wins_and_the_other_kind_stands_beside_it(UplinkKind kind)
    {
        await using var cloud = await StartAsync();
        await using var device = await TestCamera.StartAsync();
        var camera = await cloud.EnrolAsync();
        var other = await cloud.ConnectAsync(device, camera, kind == UplinkKind.Https ? UplinkKind.Wss : UplinkKind.Https);
        var older = await cloud.ConnectAsync(device, camera, kind);

        var newer = await cloud.ConnectAsync(device, camera, kind);

        Assert.True(await older.ClosedByCloud.WaitAsync(Deadline, Ending));
        Assert.NotEqual("", await cloud.AskAsync(camera));
        await newer.CloseAsync();
        await UplinkCloud.UntilAsync(async () => (await cloud.RowsAsync(camera)).Count == 1);
        Assert.False(other.ClosedByCloud.IsCompleted);
        Assert.NotEqual("", await cloud.AskAsync(camera));
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task A_request_that_waits_when_the_camera_leaves_finds_it_offline(UplinkKind kind)
    {
        await using var cloud = await StartAsync();
        await using var device = await TestCamera.StartAsync();
        var camera = await cloud.EnrolAsync();
        var connected = await cloud.ConnectAsync(device, camera, kind);
        var asked = new TaskCompletionSource();
        device.Answer = async context =>
        {
            asked.TrySetResult();
            await Task.Delay(Timeout.Infinite, context.RequestAborted);
        };
        var asking = cloud.AskAsync(camera);
        await asked.Task.WaitAsync(Deadline, Ending);

        await connected.CloseAsync();

        await Assert.ThrowsAsync<CameraOfflineException>(() => asking.WaitAsync(Deadline, Ending));
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task A_camera_that_answers_no_ping_is_offline(UplinkKind kind)
    {
        await using var cloud = await StartAsync(configure: options => options.UplinkPing = options.UplinkPingTimeout = TimeSpan.FromSeconds(1));
        var camera = await cloud.EnrolAsync();
        await using var silent = await cloud.DiallerOf(camera).DialAsync(kind);
        await UplinkCloud.UntilAsync(async () => (await cloud.RowsAsync(camera)).Count == 1);

        await UplinkCloud.UntilAsync(async () => (await cloud.RowsAsync(camera)).Count == 0);
        Assert.False(cloud.Connections.IsConnected(camera.Id));
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task Pings_keep_an_uplink_that_is_silent_otherwise(UplinkKind kind)
    {
        await using var cloud = await StartAsync(configure: options => options.UplinkPing = options.UplinkPingTimeout = TimeSpan.FromSeconds(1));
        await using var device = await TestCamera.StartAsync();
        var camera = await cloud.EnrolAsync();
        var connected = await cloud.ConnectAsync(device, camera, kind);

        // Both limits pass: what is waited for is that nothing happens.
        await Assert.ThrowsAsync<TimeoutException>(() => connected.ClosedByCloud.WaitAsync(TimeSpan.FromSeconds(4), Ending));
        Assert.True(cloud.Connections.IsConnected(camera.Id));
    }

    [Fact]
    public async Task An_answer_that_is_too_long_is_given_up_and_the_uplink_stands()
    {
        await using var cloud = await StartAsync(configure: options => options.MaxAnswerSize = 4096);
        await using var device = await TestCamera.StartAsync();
        var camera = await cloud.EnrolAsync();
        await cloud.ConnectAsync(device, camera, UplinkKind.Https);
        device.Answer = context => context.Response.WriteAsync(new string('x', context.Request.Path == "/long" ? 4097 : 4096), Ending);

        await Assert.ThrowsAsync<HttpRequestException>(() => cloud.AskAsync(camera, "/long"));
        Assert.Equal(4096, (await cloud.AskAsync(camera, "/short")).Length);
    }

    [Fact]
    public async Task A_request_that_the_camera_breaks_off_does_not_end_the_uplink()
    {
        await using var cloud = await StartAsync();
        await using var device = await TestCamera.StartAsync();
        var camera = await cloud.EnrolAsync();
        await cloud.ConnectAsync(device, camera, UplinkKind.Https);
        device.Answer = context =>
        {
            if (context.Request.Path == "/broken") context.Abort();
            return context.Response.WriteAsync("whole", Ending);
        };

        await Assert.ThrowsAsync<HttpRequestException>(() => cloud.AskAsync(camera, "/broken"));
        Assert.Equal("whole", await cloud.AskAsync(camera));
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task A_feature_closes_the_uplinks_of_a_camera(UplinkKind kind)
    {
        await using var cloud = await StartAsync();
        await using var device = await TestCamera.StartAsync();
        var camera = await cloud.EnrolAsync();
        var connected = await cloud.ConnectAsync(device, camera, kind);

        await cloud.Connections.CloseAsync(camera.Id).WaitAsync(Deadline, Ending);

        Assert.False(cloud.Connections.IsConnected(camera.Id));
        Assert.True(await connected.ClosedByCloud.WaitAsync(Deadline, Ending));
    }

    [Theory]
    [MemberData(nameof(KindsAndStores))]
    public async Task A_node_that_stops_says_so_at_once_and_leaves_no_row(UplinkKind kind, StoreProvider provider)
    {
        var onStore = await stores.OnAsync(provider);
        await using var cloud = await UplinkCloud.StartAsync(onStore);
        await using var device = await TestCamera.StartAsync();
        var camera = await cloud.EnrolAsync();
        var connected = await cloud.ConnectAsync(device, camera, kind);

        await cloud.StopAsync().WaitAsync(Deadline, Ending);

        Assert.True(await connected.ClosedByCloud.WaitAsync(Deadline, Ending));
        Assert.Empty(await cloud.RowsAsync(camera));
    }

    private async Task<UplinkCloud> StartAsync(StoreProvider provider = StoreProvider.Sqlite, Action<OnvifOptions>? configure = null) =>
        await UplinkCloud.StartAsync(await stores.OnAsync(provider), configure);
}
