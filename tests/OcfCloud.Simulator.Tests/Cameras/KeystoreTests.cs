using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using OcfCloud.Simulator.Cameras;

namespace OcfCloud.Simulator.Tests.Cameras;

public sealed class KeystoreTests
{
    private const string ReferenceExists = "Sender/InvalidArgVal/ReferenceExists";

    [Fact]
    public async Task What_something_refers_to_is_not_deleted_and_all_goes_in_the_order_of_a_rollback()
    {
        await using var room = await CameraRoom.StartAsync();
        var before = await InventoryAsync(room);
        var uploaded = await UploadAsync(room, CameraRoom.Certificate());
        var (certificate, anchorKey) = (uploaded.Text("CertificateID"), uploaded.Text("KeyID"));
        var policy = await PolicyAsync(room, certificate);
        var key = await KeyAsync(room);
        var server = await ServerAsync(room, key, policy);
        await room.CallAsync(Soap.Uplink, Uplink("wss://ocs.example/onvif/uplink", policy, server));

        Assert.Equal(ReferenceExists, await room.RefusedAsync(Soap.Security, $"<t:DeleteKey><t:KeyID>{key}</t:KeyID></t:DeleteKey>"));
        Assert.Equal(ReferenceExists, await room.RefusedAsync(Soap.Security, $"<t:DeleteKey><t:KeyID>{anchorKey}</t:KeyID></t:DeleteKey>"));
        Assert.Equal(ReferenceExists, await room.RefusedAsync(Soap.Security, DeleteCertificate(certificate)));
        Assert.Equal(ReferenceExists, await room.RefusedAsync(Soap.Security, DeletePolicy(policy)));
        Assert.Equal(ReferenceExists, await room.RefusedAsync(Soap.Security, DeleteServer(server)));

        await room.CallAsync(Soap.Uplink, "<t:DeleteUplink><t:RemoteAddress>wss://ocs.example/onvif/uplink</t:RemoteAddress></t:DeleteUplink>");
        await room.CallAsync(Soap.Security, DeleteServer(server));
        await room.CallAsync(Soap.Security, $"<t:DeleteKey><t:KeyID>{key}</t:KeyID></t:DeleteKey>");
        await room.CallAsync(Soap.Security, DeletePolicy(policy));
        await room.CallAsync(Soap.Security, DeleteCertificate(certificate));
        await room.CallAsync(Soap.Security, $"<t:DeleteKey><t:KeyID>{anchorKey}</t:KeyID></t:DeleteKey>");
        Assert.Equal(before, await InventoryAsync(room));
    }

    [Fact]
    public async Task What_is_not_there_is_named_by_the_fault()
    {
        await using var room = await CameraRoom.StartAsync();
        Assert.Equal("Sender/InvalidArgVal/KeyID", await room.RefusedAsync(Soap.Security, "<t:DeleteKey><t:KeyID>key_9</t:KeyID></t:DeleteKey>"));
        Assert.Equal("Sender/InvalidArgVal/KeyID", await room.RefusedAsync(Soap.Security, "<t:GetKeyStatus><t:KeyID>key_9</t:KeyID></t:GetKeyStatus>"));
        Assert.Equal("Sender/InvalidArgVal/CertificateID", await room.RefusedAsync(Soap.Security, DeleteCertificate("cert_9")));
        Assert.Equal("Sender/InvalidArgVal/CertPathValidationPolicyID", await room.RefusedAsync(Soap.Security, DeletePolicy("certpath_9")));
        Assert.Equal("Sender/InvalidArgVal/NoConfig", await room.RefusedAsync(Soap.Security, DeleteServer("authserver_9")));
        Assert.Equal("Sender/InvalidArgVal/CertificateID", await room.RefusedAsync(Soap.Security, Policy("cert_9")));
        Assert.Equal(
            "Sender/InvalidArgVal/Address", await room.RefusedAsync(Soap.Uplink, "<t:DeleteUplink><t:RemoteAddress>wss://a</t:RemoteAddress></t:DeleteUplink>"));
        Assert.Equal("Sender/InvalidArgVal/InvalidConfig", await room.RefusedAsync(Soap.Security, Server("key_9", "certpath_9")));
    }

    [Fact]
    public async Task A_certificate_is_taken_once_and_brings_its_public_key()
    {
        await using var room = await CameraRoom.StartAsync();
        var content = CameraRoom.Certificate();
        var id = (await UploadAsync(room, content)).Text("CertificateID");

        Assert.Equal("Sender/InvalidArgVal/Duplicate", await room.RefusedAsync(Soap.Security, Upload(content)));
        var listed = Assert.Single((await room.CallAsync(Soap.Security, "<t:GetAllCertificates/>")).Elements());
        Assert.Equal((id, content, "false"), (listed.Text("CertificateID"), listed.Text("CertificateContent"), listed.Text("HasPrivateKey")));
        var key = Assert.Single((await room.CallAsync(Soap.Security, "<t:GetAllKeys/>")).Elements());
        Assert.Equal((listed.Text("KeyID"), "false", "ok"), (key.Text("KeyID"), key.Text("hasPrivateKey"), key.Text("KeyStatus")));
    }

    [Fact]
    public async Task What_is_no_certificate_is_refused()
    {
        await using var room = await CameraRoom.StartAsync();
        var trailing = Convert.ToBase64String([.. Convert.FromBase64String(CameraRoom.Certificate()), 0]);
        Assert.Equal("Sender/InvalidArgVal/BadCertificate", await room.RefusedAsync(Soap.Security, Upload("AAAA")));
        Assert.Equal("Sender/InvalidArgVal/BadCertificate", await room.RefusedAsync(Soap.Security, Upload(trailing)));
        Assert.Equal("Sender/InvalidArgs", await room.RefusedAsync(Soap.Security, Upload("!")));
    }

    [Theory]
    [InlineData("secp256r1", "1.2.840.10045.4.3.2")]
    [InlineData("secp384r1", "1.2.840.10045.4.3.3")]
    [InlineData(null, "1.2.840.113549.1.1.11")]
    public async Task A_request_of_certification_is_signed_by_the_key_for_the_subject(string? curve, string algorithm)
    {
        await using var room = await CameraRoom.StartAsync();
        var key = await KeyAsync(room, curve);

        var answer = await room.CallAsync(Soap.Security, Csr(key, algorithm));

        var request = CertificateRequest.LoadSigningRequest(Convert.FromBase64String(answer.Text("PKCS10CSR")), HashAlgorithmName.SHA256);
        Assert.Equal(room.State.Key(key)!.PublicKey, request.PublicKey.ExportSubjectPublicKeyInfo());
        var parts = request.SubjectName.EnumerateRelativeDistinguishedNames(reversed: false)
            .ToDictionary(part => part.GetSingleElementType().Value!, part => part.GetSingleElementValue());
        Assert.Equal("Acme", parts["2.5.4.10"]);
        Assert.Equal("cam-5f0c9e52", parts["2.5.4.3"]);
        Assert.Equal("00408CFA1234", parts["2.5.4.5"]);
    }

    [Fact]
    public async Task A_key_is_in_generation_for_its_time_and_of_no_use_until_then()
    {
        var time = new Microsoft.Extensions.Time.Testing.FakeTimeProvider(DateTimeOffset.UtcNow);
        await using var room = await CameraRoom.StartAsync(new CameraTiming { KeyGeneration = TimeSpan.FromSeconds(5) }, time);
        var key = (await room.CallAsync(Soap.Security, "<t:CreateECCKeyPair><t:EllipticCurve>secp256r1</t:EllipticCurve></t:CreateECCKeyPair>")).Text("KeyID");
        var status = $"<t:GetKeyStatus><t:KeyID>{key}</t:KeyID></t:GetKeyStatus>";

        time.Advance(TimeSpan.FromSeconds(4.9));
        Assert.Equal("generating", (await room.CallAsync(Soap.Security, status)).Text("KeyStatus"));
        Assert.Equal("Sender/InvalidArgVal/InvalidKeyStatus", await room.RefusedAsync(Soap.Security, Csr(key, "1.2.840.10045.4.3.2")));
        time.Advance(TimeSpan.FromSeconds(0.1));
        Assert.Equal("ok", (await room.CallAsync(Soap.Security, status)).Text("KeyStatus"));
        await room.CallAsync(Soap.Security, Csr(key, "1.2.840.10045.4.3.2"));
    }

    [Fact]
    public async Task An_algorithm_of_another_key_and_an_unknown_one_are_told_apart()
    {
        await using var room = await CameraRoom.StartAsync();
        var key = await KeyAsync(room);
        Assert.Equal("Sender/InvalidArgVal/KeySignatureAlgorithmMismatch", await room.RefusedAsync(Soap.Security, Csr(key, "1.2.840.113549.1.1.11")));
        Assert.Equal("Sender/InvalidArgVal/UnsupportedSignatureAlgorithm", await room.RefusedAsync(Soap.Security, Csr(key, "1.2.3")));
    }

    [Fact]
    public async Task An_uplink_needs_exactly_one_authentication_that_is_there()
    {
        await using var room = await CameraRoom.StartAsync();
        var certificate = (await UploadAsync(room, CameraRoom.Certificate())).Text("CertificateID");
        var policy = await PolicyAsync(room, certificate);
        var server = await ServerAsync(room, await KeyAsync(room), policy);

        Assert.Equal("Sender/InvalidArgVal/CertPathValidationPolicyID", await room.RefusedAsync(Soap.Uplink, Uplink("wss://a/", "certpath_9", server)));
        Assert.Equal(
            "Sender/InvalidArgVal/AuthorizationServerConfigurationToken", await room.RefusedAsync(Soap.Uplink, Uplink("wss://a/", policy, "authserver_9")));
        Assert.Equal("Sender/InvalidArgs/MissingAuthentication", await room.RefusedAsync(Soap.Uplink, Uplink("wss://a/", policy, server: null)));
        Assert.Equal("Sender/InvalidArgs/AmbiguousAuthentication", await room.RefusedAsync(Soap.Uplink, Uplink("wss://a/", policy, server, certificate)));
        Assert.Equal("Sender/InvalidArgVal/CertificateID", await room.RefusedAsync(Soap.Uplink, Uplink("wss://a/", policy, server: null, certificate)));
        Assert.Equal("Sender/InvalidArgs/ProtocolNotSupported", await room.RefusedAsync(Soap.Uplink, Uplink("ftp://a/", policy, server)));
        Assert.Empty(room.State.Uplinks);
    }

    [Fact]
    public async Task The_address_of_an_uplink_is_its_key()
    {
        await using var room = await CameraRoom.StartAsync();
        var policy = await PolicyAsync(room, (await UploadAsync(room, CameraRoom.Certificate())).Text("CertificateID"));
        var server = await ServerAsync(room, await KeyAsync(room), policy);
        await room.CallAsync(Soap.Uplink, Uplink("wss://a/", policy, server));
        await room.CallAsync(Soap.Uplink, Uplink("wss://a/", policy, server).Replace("Administrator", "User", StringComparison.Ordinal));

        var configuration = Assert.Single((await room.CallAsync(Soap.Uplink, "<t:GetUplinks/>")).Elements());
        Assert.Equal(("wss://a/", "User", "Offline"), (configuration.Text("RemoteAddress"), configuration.Text("UserLevel"), configuration.Text("Status")));
    }

    [Fact]
    public async Task A_restart_keeps_everything_and_gives_no_id_twice()
    {
        await using var room = await CameraRoom.StartAsync();
        var policy = await PolicyAsync(room, (await UploadAsync(room, CameraRoom.Certificate())).Text("CertificateID"));
        var key = await KeyAsync(room);
        var server = await ServerAsync(room, key, policy);
        await room.CallAsync(Soap.Uplink, Uplink("wss://a/", policy, server));
        var gone = await KeyAsync(room);
        await room.CallAsync(Soap.Security, $"<t:DeleteKey><t:KeyID>{gone}</t:KeyID></t:DeleteKey>");
        var before = await InventoryAsync(room);
        var request = (await room.CallAsync(Soap.Security, Csr(key, "1.2.840.10045.4.3.2"))).Text("PKCS10CSR");

        await room.RestartAsync();

        Assert.Equal(before, await InventoryAsync(room));
        var again = (await room.CallAsync(Soap.Security, Csr(key, "1.2.840.10045.4.3.2"))).Text("PKCS10CSR");
        Assert.Equal(PublicKeyOf(request), PublicKeyOf(again));
        Assert.NotEqual(gone, await KeyAsync(room));
    }

    internal static async Task<string> KeyAsync(CameraRoom room, string? curve = "secp256r1")
    {
        var answer = await room.CallAsync(Soap.Security, curve is null
            ? "<t:CreateRSAKeyPair><t:KeyLength>3072</t:KeyLength></t:CreateRSAKeyPair>"
            : $"<t:CreateECCKeyPair><t:EllipticCurve>{curve}</t:EllipticCurve></t:CreateECCKeyPair>");
        var key = answer.Text("KeyID");
        while ((await room.CallAsync(Soap.Security, $"<t:GetKeyStatus><t:KeyID>{key}</t:KeyID></t:GetKeyStatus>")).Value == "generating")
            TestContext.Current.CancellationToken.ThrowIfCancellationRequested();
        return key;
    }

    internal static async Task<string> PolicyAsync(CameraRoom room, string certificate) =>
        (await room.CallAsync(Soap.Security, Policy(certificate))).Text("CertPathValidationPolicyID");

    internal static async Task<string> ServerAsync(CameraRoom room, string key, string policy) =>
        (await room.CallAsync(Soap.Security, Server(key, policy))).Text("Token");

    internal static Task<System.Xml.Linq.XElement> UploadAsync(CameraRoom room, string content) => room.CallAsync(Soap.Security, Upload(content));

    internal static string Upload(string content) => $"<t:UploadCertificate><t:Certificate>{content}</t:Certificate><t:Alias>a</t:Alias></t:UploadCertificate>";

    internal static string Policy(string certificate) => $"""
        <t:CreateCertPathValidationPolicy><t:Alias>ocs</t:Alias><t:Parameters/>
          <t:TrustAnchor><t:CertificateID>{certificate}</t:CertificateID></t:TrustAnchor>
        </t:CreateCertPathValidationPolicy>
        """;

    internal static string Server(string key, string policy, string uri = "https://ocs.example/metadata", string client = "cam-1") => $"""
        <t:CreateAuthorizationServerConfiguration>
          <t:Configuration Type="OAuthClientCredentials" ClientAuth="private_key_jwt">
            <t:ServerUri>{uri}</t:ServerUri><t:ClientID>{client}</t:ClientID><t:Scope>onvif.uplink</t:Scope>
            <t:KeyID>{key}</t:KeyID><t:CertPathValidationPolicyID>{policy}</t:CertPathValidationPolicyID>
          </t:Configuration>
        </t:CreateAuthorizationServerConfiguration>
        """;

    internal static string Uplink(string address, string policy, string? server, string? certificate = null) => $"""
        <t:SetUplink><t:Configuration><t:RemoteAddress>{address}</t:RemoteAddress>
          {(certificate is null ? "" : $"<t:CertificateID>{certificate}</t:CertificateID>")}<t:UserLevel>Administrator</t:UserLevel>
          <t:CertPathValidationPolicyID>{policy}</t:CertPathValidationPolicyID>
          {(server is null ? "" : $"<t:AuthorizationServer>{server}</t:AuthorizationServer>")}
        </t:Configuration></t:SetUplink>
        """;

    internal static string Csr(string key, string algorithm) => $"""
        <t:CreatePKCS10CSR>
          <t:Subject><t:Organization>Acme</t:Organization><t:CommonName>cam-5f0c9e52</t:CommonName><t:SerialNumber>00408CFA1234</t:SerialNumber></t:Subject>
          <t:KeyID>{key}</t:KeyID><t:SignatureAlgorithm><t:algorithm>{algorithm}</t:algorithm></t:SignatureAlgorithm>
        </t:CreatePKCS10CSR>
        """;

    private static string DeleteCertificate(string id) => $"<t:DeleteCertificate><t:CertificateID>{id}</t:CertificateID></t:DeleteCertificate>";

    private static string DeletePolicy(string id) =>
        $"<t:DeleteCertPathValidationPolicy><t:CertPathValidationPolicyID>{id}</t:CertPathValidationPolicyID></t:DeleteCertPathValidationPolicy>";

    private static string DeleteServer(string id) =>
        $"<t:DeleteAuthorizationServerConfiguration><t:Token>{id}</t:Token></t:DeleteAuthorizationServerConfiguration>";

    private static byte[] PublicKeyOf(string request) =>
        CertificateRequest.LoadSigningRequest(Convert.FromBase64String(request), HashAlgorithmName.SHA256).PublicKey.ExportSubjectPublicKeyInfo();

    private static async Task<string> InventoryAsync(CameraRoom room)
    {
        var all = new List<string>();
        foreach (var operation in new[] { "GetAllKeys", "GetAllCertificates", "GetAllCertPathValidationPolicies", "GetAuthorizationServerConfigurations" })
            all.Add((await room.CallAsync(Soap.Security, $"<t:{operation}/>")).ToString());
        all.Add((await room.CallAsync(Soap.Uplink, "<t:GetUplinks/>")).ToString());
        return string.Join('\n', all);
    }
}
