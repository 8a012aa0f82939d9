using System.Security.Cryptography;
using System.Text;

namespace OcfCloud.Onvif.Sharing;

/// <summary>By what the other cloud of a share is told from others: host and port of its authorization servers, all of them.</summary>
internal static class CloudAuthority
{
    // Far below its column, which eight of the longest names would not fit.
    private const int MaxLength = 1024;

    /// <summary>Says of which cloud a configuration is: two are of the same where it is equal, whatever the order of the servers.</summary>
    /// <returns>The authorities, or where they are very long their SHA-256.</returns>
    public static string Of(DeviceConfiguration configuration)
    {
        var authorities = string.Join(
            ' ', configuration.AuthorizationServerConfigurations.Select(server => RemoteUrl.AuthorityOf(server.ServerUri)).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal));
        return authorities.Length <= MaxLength ? authorities : "sha-256:" + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(authorities)));
    }
}
