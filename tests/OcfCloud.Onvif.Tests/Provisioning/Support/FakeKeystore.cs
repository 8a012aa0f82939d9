using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Xml.Linq;

namespace OcfCloud.Onvif.Tests.Provisioning.Support;

/// <summary>Keys, certificates, policies, authorization servers and uplinks of a camera, each refused to go while another refers to it.</summary>
internal sealed class FakeKeystore
{
    public const string Root = "cm9vdCBvZiB0aGUgY2xvdWQ=";

    private int _next = 1;

    public SortedDictionary<string, Key> Keys { get; } = new(StringComparer.Ordinal);

    public SortedDictionary<string, Certificate> Certificates { get; } = new(StringComparer.Ordinal);

    public SortedDictionary<string, Policy> Policies { get; } = new(StringComparer.Ordinal);

    public SortedDictionary<string, Server> Servers { get; } = new(StringComparer.Ordinal);

    public SortedDictionary<string, Uplink> Uplinks { get; } = new(StringComparer.Ordinal);

    public (int Keys, int Certificates, int Policies, int Servers, int Uplinks) Most { get; set; } = (16, 16, 8, 4, 4);

    public string Protocols { get; set; } = "https wss";

    public string KeyPairs { get; set; } = "RSA ECC";

    /// <summary>What it says of the RSA keys that it makes; empty: nothing, and it makes those of 3072 bits.</summary>
    public string RsaLengths { get; set; } = "";

    public string ClientAuth { get; set; } = "private_key_jwt";

    public string Modes { get; set; } = "mTLS AccessToken";

    public string SerialNumber { get; set; } = "00408CFA1234";

    public string CreationTime { get; set; } = "PT0S";

    public string KeyStatus { get; set; } = "ok";

    public bool TakesSubjects { get; set; } = true;

    public string Status { get; set; } = "Connecting";

    public string Error { get; set; } = "";

    /// <summary>It says that it deletes uplinks, and does not.</summary>
    public bool KeepsUplinks { get; set; }

    /// <summary>A key that an uploaded certificate is linked to, instead of a new entry.</summary>
    public string? LinkedKey { get; set; }

    /// <summary>As a cloud has enrolled it.</summary>
    public void Enrol(string remoteAddress, string level = "Administrator")
    {
        Keys["key_pcs"] = new Key("own", ECDsa.Create(ECCurve.NamedCurves.nistP256));
        Keys["key_pcs_root"] = new Key("root", null);
        Certificates["cert_pcs"] = new Certificate(Root, "root", "key_pcs_root");
        Policies["certpath_pcs"] = new Policy("pcs", "cert_pcs");
        Servers["authserver_pcs"] = new Server("https://pcs.example/.well-known/openid-configuration", "cam-pcs", "onvif.uplink", "key_pcs", "certpath_pcs");
        Uplinks[remoteAddress] = new Uplink(level, "certpath_pcs", "authserver_pcs");
    }

    /// <summary>All that a client can see, but for the order in which ids were given.</summary>
    public string Snapshot()
    {
        var text = new StringBuilder();
        foreach (var (id, key) in Keys) text.AppendLine($"{id} {key.Alias} {key.Pair is not null}");
        foreach (var one in Certificates) text.AppendLine(one.ToString());
        foreach (var one in Policies) text.AppendLine(one.ToString());
        foreach (var one in Servers) text.AppendLine(one.ToString());
        foreach (var one in Uplinks) text.AppendLine(one.ToString());
        return text.ToString();
    }

    public (string Body, string? Fault) Answer(XElement asked)
    {
        string Get(string name) => asked.Descendants().First(one => one.Name.LocalName == name).Value;
        string? Find(string name) => asked.Descendants().FirstOrDefault(one => one.Name.LocalName == name)?.Value;
        switch (asked.Name.LocalName)
        {
            case "GetServices":
                return ($"{Service("device", "device_service", "")}{Service("advancedsecurity", "security_service?v=2", SecurityCapabilities())}{Service("uplink", "uplink_service", UplinkCapabilities())}", null);
            case "GetDeviceInformation":
                return ($"<tds:Manufacturer>Acme</tds:Manufacturer><tds:Model>AC-2000</tds:Model><tds:FirmwareVersion>1</tds:FirmwareVersion><tds:SerialNumber>{SerialNumber}</tds:SerialNumber><tds:HardwareId>h</tds:HardwareId>", null);
            case "GetUplinks":
                return (string.Concat(Uplinks.Select(one =>
                    $"<tup:Configuration><tup:RemoteAddress>{one.Key}</tup:RemoteAddress><tup:UserLevel>{one.Value.Level}</tup:UserLevel><tup:Status>{(one.Value.Server == "authserver_pcs" ? "Connected" : Status)}</tup:Status>"
                    + $"<tup:CertPathValidationPolicyID>{one.Value.Policy}</tup:CertPathValidationPolicyID><tup:AuthorizationServer>{one.Value.Server}</tup:AuthorizationServer><tup:Error>{Error}</tup:Error></tup:Configuration>")), null);
            case "GetAuthorizationServerConfigurations":
                return (string.Concat(Servers.Select(one =>
                    $"<tas:Configuration token=\"{one.Key}\"><tas:Data Type=\"OAuthClientCredentials\" ClientAuth=\"private_key_jwt\"><tas:ServerUri>{one.Value.Uri}</tas:ServerUri><tas:ClientID>{one.Value.Client}</tas:ClientID>"
                    + (one.Value.Scope is null ? "" : $"<tas:Scope>{one.Value.Scope}</tas:Scope>")
                    + $"<tas:KeyID>{one.Value.Key}</tas:KeyID><tas:CertPathValidationPolicyID>{one.Value.Policy}</tas:CertPathValidationPolicyID></tas:Data></tas:Configuration>")), null);
            case "GetAllCertificates":
                return (string.Concat(Certificates.Select(one =>
                    $"<tas:Certificate><tas:CertificateID>{one.Key}</tas:CertificateID><tas:KeyID>{one.Value.Key}</tas:KeyID><tas:Alias>{one.Value.Alias}</tas:Alias><tas:CertificateContent>{one.Value.Content}</tas:CertificateContent></tas:Certificate>")), null);
            case "GetAllCertPathValidationPolicies":
                return (string.Concat(Policies.Select(one =>
                    $"<tas:CertPathValidationPolicy><tas:CertPathValidationPolicyID>{one.Key}</tas:CertPathValidationPolicyID><tas:Alias>{one.Value.Alias}</tas:Alias><tas:Parameters/>"
                    + string.Concat(one.Value.Anchors.Split(' ').Select(id => $"<tas:TrustAnchor><tas:CertificateID>{id}</tas:CertificateID></tas:TrustAnchor>")) + "</tas:CertPathValidationPolicy>")), null);
            case "GetAllKeys":
                return (string.Concat(Keys.Select(one =>
                    $"<tas:KeyAttribute><tas:KeyID>{one.Key}</tas:KeyID><tas:Alias>{one.Value.Alias}</tas:Alias><tas:hasPrivateKey>{(one.Value.Pair is null ? "false" : "true")}</tas:hasPrivateKey><tas:KeyStatus>ok</tas:KeyStatus></tas:KeyAttribute>")), null);
            case "UploadCertificate":
                if (Certificates.Values.Any(one => one.Content == Get("Certificate"))) return ("", "InvalidArgVal/Duplicate");
                if (Certificates.Count >= Most.Certificates) return ("", "!Action/MaximumNumberOfCertificatesReached");
                var (certificate, publicKey) = (Id("cert"), LinkedKey ?? Id("key"));
                if (LinkedKey is null) Keys[publicKey] = new Key(Get("KeyAlias"), null);
                Certificates[certificate] = new Certificate(Get("Certificate"), Get("Alias"), publicKey);
                return ($"<tas:CertificateID>{certificate}</tas:CertificateID><tas:KeyID>{publicKey}</tas:KeyID>", null);
            case "CreateCertPathValidationPolicy":
                if (Policies.Count >= Most.Policies) return ("", "!Action/MaximumNumberOfCertPathValidationPoliciesReached");
                var anchors = asked.Descendants().Where(one => one.Name.LocalName == "CertificateID").Select(one => one.Value).ToList();
                if (!anchors.TrueForAll(Certificates.ContainsKey)) return ("", "InvalidArgVal/CertificateID");
                var policy = Id("certpath");
                Policies[policy] = new Policy(Get("Alias"), string.Join(' ', anchors));
                return ($"<tas:CertPathValidationPolicyID>{policy}</tas:CertPathValidationPolicyID>", null);
            case "CreateECCKeyPair":
                return KeyPairs.Contains("ECC", StringComparison.Ordinal) ? MakeKey(ECDsa.Create(ECCurve.NamedCurves.nistP256), Get("Alias")) : ("", "!Action/ActionNotSupported");
            case "CreateRSAKeyPair":
                Assert.Contains(Get("KeyLength"), RsaLengths.Length == 0 ? ["3072"] : RsaLengths.Split(' '));
                return MakeKey(RSA.Create(int.Parse(Get("KeyLength"), System.Globalization.CultureInfo.InvariantCulture)), Get("Alias"));
            case "GetKeyStatus":
                return Keys.ContainsKey(Get("KeyID")) ? ($"<tas:KeyStatus>{KeyStatus}</tas:KeyStatus>", null) : ("", "InvalidArgVal/KeyID");
            case "CreatePKCS10CSR":
                if (!TakesSubjects && Find("SerialNumber") is not null) return ("", "InvalidArgVal/InvalidSubject");
                return Keys.TryGetValue(Get("KeyID"), out var pair) ? ($"<tas:PKCS10CSR>{Request(pair, Get("CommonName"))}</tas:PKCS10CSR>", null) : ("", "InvalidArgVal/KeyID");
            case "CreateAuthorizationServerConfiguration":
                if (Servers.Count >= Most.Servers) return ("", "!Action/MaxAuthorizationServers");
                if (!Keys.ContainsKey(Get("KeyID")) || !Policies.ContainsKey(Get("CertPathValidationPolicyID"))) return ("", "InvalidArgVal/InvalidConfig");
                var server = Id("authserver");
                Servers[server] = new Server(Get("ServerUri"), Get("ClientID"), Find("Scope"), Get("KeyID"), Get("CertPathValidationPolicyID"));
                return ($"<tas:Token>{server}</tas:Token>", null);
            case "SetAuthorizationServerConfiguration":
                var token = asked.Elements().Single().Attribute("token")!.Value;
                if (!Servers.ContainsKey(token)) return ("", "InvalidArgVal/InvalidToken");
                Servers[token] = new Server(Get("ServerUri"), Get("ClientID"), Find("Scope"), Get("KeyID"), Get("CertPathValidationPolicyID"));
                return ("", null);
            case "SetUplink":
                if (!Policies.ContainsKey(Get("CertPathValidationPolicyID"))) return ("", "InvalidArgVal/CertPathValidationPolicyID");
                if (!Servers.ContainsKey(Get("AuthorizationServer"))) return ("", "InvalidArgVal/AuthorizationServerConfigurationToken");
                if (!Uplinks.ContainsKey(Get("RemoteAddress")) && Uplinks.Count >= Most.Uplinks) return ("", "!Action/Full");
                Uplinks[Get("RemoteAddress")] = new Uplink(Get("UserLevel"), Get("CertPathValidationPolicyID"), Get("AuthorizationServer"));
                return ("", null);
            case "DeleteUplink":
                return KeepsUplinks ? ("", null) : Delete(Uplinks, Get("RemoteAddress"), isReferred: false);
            case "DeleteAuthorizationServerConfiguration":
                return Delete(Servers, Get("Token"), Uplinks.Values.Any(one => one.Server == Get("Token")));
            case "DeleteKey":
                return Delete(Keys, Get("KeyID"), Certificates.Values.Any(one => one.Key == Get("KeyID")) || Servers.Values.Any(one => one.Key == Get("KeyID")));
            case "DeleteCertPathValidationPolicy":
                var id = Get("CertPathValidationPolicyID");
                return Delete(Policies, id, Uplinks.Values.Any(one => one.Policy == id) || Servers.Values.Any(one => one.Policy == id));
            case "DeleteCertificate":
                return Delete(Certificates, Get("CertificateID"), Policies.Values.Any(one => one.Anchors.Split(' ').Contains(Get("CertificateID"))));
            default:
                return ("", "!Action/ActionNotSupported");
        }
    }

    private static (string Body, string? Fault) Delete<T>(SortedDictionary<string, T> from, string id, bool isReferred)
    {
        if (!from.ContainsKey(id)) return ("", "InvalidArgVal/Unknown");
        if (isReferred) return ("", "InvalidArgVal/ReferenceExists");
        from.Remove(id);
        return ("", null);
    }

    private (string Body, string? Fault) MakeKey(AsymmetricAlgorithm pair, string alias)
    {
        if (Keys.Count >= Most.Keys) return ("", "!Action/MaximumNumberOfKeysReached");
        var id = Id("key");
        Keys[id] = new Key(alias, pair);
        return ($"<tas:KeyID>{id}</tas:KeyID><tas:EstimatedCreationTime>{CreationTime}</tas:EstimatedCreationTime>", null);
    }

    private static string Request(Key key, string name) => Convert.ToBase64String((key.Pair switch
    {
        ECDsa ec => new CertificateRequest($"CN={name}", ec, HashAlgorithmName.SHA256),
        RSA rsa => new CertificateRequest($"CN={name}", rsa, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1),
        _ => throw new InvalidOperationException(),
    }).CreateSigningRequest());

    private static string Service(string name, string path, string capabilities) =>
        $"<tds:Service><tds:Namespace>http://www.onvif.org/ver10/{name}/wsdl</tds:Namespace><tds:XAddr>http://10.9.8.7/onvif/{path}</tds:XAddr><tds:Capabilities>{capabilities}</tds:Capabilities></tds:Service>";

    private string UplinkCapabilities() => $"<tup:Capabilities xmlns:tup=\"http://www.onvif.org/ver10/uplink/wsdl\" MaxUplinks=\"{Most.Uplinks}\" Protocols=\"{Protocols}\" AuthorizationModes=\"{Modes}\"/>";

    private string SecurityCapabilities() =>
        $"<tas:Capabilities xmlns:tas=\"http://www.onvif.org/ver10/advancedsecurity/wsdl\"><tas:KeystoreCapabilities MaximumNumberOfKeys=\"{Most.Keys}\" MaximumNumberOfCertificates=\"{Most.Certificates}\" "
        + $"KeyPairGeneration=\"{KeyPairs}\" {(RsaLengths.Length == 0 ? "" : $"RSAKeyLengths=\"{RsaLengths}\" ")}PKCS10=\"true\" MaximumNumberOfCertificationPathValidationPolicies=\"{Most.Policies}\"/>"
        + $"<tas:AuthorizationServer MaxConfigurations=\"{Most.Servers}\" ConfigurationTypesSupported=\"OAuthClientCredentials\" ClientAuthenticationMethodsSupported=\"{ClientAuth}\"/></tas:Capabilities>";

    private string Id(string kind) => $"{kind}_{_next++}";

    public sealed record Key(string Alias, AsymmetricAlgorithm? Pair);

    public sealed record Certificate(string Content, string Alias, string Key);

    public sealed record Policy(string Alias, string Anchors);

    public sealed record Server(string Uri, string Client, string? Scope, string Key, string Policy);

    public sealed record Uplink(string Level, string Policy, string Server);
}
