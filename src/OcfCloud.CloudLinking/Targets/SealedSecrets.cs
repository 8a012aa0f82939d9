using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.DataProtection;

namespace OcfCloud.CloudLinking.Targets;

/// <summary>Secrets of this room as the store keeps them: encrypted by the key ring, each kind for its own purpose.</summary>
internal sealed class SealedSecrets(IDataProtectionProvider protection)
{
    private readonly IDataProtector _protector = protection.CreateProtector("OcfCloud.CloudLinking");

    /// <summary>Encrypts.</summary>
    /// <param name="purpose">What it is: what was sealed for one purpose cannot be read as another.</param>
    /// <param name="secret">The secret.</param>
    public byte[] Seal(SecretPurpose purpose, string secret) => _protector.CreateProtector(purpose.ToString()).Protect(Encoding.UTF8.GetBytes(secret));

    /// <summary>Decrypts; null where the key ring that encrypted it is gone.</summary>
    public string? TryOpen(SecretPurpose purpose, byte[] secret)
    {
        try
        {
            return Encoding.UTF8.GetString(_protector.CreateProtector(purpose.ToString()).Unprotect(secret));
        }
        catch (CryptographicException)
        {
            return null;
        }
    }
}
