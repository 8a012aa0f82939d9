namespace OcfCloud.CloudLinking.Targets;

/// <summary>What a sealed secret is. The names are part of how it is encrypted: they stay.</summary>
internal enum SecretPurpose
{
    ClientSecret,
    ClientKey,
    AccessToken,
    RefreshToken,
    CodeVerifier,
    SigningSecret,
}
