using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.DataProtection;

namespace OcfCloud.CloudApi.Notifications;

/// <summary>Signing secrets as the store keeps them: encrypted, for only a sender needs them.</summary>
internal sealed class SigningSecrets(IDataProtectionProvider protection)
{
    private readonly IDataProtector _protector = protection.CreateProtector("OcfCloud.SigningSecrets");

    public byte[] Protect(string secret) => _protector.Protect(Encoding.UTF8.GetBytes(secret));

    /// <summary>The secret; null where the key ring that encrypted it is gone.</summary>
    public string? TryUnprotect(byte[] secret)
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
