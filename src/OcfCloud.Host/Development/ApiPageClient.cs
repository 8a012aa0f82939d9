using OcfCloud.Host.Composition;
using OcfCloud.Host.OpenApi;
using OcfCloud.Identity.Clients;
using OcfCloud.Identity.Tokens;

namespace OcfCloud.Host.Development;

/// <summary>The public client that Development makes, by which users log in on the page that tries the APIs.</summary>
internal sealed class ApiPageClient(CloudClients clients)
{
    public const string ClientId = "docs";

    /// <summary>Makes it, or makes it anew where the cloud's public URL has changed since.</summary>
    public async Task EnsureAsync(Uri publicUrl, CancellationToken cancellation)
    {
        string[] redirectUris = [PublicUrl.Written(publicUrl) + ApiPage.RedirectPath];
        var present = await clients.FindAsync(ClientId, cancellation);
        if (present?.RedirectUris.SequenceEqual(redirectUris, StringComparer.Ordinal) == true) return;
        if (present is not null) await clients.RemoveAsync(ClientId, cancellation);
        await clients.AddAsync(new ClientRegistration("API page", redirectUris, CloudScopes.All, IsPublic: true, ClientId), cancellation);
    }
}
