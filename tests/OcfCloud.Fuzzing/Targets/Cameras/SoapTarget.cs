using System.Net;
using System.Text;
using Microsoft.Extensions.Options;
using OcfCloud.Fuzzing.Engine;
using OcfCloud.Onvif;
using OcfCloud.Onvif.Metrics;
using OcfCloud.Onvif.Soap;
using OcfCloud.Onvif.Uplink;

namespace OcfCloud.Fuzzing.Targets.Cameras;

/// <summary>What a camera answers to each call. The first byte names the call, the second the HTTP status, the rest is the answer's body.</summary>
internal sealed class SoapTarget : FuzzTarget
{
    private const int MaxText = 256;

    private static readonly HttpStatusCode[] Statuses = [HttpStatusCode.OK, HttpStatusCode.BadRequest, HttpStatusCode.InternalServerError, HttpStatusCode.Unauthorized, HttpStatusCode.NotFound];
    private static readonly AuthorizationServerData Server = new("https://a", "c", "s", "k", "p");

    private readonly Answering _camera = new();
    private readonly CameraCalls _calls;
    private readonly Action[] _asked;

    public SoapTarget()
    {
        var options = Options.Create(new OnvifOptions());
        _calls = new CameraCalls(_camera, new OnvifMetrics(new UplinkRegister(options), new QuietMeters()), options, StillTime.Instance);
        _asked =
        [
            () => Ask(DeviceCalls.GetServices(), _ => { }),
            () => Ask(DeviceCalls.GetDeviceInformation(), said => AreShort(said.Manufacturer, said.Model, said.FirmwareVersion, said.SerialNumber, said.HardwareId)),
            () => Ask(DeviceCalls.UpgradeFirmware("1"), said => AreShort(said)),
            () => Ask(SecurityCalls.GetServiceCapabilities(), said => Invariant.Holds(said.RsaKeyLengths.All(bits => bits > 0), "lengths of keys are numbers")),
            () => Ask(SecurityCalls.UploadCertificate([1], "a"), said => AreShort(said.CertificateId, said.KeyId)),
            () => Ask(SecurityCalls.GetAllCertificates(), said => AreShort([.. said.SelectMany(one => new[] { one.CertificateId, one.KeyId, one.Alias })])),
            () => Ask(SecurityCalls.CreateEccKeyPair("c", "a"), said => AreShort(said.KeyId)),
            () => Ask(SecurityCalls.GetKeyStatus("k"), _ => { }),
            () => Ask(SecurityCalls.GetAllKeys(), said => AreShort([.. said.SelectMany(one => new[] { one.KeyId, one.Alias })])),
            () => Ask(SecurityCalls.CreatePkcs10Csr(new CsrSubject("c", null, null), "k", "a"), said => Invariant.Holds(said.Length <= _camera.Body.Length, "bytes are no more than were said")),
            () => Ask(SecurityCalls.CreateCertPathValidationPolicy("a", []), said => AreShort(said)),
            () => Ask(SecurityCalls.GetAllCertPathValidationPolicies(), said => AreShort([.. said.SelectMany(one => one.CertificateIds.Append(one.PolicyId))])),
            () => Ask(SecurityCalls.GetAuthorizationServerConfigurations(), _ => { }),
            () => Ask(SecurityCalls.CreateAuthorizationServerConfiguration(Server), said => AreShort(said)),
            () => Ask(UplinkCalls.GetServiceCapabilities(), _ => { }),
            () => Ask(UplinkCalls.GetUplinks(), said => AreShort([.. said.SelectMany(one => new[] { one.CertificateId, one.Status, one.PolicyId, one.AuthorizationServer, one.Error })])),
            () => Ask(SecurityCalls.DeleteKey("k"), _ => { }),
        ];
    }

    public override string Name => "soap";

    public override Grain Grain => Grain.Xml;

    public override int MaxLength => 4096;

    // An element of four characters is an object with a name, in a list.
    public override long AllocationPerByte => 512;

    public override IEnumerable<byte[]> Seeds =>
    [
        Of(0, """<tds:GetServicesResponse><tds:Service><tds:Namespace>http://www.onvif.org/ver10/advancedsecurity/wsdl</tds:Namespace><tds:XAddr>http://192.168.1.7:8080/onvif/security?a=b</tds:XAddr><tds:Capabilities><tas:Capabilities><tas:KeystoreCapabilities MaximumNumberOfKeys="16" KeyPairGeneration="RSA ECC" RSAKeyLengths="3072 4096" EllipticCurves="secp256r1" PKCS10="true"><tas:SignatureAlgorithms><tas:algorithm>1.2.840.10045.4.3.2</tas:algorithm></tas:SignatureAlgorithms></tas:KeystoreCapabilities><tas:AuthorizationServer MaxConfigurations="4" ConfigurationTypesSupported="OAuthClientCredentials"/></tas:Capabilities></tds:Capabilities></tds:Service><tds:Service><tds:Namespace>http://www.onvif.org/ver10/uplink/wsdl</tds:Namespace><tds:XAddr>https://uplink/x</tds:XAddr><tds:Capabilities><tup:Capabilities MaxUplinks="4" Protocols="https wss"/></tds:Capabilities></tds:Service></tds:GetServicesResponse>"""),
        Of(1, "<tds:GetDeviceInformationResponse><tds:Manufacturer>Acme</tds:Manufacturer><tds:Model>A</tds:Model><tds:FirmwareVersion>4.2</tds:FirmwareVersion><tds:SerialNumber>0040</tds:SerialNumber><tds:HardwareId>7</tds:HardwareId></tds:GetDeviceInformationResponse>"),
        Of(2, "<tds:UpgradeFirmwareResponse><tds:ExpectedDownTime>PT3M</tds:ExpectedDownTime></tds:UpgradeFirmwareResponse>"),
        Of(3, """<tas:GetServiceCapabilitiesResponse><tas:Capabilities><tas:KeystoreCapabilities RSAKeyPairGeneration="true" RSAKeyLengths="2048 x"/></tas:Capabilities></tas:GetServiceCapabilitiesResponse>"""),
        Of(4, "<tas:UploadCertificateResponse><tas:CertificateID>c</tas:CertificateID><tas:KeyID>k</tas:KeyID></tas:UploadCertificateResponse>"),
        Of(5, "<tas:GetAllCertificatesResponse><tas:Certificate><tas:CertificateID>c</tas:CertificateID><tas:KeyID>k</tas:KeyID><tas:Alias>a</tas:Alias><tas:CertificateContent>MIIB szCC</tas:CertificateContent><tas:HasPrivateKey>false</tas:HasPrivateKey></tas:Certificate></tas:GetAllCertificatesResponse>"),
        Of(6, "<tas:CreateECCKeyPairResponse><tas:KeyID>k</tas:KeyID><tas:EstimatedCreationTime>PT1S</tas:EstimatedCreationTime></tas:CreateECCKeyPairResponse>"),
        Of(7, "<tas:GetKeyStatusResponse><tas:KeyStatus>generating</tas:KeyStatus></tas:GetKeyStatusResponse>"),
        Of(8, "<tas:GetAllKeysResponse><tas:KeyAttribute><tas:KeyID>k</tas:KeyID><tas:Alias>a</tas:Alias><tas:hasPrivateKey>1</tas:hasPrivateKey><tas:KeyStatus>ok</tas:KeyStatus></tas:KeyAttribute></tas:GetAllKeysResponse>"),
        Of(9, "<tas:CreatePKCS10CSRResponse><tas:PKCS10CSR>MIIBCTCBsAIBADBO</tas:PKCS10CSR></tas:CreatePKCS10CSRResponse>"),
        Of(10, "<tas:CreateCertPathValidationPolicyResponse><tas:CertPathValidationPolicyID>p</tas:CertPathValidationPolicyID></tas:CreateCertPathValidationPolicyResponse>"),
        Of(11, "<tas:GetAllCertPathValidationPoliciesResponse><tas:CertPathValidationPolicy><tas:CertPathValidationPolicyID>p</tas:CertPathValidationPolicyID><tas:Alias>a</tas:Alias><tas:TrustAnchor><tas:CertificateID>c</tas:CertificateID></tas:TrustAnchor></tas:CertPathValidationPolicy></tas:GetAllCertPathValidationPoliciesResponse>"),
        Of(12, """<tas:GetAuthorizationServerConfigurationsResponse><tas:Configuration token="t"><tas:Data Type="OAuthClientCredentials" ClientAuth="private_key_jwt"><tas:ServerUri>https://a</tas:ServerUri><tas:ClientID>c</tas:ClientID><tas:KeyID>k</tas:KeyID></tas:Data></tas:Configuration></tas:GetAuthorizationServerConfigurationsResponse>"""),
        Of(13, "<tas:CreateAuthorizationServerConfigurationResponse><tas:Token>t</tas:Token></tas:CreateAuthorizationServerConfigurationResponse>"),
        Of(14, """<tup:GetServiceCapabilitiesResponse><tup:Capabilities AuthorizationModes="mTLS AccessToken" StreamingOverUplink="true"/></tup:GetServiceCapabilitiesResponse>"""),
        Of(15, "<tup:GetUplinksResponse><tup:Configuration><tup:RemoteAddress>wss://a/b</tup:RemoteAddress><tup:UserLevel>Operator User</tup:UserLevel><tup:Status>Connected</tup:Status><tup:Error>e</tup:Error></tup:Configuration></tup:GetUplinksResponse>"),
        Of(16, "<tas:DeleteKeyResponse/>"),
        Of(1, """<s:Fault><s:Code><s:Value>s:Sender</s:Value><s:Subcode><s:Value>ter:NotAuthorized</s:Value><s:Subcode><s:Value>ter:X</s:Value></s:Subcode></s:Subcode></s:Code><s:Reason><s:Text xml:lang="en">Sender not authorized</s:Text></s:Reason></s:Fault>""", status: 1),
    ];

    public override IEnumerable<byte[]> Words =>
    [
        .. new[]
        {
            "<?xml version=\"1.0\" encoding=\"utf-16\"?>", "<?xml version=\"1.0\" encoding=\"utf-7\"?>", "<!DOCTYPE a [<!ENTITY b \"c\">]>", "&b;", "&amp;", "&#0;", "&#x10FFFF;", "&#xD800;", "<![CDATA[", "]]>", "<!--", "-->",
            "<?a b?>", "<a>", "</a>", "<a/>", " a=\"\"", "xmlns=\"\"", "xmlns:a=\"\"", " xmlns:xml=\"http://www.w3.org/XML/1998/namespace\"", " xmlns:xmlns=\"http://www.w3.org/2000/xmlns/\"",
            " xmlns=\"http://www.w3.org/XML/1998/namespace\"", " xmlns=\"http://www.w3.org/2000/xmlns/\"", " xml:space=\"preserve\"", "<tas:", "<tds:", "<tup:", "<s:Body>", "<s:Fault>", "<s:Code>", "<s:Value>", "<s:Subcode>",
            "PT1S", "P99999999999D", "-P1Y", "P1Y2M", "true", "1", "\ufeff", "http://[::1]:99999/", "https://\u00e4.example/", "http://a:b@c/%00", "2147483648", "\r\n\t ",
        }.Select(Encoding.UTF8.GetBytes),
        [0xff], [0xfe, 0xff], [0xff, 0xfe], [0xc3], [0xed, 0xa0, 0x80], [0],
    ];

    public override void Run(ReadOnlyMemory<byte> input)
    {
        if (input.Length < 2) return;
        _camera.Status = Statuses[input.Span[1] % Statuses.Length];
        _camera.Body = input[2..].ToArray();
        _asked[input.Span[0] % _asked.Length]();
    }

    private void Ask<T>(SoapCall<T> call, Action<T> lookAt)
        where T : class
    {
        var answer = Invariant.Finished(_calls.SendAsync(Guid.Empty, SoapNames.DevicePath, call, CancellationToken.None));
        Invariant.Holds(answer.Outcome is CallOutcome.Done or CallOutcome.Fault or CallOutcome.NoAnswer or CallOutcome.Unreadable, "an answer is good, a fault, or none");
        Invariant.Holds(answer.Value is not null == (answer.Outcome == CallOutcome.Done) && answer.Fault is not null == (answer.Outcome == CallOutcome.Fault), "what came is there, and nothing else");
        Invariant.Holds(CallText.Of(answer.Outcome, answer.Fault).Length <= 16 * MaxText, "words about it are few");
        if (answer.Fault is { } fault)
        {
            Invariant.Holds(fault.Subcodes.Count <= 8, "subcodes are few");
            AreShort([fault.Reason, .. fault.Subcodes]);
            Invariant.Holds(!fault.Reason.Any(char.IsControl) && fault.Subcodes.All(code => !code.Any(char.IsControl)), "a fault's words are one line");
        }

        if (answer.Value is { } value) lookAt(value);
    }

    private static void AreShort(params string?[] texts) => Invariant.Holds(texts.All(text => text is null or { Length: <= MaxText }), "texts are cut to what is stored");

    private static byte[] Of(byte call, string body, byte status = 0) =>
    [
        call, status,
        .. Encoding.UTF8.GetBytes($"""<s:Envelope xmlns:s="http://www.w3.org/2003/05/soap-envelope" xmlns:tds="http://www.onvif.org/ver10/device/wsdl" xmlns:tas="http://www.onvif.org/ver10/advancedsecurity/wsdl" xmlns:tup="http://www.onvif.org/ver10/uplink/wsdl"><s:Body>{body}</s:Body></s:Envelope>"""),
    ];

    private sealed class Answering : ICameraConnections
    {
        public HttpStatusCode Status { get; set; }

        public byte[] Body { get; set; } = [];

        public bool IsConnected(Guid camera) => true;

        public IDisposable Subscribe(Action<Guid> connected) => throw new NotSupportedException();

        public Task<HttpResponseMessage> SendAsync(Guid camera, HttpRequestMessage request, CancellationToken cancellationToken) =>
            Task.FromResult(new HttpResponseMessage(Status) { Content = new ByteArrayContent(Body) });

        public Task CloseAsync(Guid camera) => throw new NotSupportedException();
    }
}
