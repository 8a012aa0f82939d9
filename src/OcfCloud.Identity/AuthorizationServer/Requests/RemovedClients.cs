using Microsoft.AspNetCore;
using Microsoft.AspNetCore.Http;
using Microsoft.EntityFrameworkCore;
using OcfCloud.Core.Storage;
using OpenIddict.EntityFrameworkCore.Models;
using static OpenIddict.Abstractions.OpenIddictConstants;

namespace OcfCloud.Identity.AuthorizationServer.Requests;

/// <summary>Clients that are removed while they are given a token: what is written for them has nothing to hang on any more, and that is no fault of this server.</summary>
internal static class RemovedClients
{
    /// <summary>Whether a request that failed may be such a client's.</summary>
    public static bool MayBeOne(HttpContext context) =>
        !context.Response.HasStarted && !context.RequestAborted.IsCancellationRequested && context.Request.Path == OAuthPaths.Token && context.GetOpenIddictServerRequest()?.ClientId is { Length: > 0 };

    /// <summary>Answers as one who comes a moment later is answered (RFC 6749, 5.2).</summary>
    /// <returns>False where the client is still there: the failure is another one.</returns>
    /// <exception cref="StoreUnavailableException">The store does not answer.</exception>
    public static async Task<bool> TryRefuseAsync(HttpContext context, Store store)
    {
        var client = context.GetOpenIddictServerRequest()!.ClientId;
        if (await store.ReadAsync((rows, token) => rows.Set<OpenIddictEntityFrameworkCoreApplication>().AnyAsync(row => row.ClientId == client, token), context.RequestAborted)) return false;
        context.Response.Clear();
        context.Response.StatusCode = StatusCodes.Status401Unauthorized;
        context.Response.Headers.CacheControl = "no-store";
        await context.Response.WriteAsJsonAsync(
            new Dictionary<string, string>(StringComparer.Ordinal) { [Parameters.Error] = Errors.InvalidClient, [Parameters.ErrorDescription] = "The client was removed." },
            context.RequestAborted);
        return true;
    }
}
