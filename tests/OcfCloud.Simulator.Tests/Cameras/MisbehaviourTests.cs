using System.Net;
using OcfCloud.Simulator.Cameras;

namespace OcfCloud.Simulator.Tests.Cameras;

public sealed class MisbehaviourTests
{
    private const string CreateKey = "<t:CreateECCKeyPair><t:EllipticCurve>secp256r1</t:EllipticCurve></t:CreateECCKeyPair>";

    [Theory]
    [InlineData("no-such-thing")]
    [InlineData("max-uplinks")]
    [InlineData("max-uplinks=many")]
    [InlineData("rsa-only=true")]
    [InlineData("drop=")]
    public void A_word_that_is_none_is_named(string word)
    {
        Assert.Null(Misbehaviour.Parse(["no-kid", word], out var wrong));
        Assert.Equal(word, wrong);
    }

    [Fact]
    public async Task Keys_may_never_be_ready()
    {
        await using var room = await CameraRoom.StartAsync("endless-key-generation");
        var key = (await room.CallAsync(Soap.Security, CreateKey)).Text("KeyID");
        Assert.Equal("generating", (await room.CallAsync(Soap.Security, Status(key))).Text("KeyStatus"));
        Assert.Equal("Sender/InvalidArgVal/InvalidKeyStatus", await room.RefusedAsync(Soap.Security, KeystoreTests.Csr(key, "1.2.840.10045.4.3.2")));
        await room.CallAsync(Soap.Security, $"<t:DeleteKey><t:KeyID>{key}</t:KeyID></t:DeleteKey>");
    }

    [Fact]
    public async Task The_first_keys_may_be_corrupt()
    {
        await using var room = await CameraRoom.StartAsync("corrupt-keys=1");
        var first = await KeystoreTests.KeyAsync(room);
        var second = await KeystoreTests.KeyAsync(room);
        Assert.Equal("corrupt", (await room.CallAsync(Soap.Security, Status(first))).Text("KeyStatus"));
        Assert.Equal("Sender/InvalidArgVal/InvalidKeyStatus", await room.RefusedAsync(Soap.Security, KeystoreTests.Csr(first, "1.2.840.10045.4.3.2")));
        Assert.Equal("ok", (await room.CallAsync(Soap.Security, Status(second))).Text("KeyStatus"));
    }

    [Fact]
    public async Task A_camera_without_curves_says_so_refuses_them_and_signs_with_RSA()
    {
        await using var room = await CameraRoom.StartAsync("rsa-only");
        var keystore = await SecurityCapabilitiesAsync(room, "KeystoreCapabilities");
        Assert.Equal(("RSA", null), ((string?)keystore.Attribute("KeyPairGeneration"), (string?)keystore.Attribute("EllipticCurves")));
        Assert.Equal("Sender/InvalidArgVal/UnsupportedEllipticCurve", await room.RefusedAsync(Soap.Security, CreateKey));

        await room.ConnectAsync("https");
        Assert.Equal("RS256", (string?)room.Cloud.AssertionHeaders.Single()["alg"]);
    }

    [Fact]
    public async Task A_camera_without_WebSockets_says_so_and_refuses_them()
    {
        await using var room = await CameraRoom.StartAsync("https-only");
        Assert.Equal("https", (string?)(await UplinkCapabilitiesAsync(room)).Attribute("Protocols"));
        await room.EnrolAsync();
        await room.Cloud.NextAsync();
        var only = Assert.Single(room.State.Uplinks);
        var another = KeystoreTests.Uplink("wss://a/", only.PolicyId!, only.AuthorizationServer);
        Assert.Equal("Sender/InvalidArgs/ProtocolNotSupported", await room.RefusedAsync(Soap.Uplink, another));
    }

    [Fact]
    public async Task Capabilities_may_be_missing()
    {
        await using var room = await CameraRoom.StartAsync("no-protocols", "no-access-token", "no-private-key-jwt");
        var uplinks = await UplinkCapabilitiesAsync(room);
        Assert.Equal((null, "mTLS"), ((string?)uplinks.Attribute("Protocols"), (string?)uplinks.Attribute("AuthorizationModes")));
        var servers = await SecurityCapabilitiesAsync(room, "AuthorizationServer");
        Assert.Equal("tls_client_auth", (string?)servers.Attribute("ClientAuthenticationMethodsSupported"));
    }

    [Fact]
    public async Task There_may_be_room_for_few()
    {
        await using var room = await CameraRoom.StartAsync(
            "max-keys=3", "max-certificates=1", "max-policies=1", "max-authorization-servers=1", "max-uplinks=1");
        var certificate = (await KeystoreTests.UploadAsync(room, CameraRoom.Certificate())).Text("CertificateID");
        var another = KeystoreTests.Upload(CameraRoom.Certificate());
        Assert.Equal("Receiver/Action/MaximumNumberOfCertificatesReached", await room.RefusedAsync(Soap.Security, another));
        var policy = await KeystoreTests.PolicyAsync(room, certificate);
        another = KeystoreTests.Policy(certificate);
        Assert.Equal("Receiver/Action/MaximumNumberOfCertPathValidationPoliciesReached", await room.RefusedAsync(Soap.Security, another));
        var key = await KeystoreTests.KeyAsync(room);
        await KeystoreTests.KeyAsync(room);
        Assert.Equal("Receiver/Action/MaximumNumberOfKeysReached", await room.RefusedAsync(Soap.Security, CreateKey));
        var server = await KeystoreTests.ServerAsync(room, key, policy);
        Assert.Equal("Receiver/Action/MaxAuthorizationServers", await room.RefusedAsync(Soap.Security, KeystoreTests.Server(key, policy)));
        await room.CallAsync(Soap.Uplink, KeystoreTests.Uplink("wss://a/", policy, server));
        Assert.Equal("Receiver/Action", await room.RefusedAsync(Soap.Uplink, KeystoreTests.Uplink("wss://b/", policy, server)));
        Assert.Equal("1", (string?)(await UplinkCapabilitiesAsync(room)).Attribute("MaxUplinks"));
    }

    [Fact]
    public async Task Weak_anchors_may_be_refused()
    {
        await using var room = await CameraRoom.StartAsync("reject-weak-anchors");
        var old = KeystoreTests.Upload(CameraRoom.Certificate(rsaBits: 3072, withSha1: true));
        Assert.Equal("Sender/InvalidArgVal/UnsupportedSignatureAlgorithm", await room.RefusedAsync(Soap.Security, old));
        var small = KeystoreTests.Upload(CameraRoom.Certificate(rsaBits: 2048));
        Assert.Equal("Sender/InvalidArgVal/UnsupportedPublicKeyAlgorithm", await room.RefusedAsync(Soap.Security, small));
        await KeystoreTests.UploadAsync(room, CameraRoom.Certificate());
    }

    [Fact]
    public async Task The_same_certificate_may_be_taken_twice()
    {
        await using var room = await CameraRoom.StartAsync("allow-duplicates");
        var content = CameraRoom.Certificate();
        var (first, second) = (await KeystoreTests.UploadAsync(room, content), await KeystoreTests.UploadAsync(room, content));
        Assert.NotEqual(first.Text("CertificateID"), second.Text("CertificateID"));
        Assert.Equal(first.Text("KeyID"), second.Text("KeyID"));
    }

    [Fact]
    public async Task Subjects_may_be_common_names_only()
    {
        await using var room = await CameraRoom.StartAsync("common-name-only");
        var key = await KeystoreTests.KeyAsync(room);
        var whole = KeystoreTests.Csr(key, "1.2.840.10045.4.3.2");
        Assert.Equal("Sender/InvalidArgVal/InvalidSubject", await room.RefusedAsync(Soap.Security, whole));
        await room.CallAsync(Soap.Security, whole
            .Replace("<t:Organization>Acme</t:Organization>", "", StringComparison.Ordinal)
            .Replace("<t:SerialNumber>00408CFA1234</t:SerialNumber>", "", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("drop", 1)]
    [InlineData("drop-before", 0)]
    public async Task A_connection_may_be_dropped_once_after_or_before_the_work(string word, int keys)
    {
        await using var room = await CameraRoom.StartAsync($"{word}=CreateECCKeyPair");
        var uplink = await room.ConnectAsync("https");
        var before = room.State.Keys.Count;

        await Assert.ThrowsAnyAsync<HttpRequestException>(() => uplink.CallAsync(Soap.SecurityPath, Soap.Envelope(Soap.Security, CreateKey)));

        Assert.Equal(before + keys, room.State.Keys.Count);
        var again = await room.Cloud.NextAsync();
        Assert.Equal(HttpStatusCode.OK, (await again.CallAsync(Soap.SecurityPath, Soap.Envelope(Soap.Security, CreateKey))).Status);
    }

    [Fact]
    public async Task An_operation_may_always_fail()
    {
        await using var room = await CameraRoom.StartAsync("fault=GetUplinks");
        Assert.Equal("Receiver/Action", await room.RefusedAsync(Soap.Uplink, "<t:GetUplinks/>"));
    }

    [Fact]
    public async Task Answers_may_take_their_time()
    {
        var time = new Support.ArmedTime();
        await using var room = await CameraRoom.StartAsync(CameraRoom.Short, time, "latency=25000");
        var answer = room.CallAsync(Soap.Uplink, "<t:GetUplinks/>");
        await time.PassAsync(TimeSpan.FromSeconds(25), TestContext.Current.CancellationToken);
        await answer;
    }

    [Fact]
    public async Task Other_clouds_than_its_own_may_be_shown_another_serial_number()
    {
        await using var room = await CameraRoom.StartAsync("wrong-serial");
        var uplink = await room.ConnectAsync("https");
        var information = Soap.Envelope(Soap.Device, "<t:GetDeviceInformation/>");
        Assert.Equal("00408CFA1234", (await uplink.CallAsync(Soap.DevicePath, information)).Body!.Text("SerialNumber"));

        // The same cloud, but by a policy of another's.
        var policy = await KeystoreTests.PolicyAsync(room, room.State.Policies[0].TrustAnchors[0]);
        await room.CallAsync(Soap.Uplink, KeystoreTests.Uplink(room.Cloud.WssUplink, policy, room.State.Uplinks[0].AuthorizationServer));
        Assert.Equal("00408CFA1234-x", (await (await room.Cloud.NextAsync()).CallAsync(Soap.DevicePath, information)).Body!.Text("SerialNumber"));
    }

    [Fact]
    public async Task Assertions_may_lack_the_kid_and_be_for_the_issuer()
    {
        await using var room = await CameraRoom.StartAsync("no-kid", "audience-issuer");
        await room.ConnectAsync("https");
        Assert.False(room.Cloud.AssertionHeaders.Single().ContainsKey("kid"));
        Assert.Equal(room.Cloud.Url, (string?)room.Cloud.AssertionClaims.Single()["aud"]);
    }

    [Fact]
    public async Task Assertions_may_repeat_their_jti()
    {
        await using var room = await CameraRoom.StartAsync("reuse-jti");
        await room.ConnectAsync("https");
        await room.RestartAsync();
        room.Run();
        Assert.Contains("invalid_client", await room.ToldAsync("offline: https"), StringComparison.Ordinal);
        Assert.Single(room.Cloud.AssertionClaims.Select(claims => (string)claims["jti"]!).Distinct());
    }

    [Theory]
    [InlineData("clock-skew=-3600")]
    [InlineData("clock-skew=3600")]
    public async Task The_clock_may_be_wrong(string word)
    {
        await using var room = await CameraRoom.StartAsync(word);
        await room.EnrolAsync();
        Assert.Contains("invalid_client", await room.ToldAsync("offline"), StringComparison.Ordinal);
        Assert.NotEmpty((await room.CallAsync(Soap.Device, "<t:GetSystemDateAndTime/>")).Elements());
    }

    [Fact]
    public async Task Assertions_may_be_of_64_KiB()
    {
        await using var room = await CameraRoom.StartAsync("oversized-token");
        await room.ConnectAsync("https");
        Assert.Equal(64 * 1024, ((string)room.Cloud.AssertionClaims.Single()["padding"]!).Length);
    }

    [Fact]
    public async Task Status_and_levels_may_be_those_of_other_releases()
    {
        await using var room = await CameraRoom.StartAsync("status-online", "user-level-list");
        await room.ConnectAsync("https");
        await room.ToldAsync("connected");
        var configuration = (await room.CallAsync(Soap.Uplink, "<t:GetUplinks/>")).Elements().Single();
        Assert.Equal(("Online", "Administrator onvif:Administrator"), (configuration.Text("Status"), configuration.Text("UserLevel")));
    }

    [Fact]
    public async Task WebSocket_messages_may_come_in_fragments()
    {
        await using var room = await CameraRoom.StartAsync("fragment-frames");
        var uplink = await room.ConnectAsync("wss");
        const string GetServices = "<t:GetServices><t:IncludeCapability>true</t:IncludeCapability></t:GetServices>";
        var (status, _) = await uplink.CallAsync(Soap.DevicePath, Soap.Envelope(Soap.Device, GetServices));
        Assert.Equal(HttpStatusCode.OK, status);
    }

    [Fact]
    public async Task The_token_may_be_in_the_query()
    {
        await using var room = await CameraRoom.StartAsync("token-in-query");
        await room.ConnectAsync("wss");
        Assert.Equal("/onvif/uplink?access_token=token-1", room.Cloud.Upgrades.Single().Target);
    }

    [Fact]
    public async Task The_request_line_may_be_written_wrongly()
    {
        await using var room = await CameraRoom.StartAsync("lower-case-request-line");
        await room.EnrolAsync();
        await room.ToldAsync("offline");
        Assert.Empty(room.Cloud.Upgrades);
    }

    private static string Status(string key) => $"<t:GetKeyStatus><t:KeyID>{key}</t:KeyID></t:GetKeyStatus>";

    private static async Task<System.Xml.Linq.XElement> SecurityCapabilitiesAsync(CameraRoom room, string part) =>
        (await room.CallAsync(Soap.Security, "<t:GetServiceCapabilities/>")).Descendants().First(element => element.Name.LocalName == part);

    private static async Task<System.Xml.Linq.XElement> UplinkCapabilitiesAsync(CameraRoom room) =>
        (await room.CallAsync(Soap.Uplink, "<t:GetServiceCapabilities/>")).Elements().Single();
}
