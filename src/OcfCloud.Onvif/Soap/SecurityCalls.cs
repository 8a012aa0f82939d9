using System.Globalization;
using System.Xml.Linq;

namespace OcfCloud.Onvif.Soap;

/// <summary>Operations of tas on keys and certificates.</summary>
internal static partial class SecurityCalls
{
    public const string EcdsaWithSha256 = "1.2.840.10045.4.3.2";
    public const string EcdsaWithSha384 = "1.2.840.10045.4.3.3";
    public const string RsaWithSha256 = "1.2.840.113549.1.1.11";

    // DER NULL.
    private static readonly byte[] NoParameters = [5, 0];

    public static SoapCall<SecurityCapabilities> GetServiceCapabilities() => new(
        CameraService.Security, "GetServiceCapabilities", _ => { },
        answer => answer.Element(SoapNames.Security + "Capabilities") is { } capabilities ? CapabilitiesOf(capabilities) : null);

    public static SoapCall<UploadedCertificate> UploadCertificate(byte[] certificate, string alias) => new(
        CameraService.Security,
        "UploadCertificate",
        xml =>
        {
            xml.Text("Certificate", certificate);
            xml.Text("Alias", alias);
            xml.Text("KeyAlias", alias);
            xml.Text("PrivateKeyRequired", false);
        },
        answer => answer.Id("CertificateID") is { } id ? new UploadedCertificate(id, answer.Id("KeyID")) : null);

    public static SoapCall<IReadOnlyList<StoredCertificate>> GetAllCertificates() => new(
        CameraService.Security, "GetAllCertificates", _ => { },
        answer => All(answer, "Certificate", one => one.Id("CertificateID") is { } id && one.Bytes("CertificateContent") is { } content
            ? new StoredCertificate(id, one.Id("KeyID"), one.Text("Alias"), content, SoapReading.Flag(one.Text("HasPrivateKey")) ?? false)
            : null));

    public static SoapCall<Acknowledgement> DeleteCertificate(string id) => Delete("DeleteCertificate", "CertificateID", id);

    public static SoapCall<KeyCreation> CreateEccKeyPair(string curve, string alias) => new(
        CameraService.Security,
        "CreateECCKeyPair",
        xml =>
        {
            xml.Text("EllipticCurve", curve);
            xml.Text("Alias", alias);
        },
        CreationOf);

    public static SoapCall<KeyCreation> CreateRsaKeyPair(int bits, string alias) => new(
        CameraService.Security,
        "CreateRSAKeyPair",
        xml =>
        {
            xml.Text("KeyLength", bits);
            xml.Text("Alias", alias);
        },
        CreationOf);

    public static SoapCall<KeyStatusAnswer> GetKeyStatus(string id) => new(
        CameraService.Security, "GetKeyStatus", xml => xml.Text("KeyID", id),
        answer => answer.Text("KeyStatus") is { } status ? new KeyStatusAnswer(StatusOf(status)) : null);

    public static SoapCall<IReadOnlyList<StoredKey>> GetAllKeys() => new(
        CameraService.Security, "GetAllKeys", _ => { },
        answer => All(answer, "KeyAttribute", one => one.Id("KeyID") is { } id
            ? new StoredKey(id, one.Text("Alias"), SoapReading.Flag(one.Text("hasPrivateKey")) ?? false, StatusOf(one.Text("KeyStatus")))
            : null));

    public static SoapCall<Acknowledgement> DeleteKey(string id) => Delete("DeleteKey", "KeyID", id);

    /// <summary>Answers with the request, DER.</summary>
    public static SoapCall<byte[]> CreatePkcs10Csr(CsrSubject subject, string keyId, string algorithm) => new(
        CameraService.Security,
        "CreatePKCS10CSR",
        xml =>
        {
            xml.Element("Subject", () =>
            {
                xml.TextIf("Organization", subject.Organization);
                xml.Text("CommonName", subject.CommonName);
                xml.TextIf("SerialNumber", subject.SerialNumber);
            });
            xml.Text("KeyID", keyId);
            xml.Element("SignatureAlgorithm", () =>
            {
                xml.Text("algorithm", algorithm);
                if (algorithm == RsaWithSha256) xml.Text("parameters", NoParameters);
            });
        },
        answer => answer.Bytes("PKCS10CSR"));

    public static SecurityCapabilities CapabilitiesOf(XElement capabilities)
    {
        var keystore = capabilities.Element(SoapNames.Security + "KeystoreCapabilities") ?? new XElement("none");
        var servers = capabilities.Element(SoapNames.Security + "AuthorizationServer") ?? new XElement("none");
        return new SecurityCapabilities(
            keystore.Number("MaximumNumberOfKeys"),
            keystore.Number("MaximumNumberOfCertificates"),
            keystore.Number("MaximumNumberOfCertificationPathValidationPolicies"),
            keystore.List("KeyPairGeneration") ?? (SoapReading.Flag(keystore.Attribute("RSAKeyPairGeneration")?.Value) == true ? ["RSA"] : []),
            keystore.List("EllipticCurves") ?? [],
            [.. (keystore.List("RSAKeyLengths") ?? []).Select(bits => int.TryParse(bits, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : 0).Where(bits => bits > 0)],
            SoapReading.Flag(keystore.Attribute("PKCS10")?.Value ?? keystore.Attribute("PKCS10ExternalCertificationWithRSA")?.Value) ?? false,
            [.. keystore.Elements(SoapNames.Security + "SignatureAlgorithms").Select(one => one.Id("algorithm")).OfType<string>()],
            servers.Number("MaxConfigurations"),
            servers.List("ConfigurationTypesSupported") ?? [],
            servers.List("ClientAuthenticationMethodsSupported") ?? []);
    }

    private static KeyCreation? CreationOf(XElement answer) =>
        answer.Id("KeyID") is { } id ? new KeyCreation(id, SoapReading.Duration(answer.Text("EstimatedCreationTime")) ?? TimeSpan.Zero) : null;

    private static KeyStatus StatusOf(string? text) => text switch
    {
        "ok" => KeyStatus.Ok,
        "generating" => KeyStatus.Generating,
        "corrupt" => KeyStatus.Corrupt,
        _ => KeyStatus.Unknown,
    };

    private static SoapCall<Acknowledgement> Delete(string operation, string name, string id) => new(
        CameraService.Security, operation, xml => xml.Text(name, id), _ => Acknowledgement.It);

    // One that cannot be read makes the list useless: what is not seen would be made or taken for missing.
    private static List<T>? All<T>(XElement answer, string name, Func<XElement, T?> read)
        where T : class
    {
        var all = new List<T>();
        foreach (var element in answer.Elements(SoapNames.Security + name))
        {
            if (read(element) is not { } one) return null;
            all.Add(one);
        }

        return all;
    }
}
