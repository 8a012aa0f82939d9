namespace OcfCloud.Onvif.Soap;

/// <summary>The capabilities of tas, as far as they are used here. A number that is null was not said.</summary>
/// <param name="MaxKeys">Keys, those of certificates included.</param>
/// <param name="MaxCertificates">Certificates.</param>
/// <param name="MaxPolicies">Certification path validation policies.</param>
/// <param name="KeyPairGeneration"><c>RSA</c>, <c>ECC</c>; old firmware says it of RSA by a flag.</param>
/// <param name="EllipticCurves">Names as IANA gives them to TLS groups.</param>
/// <param name="RsaKeyLengths">Bits.</param>
/// <param name="Pkcs10">Certification requests are made.</param>
/// <param name="SignatureAlgorithms">Object identifiers.</param>
/// <param name="MaxAuthorizationServers">Authorization server configurations.</param>
/// <param name="ConfigurationTypes"><c>OAuthClientCredentials</c>, …</param>
/// <param name="ClientAuthenticationMethods"><c>private_key_jwt</c>, …</param>
internal sealed record SecurityCapabilities(
    int? MaxKeys,
    int? MaxCertificates,
    int? MaxPolicies,
    IReadOnlyList<string> KeyPairGeneration,
    IReadOnlyList<string> EllipticCurves,
    IReadOnlyList<int> RsaKeyLengths,
    bool Pkcs10,
    IReadOnlyList<string> SignatureAlgorithms,
    int? MaxAuthorizationServers,
    IReadOnlyList<string> ConfigurationTypes,
    IReadOnlyList<string> ClientAuthenticationMethods);
