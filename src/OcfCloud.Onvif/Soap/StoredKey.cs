namespace OcfCloud.Onvif.Soap;

/// <summary>A key in a camera's keystore.</summary>
internal sealed record StoredKey(string KeyId, string? Alias, bool HasPrivateKey, KeyStatus Status);
