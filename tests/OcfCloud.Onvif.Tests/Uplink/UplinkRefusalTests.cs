using OcfCloud.Core.Storage;
using OcfCloud.Onvif.Cameras;
using OcfCloud.Onvif.Tests.Uplink.Support;

namespace OcfCloud.Onvif.Tests.Uplink;

/// <summary>Who is not let in, and how that is said.</summary>
public sealed class UplinkRefusalTests(UplinkStores stores) : IClassFixture<UplinkStores>
{
    private static readonly string[] Upgrade = ["Upgrade: h2c-reverse", "Connection: Upgrade"];

    private static readonly string[] WebSocket =
        ["Upgrade: websocket", "Connection: Upgrade", "Sec-WebSocket-Version: 13", "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==", "Sec-WebSocket-Protocol: h2c-reverse"];

    [Theory]
    [InlineData("", 401, "WWW-Authenticate: Bearer realm=\"ocfcloud\"\r\n")]
    [InlineData("nonsense", 401, "WWW-Authenticate: Bearer error=\"invalid_token\"")]
    [InlineData(TestCredentials.Narrow, 403, "WWW-Authenticate: Bearer error=\"insufficient_scope\", scope=\"onvif.uplink\"")]
    [InlineData(TestCredentials.Good, 403, "")]
    public async Task Who_shows_no_good_token_is_refused(string token, int status, string challenge)
    {
        await using var cloud = await StartAsync();
        foreach (var headers in new[] { Upgrade, WebSocket })
        {
            var (answered, _, head) = await new Dialler(cloud.Url) { Token = token.Length == 0 ? null : token }.AskAsync(headers);

            Assert.Equal(status, answered);
            Assert.Contains(challenge, head, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_camera_that_was_handed_over_is_refused()
    {
        await using var cloud = await StartAsync();
        var camera = await cloud.EnrolAsync(CameraState.Transferred);

        var (status, _, head) = await cloud.DiallerOf(camera).AskAsync(Upgrade);

        Assert.Equal(401, status);
        Assert.Contains("WWW-Authenticate: Bearer error=\"invalid_token\"", head, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Authorization: Basic Y2FtOnNlY3JldA==")]
    [InlineData("Authorization: Bearers x")]
    public async Task Another_scheme_shows_no_token_and_hides_none(string header)
    {
        await using var cloud = await StartAsync();
        var camera = await cloud.EnrolAsync();
        using var certificate = UplinkCloud.NewCertificate("camera");
        cloud.Credentials.Certificates[certificate.Thumbprint] = camera.ClientId;

        var (status, _, head) = await new Dialler(cloud.Url).AskAsync([.. Upgrade, header]);
        Assert.Equal(401, status);
        Assert.Contains("WWW-Authenticate: Bearer realm=\"ocfcloud\"\r\n", head, StringComparison.Ordinal);
        Assert.Equal(101, (await new Dialler(cloud.Url) { Certificate = certificate }.AskAsync([.. Upgrade, header])).Status);
        Assert.Equal(101, (await new Dialler(cloud.Url) { Token = TestCredentials.Good + camera.ClientId, InQuery = true }.AskAsync([.. Upgrade, header])).Status);
        Assert.Equal(400, (await new Dialler(cloud.Url).AskAsync([.. Upgrade, "Authorization: Bearer "])).Status);
    }

    [Fact]
    public async Task A_certificate_of_no_camera_is_refused()
    {
        await using var cloud = await StartAsync();
        using var certificate = UplinkCloud.NewCertificate("nobody");

        Assert.Equal(401, (await new Dialler(cloud.Url) { Certificate = certificate }.AskAsync(Upgrade)).Status);
    }

    [Fact]
    public async Task Two_tokens_are_none()
    {
        await using var cloud = await StartAsync();
        var camera = await cloud.EnrolAsync();
        var token = TestCredentials.Good + camera.ClientId;

        Assert.Equal(400, (await new Dialler(cloud.Url) { Token = token, InQuery = true }.AskAsync([.. Upgrade, $"Authorization: Bearer {token}"])).Status);
    }

    [Fact]
    public async Task A_request_that_does_not_upgrade_is_told_to_what()
    {
        await using var cloud = await StartAsync();
        var dialler = cloud.DiallerOf(await cloud.EnrolAsync());
        foreach (var headers in new[] { [], ["Upgrade: h2c", "Connection: Upgrade"], WebSocket[..^1] })
        {
            var (status, _, head) = await dialler.AskAsync(headers);

            Assert.Equal(426, status);
            Assert.Contains("Upgrade: h2c-reverse, websocket", head, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_node_that_is_full_says_when_to_come_again_and_takes_the_next_when_one_leaves()
    {
        await using var cloud = await StartAsync(options => (options.MaxUplinks, options.UplinkRetryAfter) = (1, TimeSpan.FromSeconds(7)));
        await using var device = await TestCamera.StartAsync();
        var camera = await cloud.EnrolAsync();
        var connected = await cloud.ConnectAsync(device, camera, UplinkKind.Https);

        var (status, _, head) = await cloud.DiallerOf(camera).AskAsync(WebSocket);

        Assert.Equal(503, status);
        Assert.Contains("Retry-After: 7\r\n", head, StringComparison.Ordinal);
        await connected.CloseAsync();
        await UplinkCloud.UntilAsync(async () => (await cloud.DiallerOf(camera).AskAsync(Upgrade)).Status == 101);
    }

    private async Task<UplinkCloud> StartAsync(Action<OnvifOptions>? configure = null) =>
        await UplinkCloud.StartAsync(await stores.OnAsync(StoreProvider.Sqlite), configure);
}
