using System.Text.Json;
using OpenIddict.EntityFrameworkCore.Models;
using static OpenIddict.Abstractions.OpenIddictConstants;

namespace OcfCloud.Identity.DeviceClients;

/// <summary>The authorization server's own row of a device that is a client. It says what the client may do; how it proves itself is said by its keys.</summary>
internal static class DeviceApplication
{
    /// <summary>What tells them from clients that an administrator registered.</summary>
    public const string Type = "device";

    private static readonly string Allowed = JsonSerializer.Serialize<string[]>(
        [Permissions.Endpoints.Token, Permissions.GrantTypes.ClientCredentials, Permissions.Prefixes.Scope + DeviceClientOptions.Scope]);

    public static OpenIddictEntityFrameworkCoreApplication Of(string clientId) => new()
    {
        Id = Guid.NewGuid().ToString(),
        ClientId = clientId,
        DisplayName = clientId,
        ClientType = ClientTypes.Confidential,
        ApplicationType = Type,
        ConsentType = ConsentTypes.Implicit,
        Permissions = Allowed,
    };
}
