namespace OcfCloud.Onvif.Soap;

/// <summary>The answer to CreateECCKeyPair and CreateRSAKeyPair: the key is being made.</summary>
internal sealed record KeyCreation(string KeyId, TimeSpan EstimatedTime);
