using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;
using System.Text.Json.Nodes;
using OcfCloud.EndToEnd.Harness;
using OcfCloud.Testing;

namespace OcfCloud.EndToEnd.Cameras;

/// <summary>What clouds send that are not ours: repeated, stolen and wicked requests, and a listener of another maker that is told.</summary>
public sealed class ShareRequestTests(SharedPrograms shared, PostgreSqlFixture postgreSql)
{
    private readonly CameraClouds _clouds = shared.CameraClouds(postgreSql);

    private const string InvalidConfiguration = "Invalid configuration", InvalidJwt = "Invalid JWT";

    [Fact]
    public async Task A_request_that_comes_twice_is_done_once_and_a_token_serves_for_one_configuration()
    {
        var (a, b) = (await _clouds.A, await _clouds.B);
        var alice = await a.AddOwnerAsync();
        using var client = await SeenOnceAsync(alice);
        var token = await alice.IssueAsync();
        var configuration = ShareRequest.Configuration(token, b);

        await AcceptedAsync(a, configuration);
        await AcceptedAsync(a, configuration);
        await AcceptedAsync(a, new JsonObject(configuration.Reverse().Select(m => KeyValuePair.Create(m.Key, m.Value?.DeepClone()))));

        await RefusedAsync(a, InvalidJwt, ShareRequest.Configuration(token, b));
        await alice.WaitForShareAsync("waiting");
        Assert.Single(await alice.SharesAsync());
    }

    [Fact]
    public async Task A_token_that_was_revoked_or_is_another_clouds_is_worth_nothing()
    {
        var (a, b, c) = (await _clouds.A, await _clouds.B, await _clouds.C);
        var alice = await a.AddOwnerAsync();
        using var client = await SeenOnceAsync(alice);
        var token = await alice.IssueAsync();

        await RefusedAsync(c, InvalidJwt, ShareRequest.Configuration(token, b));
        await RefusedAsync(a, InvalidJwt, ShareRequest.Configuration(ShareRequest.Forge(a.Xaddr), b));
        await RefusedAsync(a, InvalidJwt, ShareRequest.Configuration(token[..^4] + "AAAA", b));
        var issued = Assert.Single((await alice.GetAsync($"cameras/{await alice.CameraIdAsync()}/share-tokens")).EnumerateArray()).GetProperty("id").GetString();
        await alice.AskAsync(HttpMethod.Delete, $"cameras/{await alice.CameraIdAsync()}/share-tokens/{issued}", HttpStatusCode.NoContent);
        await RefusedAsync(a, InvalidJwt, ShareRequest.Configuration(token, b));
        Assert.Empty(await alice.SharesAsync());
    }

    [Fact]
    public async Task One_bad_configuration_of_three_stops_all_and_uses_up_no_token()
    {
        var (a, b) = (await _clouds.A, await _clouds.B);
        var alice = await a.AddOwnerAsync();
        using var client = await SeenOnceAsync(alice);
        var tokens = new[] { await alice.IssueAsync(), await alice.IssueAsync(), await alice.IssueAsync() };
        var good = tokens.Select(token => ShareRequest.Configuration(token, b)).ToArray();
        var bad = ShareRequest.Configuration(tokens[1], b);
        bad["uplinkConfigurations"]!.AsArray().Clear();

        await RefusedAsync(a, InvalidConfiguration, good[0], bad, good[2]);
        await RefusedAsync(a, InvalidJwt, good[0], ShareRequest.Configuration(tokens[0], b));

        Assert.Empty(await alice.SharesAsync());
        foreach (var configuration in good) await AcceptedAsync(a, configuration);
        Assert.Equal(3, (await alice.SharesAsync()).Count);
    }

    [Fact]
    public async Task The_uplink_of_the_cloud_itself_cannot_be_taken_over()
    {
        var (a, b) = (await _clouds.A, await _clouds.B);
        var alice = await a.AddOwnerAsync();
        using var client = await SeenOnceAsync(alice);
        var token = await alice.IssueAsync();
        foreach (var address in new[] { a.UplinkHttps, a.UplinkWss, a.UplinkHttps.Replace("localhost", "LOCALHOST", StringComparison.Ordinal), a.UplinkHttps + "/" })
        {
            var configuration = ShareRequest.Configuration(token, b);
            configuration.First("uplinkConfigurations")["remoteAddress"] = address;
            await RefusedAsync(a, InvalidConfiguration, configuration);
        }

        Assert.Empty(await alice.SharesAsync());
    }

    [Fact]
    public async Task Addresses_that_lead_inside_are_refused_wherever_they_stand()
    {
        var (a, b) = (await _clouds.A, await _clouds.B);
        var (alice, bob) = (await a.AddOwnerAsync(), await b.AddOwnerAsync());
        using var client = await SeenOnceAsync(alice);
        var token = await alice.IssueAsync();
        string[] inside =
        [
            "https://10.0.0.1/x", "https://172.16.0.1/x", "https://192.168.0.1/x", "https://169.254.169.254/x", "https://100.64.0.1/x", "https://0.0.0.0/x", "https://224.0.0.1/x",
            "https://127.0.0.2/x", "https://2130706434/x", "https://[::1]/x", "https://[::]/x", "https://[::ffff:10.0.0.1]/x", "https://[fe80::1]/x", "https://[fc00::1]/x", "https://[ff02::1]/x",
            "http://localhost/x", "ftp://localhost/x", "https://user@localhost/x", "https://localhost/x#fragment", "/x", "",
        ];
        foreach (var address in inside)
        {
            var asked = ShareRequest.Configuration(token, b);
            asked["endpointReferences"]![0] = address;
            await RefusedAsync(a, InvalidConfiguration, asked);

            asked = ShareRequest.Configuration(token, b);
            asked.First("authorizationServerConfigurations")["serverUri"] = address;
            await RefusedAsync(a, InvalidConfiguration, asked);

            asked = ShareRequest.Configuration(token, b);
            asked.First("uplinkConfigurations")["remoteAddress"] = address;
            await RefusedAsync(a, InvalidConfiguration, asked);
            asked.First("uplinkConfigurations")["remoteAddress"] = address.Replace("https://", "wss://", StringComparison.Ordinal);
            await RefusedAsync(a, InvalidConfiguration, asked);

            await bob.AskAsync(HttpMethod.Post, "incoming-shares", HttpStatusCode.BadRequest, new { shareToken = ShareRequest.Forge(address) });
        }

        Assert.Empty(await alice.SharesAsync());
        await AcceptedAsync(a, ShareRequest.Configuration(token, b));
    }

    [Fact]
    public async Task The_owner_may_name_the_only_host_that_a_token_serves()
    {
        var (a, b) = (await _clouds.A, await _clouds.B);
        var alice = await a.AddOwnerAsync();
        using var client = await SeenOnceAsync(alice);
        var configuration = ShareRequest.Configuration(await alice.IssueAsync(recipient: "ocs.example.com"), b);

        await RefusedAsync(a, InvalidConfiguration, configuration);

        await AcceptedAsync(a, ShareRequest.Configuration(await alice.IssueAsync(recipient: "localhost"), b));
    }

    [Fact]
    public async Task Where_the_first_endpoint_is_dead_the_second_is_told_once_and_verbatim()
    {
        var (a, b) = (await _clouds.A, await _clouds.B);
        var alice = await a.AddOwnerAsync();
        await using var camera = await SimulatedCamera.StartAsync(alice);
        await using var listener = new CompletionListener(_clouds.Listener);
        var token = await alice.IssueAsync();
        var configuration = ShareRequest.Configuration(token, b);
        configuration["endpointReferences"] = new JsonArray($"https://localhost:{DeadPort()}/dead", listener.Url + "/told/here?by=us");

        await AcceptedAsync(a, configuration);

        await alice.WaitForShareAsync("connecting");
        var (path, body) = Assert.Single(listener.Received);
        Assert.Equal("/told/here?by=us", path);
        Assert.Equal(token, body.GetProperty("shareToken").GetString());
        var loaded = CertificateRequest.LoadSigningRequest(body.GetProperty("devicePublicKey").GetBytesFromBase64(), HashAlgorithmName.SHA256);
        Assert.Contains(configuration.First("authorizationServerConfigurations")["clientId"]!.GetValue<string>(), loaded.SubjectName.Name, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_camera_that_is_given_the_wrong_trust_anchor_says_so_and_stays_with_A()
    {
        var (a, b) = (await _clouds.A, await _clouds.B);
        var alice = await a.AddOwnerAsync();
        await using var camera = await SimulatedCamera.StartAsync(alice);
        await using var listener = new CompletionListener(_clouds.Listener);
        using var wrong = new SharedAuthority();

        await AcceptedAsync(a, ShareRequest.Configuration(await alice.IssueAsync(), b, listener.Url, CameraCloud.AnchorOf(wrong)));

        await alice.WaitForShareAsync("connecting");
        await Eventually.EqualAsync(true, async () => (await camera.UplinksAsync(b)).Any(u => u.Status != "Connected" && u.Error is { Length: > 0 }));
        await camera.WaitForUplinksAsync(a);
        await alice.ReadInformationAsync();
    }

    // A camera that was here and is not any more: what is asked of it waits.
    private static async Task<CameraClient> SeenOnceAsync(CameraOwner owner)
    {
        var (client, _) = await CameraClient.EnrolAsync(owner);
        var (token, _) = await client.AskForTokenAsync(owner.Home);
        var (_, uplink) = await PlainUplink.ConnectAsync(owner.Home, token);
        await owner.WaitForCameraAsync("online");
        await uplink!.DisposeAsync();
        await owner.WaitForCameraAsync("offline");
        return client;
    }

    private static async Task AcceptedAsync(CameraCloud pcs, params JsonObject[] configurations)
    {
        var (status, text) = await pcs.AskAsync("startDeviceSharing", ShareRequest.Of([.. configurations.Select(c => c.DeepClone().AsObject())]));
        Assert.Equal((HttpStatusCode.OK, ""), (status, text));
    }

    private static async Task RefusedAsync(CameraCloud pcs, string error, params JsonObject[] configurations)
    {
        var body = ShareRequest.Of([.. configurations.Select(c => c.DeepClone().AsObject())]);
        var (status, text) = await pcs.AskAsync("startDeviceSharing", body);
        Assert.True(status == HttpStatusCode.BadRequest, $"{status} {text} to {body}");
        Assert.Equal(error, JsonDocument.Parse(text).RootElement.GetProperty("error").GetString());
    }

    private static int DeadPort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
