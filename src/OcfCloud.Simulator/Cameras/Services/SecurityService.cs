using System.Xml.Linq;
using OcfCloud.Simulator.Cameras.Keystore;
using OcfCloud.Simulator.Cameras.Soap;

namespace OcfCloud.Simulator.Cameras.Services;

/// <summary>The advanced security service: keystore and certificates; the rest is in <c>SecurityService.AuthorizationServers.cs</c>.</summary>
internal sealed partial class SecurityService
{
    private const string Path = "/onvif/security_service";
    private static readonly XNamespace Tas = OnvifNames.Security;
    private static readonly string[] SignatureAlgorithms = ["1.2.840.10045.4.3.2", "1.2.840.113549.1.1.11"];

    private readonly CameraMemory _memory;
    private readonly Misbehaviour _misbehaviour;
    private readonly TimeProvider _time;
    private readonly KeyRing _keys;
    private readonly CertificateStore _certificates;
    private readonly AuthorizationServerStore _servers;

    /// <summary>Describes the service.</summary>
    public SecurityService(
        CameraMemory memory,
        Misbehaviour misbehaviour,
        KeyRing keys,
        CertificateStore certificates,
        AuthorizationServerStore servers,
        TimeProvider time)
    {
        (_memory, _misbehaviour, _keys, _certificates, _servers, _time) = (memory, misbehaviour, keys, certificates, servers, time);
        Service = new CameraService(Path, Tas, new Dictionary<string, CameraOperation>
        {
            ["GetServiceCapabilities"] = new(AccessClass.PreAuthentication, GetServiceCapabilities),
            ["CreateECCKeyPair"] = new(AccessClass.WriteSystem, CreateEccKeyPair),
            ["CreateRSAKeyPair"] = new(AccessClass.WriteSystem, CreateRsaKeyPair),
            ["GetKeyStatus"] = new(AccessClass.ReadSystemSecret, GetKeyStatus),
            ["GetAllKeys"] = new(AccessClass.ReadSystemSecret, GetAllKeys),
            ["DeleteKey"] = new(AccessClass.Unrecoverable, DeleteKey),
            ["CreatePKCS10CSR"] = new(AccessClass.ReadSystem, CreatePkcs10Csr),
            ["UploadCertificate"] = new(AccessClass.WriteSystem, UploadCertificate),
            ["GetAllCertificates"] = new(AccessClass.ReadSystemSecret, GetAllCertificates),
            ["DeleteCertificate"] = new(AccessClass.Unrecoverable, DeleteCertificate),
            ["CreateCertPathValidationPolicy"] = new(AccessClass.WriteSystem, CreatePolicy),
            ["GetAllCertPathValidationPolicies"] = new(AccessClass.ReadSystemSecret, GetAllPolicies),
            ["DeleteCertPathValidationPolicy"] = new(AccessClass.Unrecoverable, DeletePolicy),
            ["GetAuthorizationServerConfigurations"] = new(AccessClass.ReadSystemSecret, GetAuthorizationServers),
            ["CreateAuthorizationServerConfiguration"] = new(AccessClass.WriteSystem, CreateAuthorizationServer),
            ["SetAuthorizationServerConfiguration"] = new(AccessClass.WriteSystem, SetAuthorizationServer),
            ["DeleteAuthorizationServerConfiguration"] = new(AccessClass.WriteSystem, DeleteAuthorizationServer),
        });
    }

    /// <summary>The service.</summary>
    public CameraService Service { get; }

    /// <summary>What it is capable of.</summary>
    public XElement Capabilities => new(
        Tas + "Capabilities",
        new XElement(
            Tas + "KeystoreCapabilities",
            new XAttribute("MaximumNumberOfKeys", _misbehaviour.MaxKeys),
            new XAttribute("MaximumNumberOfCertificates", _misbehaviour.MaxCertificates),
            new XAttribute("KeyPairGeneration", _misbehaviour.RsaOnly ? "RSA" : "RSA ECC"),
            new XAttribute("RSAKeyLengths", string.Join(' ', KeyRing.RsaLengths)),
            _misbehaviour.RsaOnly ? null : new XAttribute("EllipticCurves", string.Join(' ', KeyRing.Curves.Keys)),
            new XAttribute("PKCS10", true),
            new XAttribute("X509Versions", "3"),
            new XAttribute("MaximumNumberOfCertificationPathValidationPolicies", _misbehaviour.MaxPolicies),
            SignatureAlgorithms.Select(oid => new XElement(Tas + "SignatureAlgorithms", new XElement(Tas + "algorithm", oid)))),
        new XElement(Tas + "TLSServerCapabilities"),
        new XElement(
            Tas + "AuthorizationServer",
            new XAttribute("MaxConfigurations", _misbehaviour.MaxAuthorizationServers),
            new XAttribute("ConfigurationTypesSupported", AuthorizationServerStore.ClientCredentials),
            new XAttribute("ClientAuthenticationMethodsSupported", string.Join(' ', _servers.ClientAuthentications))));

    private IEnumerable<object?> GetServiceCapabilities(ElementReader request, CameraCaller caller)
    {
        request.End();
        return [Capabilities];
    }

    private IEnumerable<object?> CreateEccKeyPair(ElementReader request, CameraCaller caller)
    {
        var curve = request.Text("EllipticCurve");
        var alias = request.OptionalText("Alias");
        request.End();
        return [new XElement(Tas + "KeyID", _keys.CreateEcc(curve, alias)), new XElement(Tas + "EstimatedCreationTime", "PT1S")];
    }

    private IEnumerable<object?> CreateRsaKeyPair(ElementReader request, CameraCaller caller)
    {
        var length = request.Integer("KeyLength");
        var alias = request.OptionalText("Alias");
        request.End();
        return [new XElement(Tas + "KeyID", _keys.CreateRsa(length, alias)), new XElement(Tas + "EstimatedCreationTime", "PT2S")];
    }

    private IEnumerable<object?> GetKeyStatus(ElementReader request, CameraCaller caller)
    {
        var id = request.Text("KeyID");
        request.End();
        return [new XElement(Tas + "KeyStatus", _keys.Status(id))];
    }

    private IEnumerable<object?> GetAllKeys(ElementReader request, CameraCaller caller)
    {
        request.End();
        return _memory.Current.Keys.Select(key => new XElement(
            Tas + "KeyAttribute",
            new XElement(Tas + "KeyID", key.Id),
            key.Alias is null ? null : new XElement(Tas + "Alias", key.Alias),
            new XElement(Tas + "hasPrivateKey", key.IsPair),
            new XElement(Tas + "KeyStatus", key.StatusAt(_time.GetUtcNow()))));
    }

    private IEnumerable<object?> DeleteKey(ElementReader request, CameraCaller caller)
    {
        var id = request.Text("KeyID");
        request.End();
        _keys.Delete(id);
        return [];
    }

    private IEnumerable<object?> CreatePkcs10Csr(ElementReader request, CameraCaller caller)
    {
        var subject = SubjectReader.Read(request.Required("Subject"), _misbehaviour.CommonNameOnly);
        var id = request.Text("KeyID");
        if (request.Many("CSRAttribute").Count > 0)
            throw SoapFaultException.InvalidArgument("InvalidAttribute", "no attributes");
        var algorithm = request.Required("SignatureAlgorithm");
        request.End();
        var oid = algorithm.Text("algorithm");
        algorithm.OptionalText("parameters");
        algorithm.End();
        return [new XElement(Tas + "PKCS10CSR", Convert.ToBase64String(_keys.CreateSigningRequest(id, subject, oid)))];
    }

    private IEnumerable<object?> UploadCertificate(ElementReader request, CameraCaller caller)
    {
        var content = request.Bytes("Certificate");
        var alias = request.OptionalText("Alias");
        var keyAlias = request.OptionalText("KeyAlias");
        var privateKeyRequired = request.OptionalBoolean("PrivateKeyRequired") ?? false;
        request.End();
        var (certificate, key) = _certificates.Upload(content, alias, keyAlias, privateKeyRequired);
        return [new XElement(Tas + "CertificateID", certificate), new XElement(Tas + "KeyID", key)];
    }

    private IEnumerable<object?> GetAllCertificates(ElementReader request, CameraCaller caller)
    {
        request.End();
        var state = _memory.Current;
        return state.Certificates.Select(certificate => new XElement(
            Tas + "Certificate",
            new XElement(Tas + "CertificateID", certificate.Id),
            new XElement(Tas + "KeyID", certificate.KeyId),
            certificate.Alias is null ? null : new XElement(Tas + "Alias", certificate.Alias),
            new XElement(Tas + "CertificateContent", Convert.ToBase64String(certificate.Content)),
            new XElement(Tas + "HasPrivateKey", state.Key(certificate.KeyId)!.IsPair)));
    }

    private IEnumerable<object?> DeleteCertificate(ElementReader request, CameraCaller caller)
    {
        var id = request.Text("CertificateID");
        request.End();
        _certificates.Delete(id);
        return [];
    }
}
