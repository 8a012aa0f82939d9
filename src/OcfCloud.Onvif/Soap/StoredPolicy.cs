namespace OcfCloud.Onvif.Soap;

/// <summary>A certification path validation policy in a camera's keystore.</summary>
internal sealed record StoredPolicy(string PolicyId, string? Alias, IReadOnlyList<string> CertificateIds);
