namespace OcfCloud.Onvif.Soap;

/// <summary>A certificate in a camera's keystore.</summary>
internal sealed record StoredCertificate(string CertificateId, string? KeyId, string? Alias, byte[] Content, bool HasPrivateKey);
