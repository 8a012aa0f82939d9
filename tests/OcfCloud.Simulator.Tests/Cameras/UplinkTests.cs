using System.Net;
using OcfCloud.Simulator.Cameras.Enrolment;
using OcfCloud.Simulator.Cameras.Uplinks;

namespace OcfCloud.Simulator.Tests.Cameras;

public sealed class UplinkTests
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(20);
    private static readonly string GetDeviceInformation = Soap.Envelope(Soap.Device, "<t:GetDeviceInformation/>");

    [Theory]
    [InlineData("https")]
    [InlineData("wss")]
    public async Task An_enrolled_camera_serves_HTTP_2_on_the_connection_that_it_opened(string kind)
    {
        await using var room = await CameraRoom.StartAsync();

        var uplink = await room.ConnectAsync(kind);

        Assert.Equal(kind == "wss", uplink.IsWebSocket);
        var (status, body) = await uplink.CallAsync(Soap.DevicePath, GetDeviceInformation, $"{Soap.Device}/GetDeviceInformation");
        Assert.Equal((HttpStatusCode.OK, "00408CFA1234"), (status, body!.Text("SerialNumber")));
        var (target, bearer, _) = Assert.Single(room.Cloud.Upgrades);
        Assert.Equal(("/onvif/uplink", "Bearer token-1"), (target, bearer));
    }

    [Fact]
    public async Task A_client_assertion_names_key_client_and_token_endpoint_and_is_made_once_for_both_kinds()
    {
        await using var room = await CameraRoom.StartAsync();
        await room.EnrolAsync();
        await room.Cloud.NextAsync();
        await room.Cloud.NextAsync();

        var server = Assert.Single(room.State.AuthorizationServers);
        var header = Assert.Single(room.Cloud.AssertionHeaders);
        var claims = Assert.Single(room.Cloud.AssertionClaims);
        Assert.Equal(("ES256", "JWT", server.KeyId), ((string)header["alg"]!, (string)header["typ"]!, (string?)header["kid"]));
        Assert.Equal(("cam-1", "cam-1", room.Cloud.TokenEndpoint), ((string)claims["iss"]!, (string)claims["sub"]!, (string)claims["aud"]!));
        Assert.Equal(300, (long)claims["exp"]! - (long)claims["iat"]!);
    }

    [Fact]
    public async Task Uplinks_of_both_kinds_stand_side_by_side_and_show_their_status()
    {
        await using var room = await CameraRoom.StartAsync();
        await room.EnrolAsync();
        var first = await room.Cloud.NextAsync();
        var second = await room.Cloud.NextAsync();
        await room.ToldAsync("connected");
        await room.ToldAsync("connected");

        Assert.NotEqual(first.IsWebSocket, second.IsWebSocket);
        var (_, body) = await first.CallAsync(Soap.UplinkPath, Soap.Envelope(Soap.Uplink, "<t:GetUplinks/>"));
        Assert.Equal(["Connected", "Connected"], body!.Elements().Select(configuration => configuration.Text("Status")));
    }

    [Theory]
    [InlineData(nameof(EnrolmentProof.TlsClientAuth))]
    [InlineData(nameof(EnrolmentProof.UplinkCertificate))]
    public async Task A_certificate_proves_the_camera_to_the_authorization_server_or_to_the_uplink_itself(string proof)
    {
        await using var room = await CameraRoom.StartAsync();
        room.Cloud.OffersWss = false;
        await room.EnrolAsync(Enum.Parse<EnrolmentProof>(proof));
        var uplink = await room.Cloud.NextAsync();

        Assert.Equal(HttpStatusCode.OK, (await uplink.CallAsync(Soap.DevicePath, GetDeviceInformation)).Status);
        Assert.Empty(room.Cloud.AssertionClaims);
        var (_, bearer, thumbprint) = Assert.Single(room.Cloud.Upgrades);
        Assert.Equal(proof == nameof(EnrolmentProof.TlsClientAuth) ? ("Bearer token-1", false) : (null, true), (bearer, thumbprint is not null));
    }

    [Theory]
    [InlineData("https")]
    [InlineData("wss")]
    public async Task The_uplink_that_is_deleted_over_itself_answers_that_ends_and_does_not_come_back(string kind)
    {
        await using var room = await CameraRoom.StartAsync();
        var uplink = await room.ConnectAsync(kind);
        var address = kind == "wss" ? room.Cloud.WssUplink : room.Cloud.HttpsUplink;

        var (status, body) = await uplink.CallAsync(
            Soap.UplinkPath, Soap.Envelope(Soap.Uplink, $"<t:DeleteUplink><t:RemoteAddress>{address}</t:RemoteAddress></t:DeleteUplink>"));

        Assert.Equal((HttpStatusCode.OK, "DeleteUplinkResponse"), (status, body!.Name.LocalName));
        await uplink.Ended.WaitAsync(Deadline, Cancellation);
        Assert.Empty(room.State.Uplinks);
        Assert.Equal(UplinkStatus.Offline, room.Camera.StatusOf(address).Status);
        await room.RestartAsync();
        room.Run();
        Assert.Single(room.Cloud.Upgrades);
    }

    [Theory]
    [InlineData("https")]
    [InlineData("wss")]
    public async Task A_camera_comes_back_with_the_token_that_it_has(string kind)
    {
        await using var room = await CameraRoom.StartAsync();
        (await room.ConnectAsync(kind)).Dispose();
        await room.ToldAsync("offline");

        var again = await room.Cloud.NextAsync();

        Assert.Equal(HttpStatusCode.OK, (await again.CallAsync(Soap.DevicePath, GetDeviceInformation)).Status);
        Assert.Equal(1, room.Cloud.TokensIssued);
    }

    [Fact]
    public async Task A_token_that_is_refused_is_not_shown_again()
    {
        await using var room = await CameraRoom.StartAsync();
        room.Cloud.UplinkStatus = 401;
        (room.Cloud.OffersHttps, room.Cloud.OffersWss) = (true, false);
        await room.EnrolAsync();
        Assert.Contains("answers 401", await room.ToldAsync("offline"), StringComparison.Ordinal);
        room.Cloud.UplinkStatus = 101;

        await room.Cloud.NextAsync();

        Assert.Distinct(room.Cloud.Upgrades.Select(upgrade => upgrade.Bearer));
    }

    [Fact]
    public async Task A_restarted_camera_connects_with_its_old_key()
    {
        await using var room = await CameraRoom.StartAsync();
        await room.ConnectAsync("https");
        await room.RestartAsync();
        room.Run();

        Assert.Equal(HttpStatusCode.OK, (await (await room.Cloud.NextAsync()).CallAsync(Soap.DevicePath, GetDeviceInformation)).Status);
        Assert.Single(room.Cloud.Clients);
        Assert.Equal(2, room.Cloud.AssertionClaims.Count);
    }

    [Fact]
    public async Task An_upgrade_of_firmware_is_answered_and_then_the_camera_reboots()
    {
        await using var room = await CameraRoom.StartAsync();
        var uplink = await room.ConnectAsync("https");

        var (_, body) = await uplink.CallAsync(
            Soap.DevicePath, Soap.Envelope(Soap.Device, "<t:UpgradeFirmware><t:Version>4.3.0</t:Version></t:UpgradeFirmware>"));

        Assert.Equal("PT3M", body!.Text("ExpectedDownTime"));
        await uplink.Ended.WaitAsync(Deadline, Cancellation);
        var again = await room.Cloud.NextAsync();
        Assert.Equal("4.3.0", (await again.CallAsync(Soap.DevicePath, GetDeviceInformation)).Body!.Text("FirmwareVersion"));
    }

    [Fact]
    public async Task Only_the_anchors_of_the_policy_are_believed_and_the_error_is_shown()
    {
        await using var other = await StandInCloud.StartAsync("another cloud");
        await using var room = await CameraRoom.StartAsync();
        await room.ConnectAsync("https");
        var (policy, server) = (room.State.Uplinks[0].PolicyId!, room.State.Uplinks[0].AuthorizationServer!);
        await room.CallAsync(Soap.Uplink, KeystoreTests.Uplink(other.WssUplink, policy, server));

        await room.ToldAsync($"offline: {other.WssUplink}: TLS");

        var shown = (await room.CallAsync(Soap.Uplink, "<t:GetUplinks/>")).Elements().Last();
        Assert.Contains("TLS", shown.Text("Error"), StringComparison.Ordinal);
        Assert.Empty(other.Upgrades);
    }

    [Fact]
    public async Task A_name_that_the_certificate_does_not_have_is_not_believed()
    {
        await using var room = await CameraRoom.StartAsync();
        await room.ConnectAsync("https");
        var (policy, server) = (room.State.Uplinks[0].PolicyId!, room.State.Uplinks[0].AuthorizationServer!);
        var address = $"https://localhost:{room.Cloud.Port}/onvif/uplink";

        await room.CallAsync(Soap.Uplink, KeystoreTests.Uplink(address, policy, server));

        Assert.Contains("TLS", await room.ToldAsync($"offline: {address}"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("https")]
    [InlineData("wss")]
    public async Task A_cloud_shares_the_camera_with_another_by_the_messages_of_the_specification(string kind)
    {
        await using var other = await StandInCloud.StartAsync("another cloud");
        await using var room = await CameraRoom.StartAsync();
        var uplink = await room.ConnectAsync("https");
        async Task<string> CallAsync(string ns, string body, string result)
        {
            var (status, answer) = await uplink.CallAsync(Soap.PathOf(ns), Soap.Envelope(ns, body));
            Assert.True(status == HttpStatusCode.OK, answer!.ToString());
            return result.Length == 0 ? "" : answer.Text(result);
        }

        var certificate = await CallAsync(Soap.Security, KeystoreTests.Upload(Convert.ToBase64String(other.Anchor.RawData)), "CertificateID");
        var policy = await CallAsync(Soap.Security, KeystoreTests.Policy(certificate), "CertPathValidationPolicyID");
        var key = await CallAsync(Soap.Security, "<t:CreateECCKeyPair><t:EllipticCurve>secp256r1</t:EllipticCurve></t:CreateECCKeyPair>", "KeyID");
        while (await CallAsync(Soap.Security, $"<t:GetKeyStatus><t:KeyID>{key}</t:KeyID></t:GetKeyStatus>", "KeyStatus") == "generating")
            Cancellation.ThrowIfCancellationRequested();
        await CallAsync(Soap.Security, KeystoreTests.Csr(key, "1.2.840.10045.4.3.2"), "PKCS10CSR");
        var server = await CallAsync(Soap.Security, KeystoreTests.Server(key, policy, $"{other.Url}/metadata", "shared-1"), "Token");
        var address = kind == "wss" ? other.WssUplink : other.HttpsUplink;
        await CallAsync(Soap.Uplink, KeystoreTests.Uplink(address, policy, server), "");

        // Before the other cloud knows the key.
        await room.ToldAsync($"offline: {address}: authorization server: token: 401 invalid_client");
        other.Clients["shared-1"] = room.State.Key(key)!.PublicKey;

        var shared = await other.NextAsync();
        Assert.Equal("00408CFA1234", (await shared.CallAsync(Soap.DevicePath, GetDeviceInformation)).Body!.Text("SerialNumber"));
        Assert.Equal(key, (string?)other.AssertionHeaders.Last()["kid"]);
        Assert.Equal(HttpStatusCode.OK, (await uplink.CallAsync(Soap.DevicePath, GetDeviceInformation)).Status);
    }

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;
}
