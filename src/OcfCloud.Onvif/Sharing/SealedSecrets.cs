using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.DataProtection;

namespace OcfCloud.Onvif.Sharing;

/// <summary>Secrets of this room as the store keeps them: share tokens that are still to be echoed and addresses that only the other cloud may know, encrypted by the key ring.</summary>
internal sealed class SealedSecrets(IDataProtectionProvider protection)
{
    private readonly IDataProtector _protector = protection.CreateProtector("OcfCloud.Onvif");

    public byte[] Seal(string secret) => _protector.Protect(Encoding.UTF8.GetBytes(secret));

    /// <summary>Decrypts; null where the key ring that encrypted it is gone.</summary>
    public string? TryOpen(byte[] secret)
    {
        try
        {
            return Encoding.UTF8.GetString(_protector.Unprotect(secret));
        }
        catch (CryptographicException)
        {
            return null;
        }
    }
}
