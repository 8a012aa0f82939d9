using Microsoft.EntityFrameworkCore;
using OpenIddict.EntityFrameworkCore.Models;

namespace OcfCloud.Identity.AuthorizationServer;

/// <summary>OpenIddict's entities under this cloud's names: clients, what users allowed them, and the tokens that followed.</summary>
internal static class AuthorizationServerModel
{
    public static void Configure(ModelBuilder model)
    {
        model.UseOpenIddict();
        model.Entity<OpenIddictEntityFrameworkCoreApplication>().ToTable("oauth_clients");
        model.Entity<OpenIddictEntityFrameworkCoreScope>().ToTable("oauth_scopes");
        model.Entity<OpenIddictEntityFrameworkCoreAuthorization>(grant =>
        {
            grant.ToTable("oauth_grants");
            grant.HasIndex(row => row.Subject);
        });
        model.Entity<OpenIddictEntityFrameworkCoreToken>(token =>
        {
            token.ToTable("oauth_tokens");
            token.HasIndex(row => row.Subject);

            // What the revocation cache asks for every few seconds: revoked ones that would still pass a check.
            token.HasIndex(row => new { row.Status, row.Type, row.ExpirationDate });
        });
    }
}
