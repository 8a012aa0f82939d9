namespace OcfCloud.Onvif.Soap;

/// <summary>The answer to UploadCertificate: the certificate, and the entry of its public key.</summary>
internal sealed record UploadedCertificate(string CertificateId, string? KeyId);
