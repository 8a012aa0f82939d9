using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using OcfCloud.Core.Storage;
using OcfCloud.Identity.AuthorizationServer;
using OcfCloud.Identity.DeviceClients;
using OpenIddict.EntityFrameworkCore.Models;
using static OpenIddict.Abstractions.OpenIddictConstants;

namespace OcfCloud.Identity.Grants;

/// <summary>Takes tokens whose time is over out of the store, and grants that no token is left of. Every node may do it.</summary>
internal sealed partial class ExpiredGrants(Store store, IOptions<AuthorizationServerOptions> options, TimeProvider time, ILogger<ExpiredGrants> logger) : BackgroundService
{
    // Small transactions: others write as well.
    private const int BatchSize = 500;

    // A superseded token is known for as long as it could have been used; a grant is older than the request that made it.
    private static readonly TimeSpan Margin = TimeSpan.FromHours(1);

    /// <summary>Removes all that is over.</summary>
    internal async Task RemoveAsync(CancellationToken cancellationToken)
    {
        var over = (time.GetUtcNow() - Margin).UtcDateTime;
        int removed;
        do
        {
            removed = await store.WriteAsync(
                async (context, token) =>
                {
                    var ids = await Expired(context, over).Take(BatchSize).ToListAsync(token);
                    return await context.Set<OpenIddictEntityFrameworkCoreToken>().Where(row => ids.Contains(row.Id)).ExecuteDeleteAsync(token);
                },
                cancellationToken);
            removed += await store.WriteAsync(
                async (context, token) =>
                {
                    var ids = await context.Set<OpenIddictEntityFrameworkCoreAuthorization>().Where(row => row.CreationDate < over && !row.Tokens.Any())
                        .Select(row => row.Id).Take(BatchSize).ToListAsync(token);
                    return await context.Set<OpenIddictEntityFrameworkCoreAuthorization>().Where(row => ids.Contains(row.Id) && !row.Tokens.Any()).ExecuteDeleteAsync(token);
                },
                cancellationToken);
        }
        while (removed >= BatchSize);
        while (await RemoveAssertionsAsync(cancellationToken) == BatchSize)
        {
        }
    }

    /// <summary>The ids of tokens that expired before a time, in no order: the store's index begins with state and type, and finds them without reading the table.</summary>
    internal static IQueryable<string?> Expired(CloudDbContext context, DateTime over) => context.Set<OpenIddictEntityFrameworkCoreToken>()
        .Where(row => (row.Status == Statuses.Valid || row.Status == Statuses.Redeemed || row.Status == Statuses.Revoked)
            && (row.Type == TokenTypeIdentifiers.AccessToken || row.Type == TokenTypeIdentifiers.RefreshToken || row.Type == TokenTypeIdentifiers.Private.AuthorizationCode)
            && row.ExpirationDate < over)
        .Select(row => row.Id);

    // Used ones: by now they would not be taken any more, whoever brought them to whichever node, with its own clock.
    private Task<int> RemoveAssertionsAsync(CancellationToken cancellationToken)
    {
        var over = time.GetUtcNow() - Margin;
        return store.WriteAsync(
            async (context, token) =>
            {
                var rows = await context.Set<UsedAssertion>().Where(row => row.ExpiresAt < over).Take(BatchSize).ToListAsync(token);
                context.RemoveRange(rows);
                return rows.Count;
            },
            cancellationToken);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(options.Value.PrunePeriod, time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                await RemoveAsync(stoppingToken);
            }
            catch (StoreUnavailableException e)
            {
                LogNotRemoved(e.Message);
            }
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Expired tokens were not removed, next time they are: {Reason}")]
    private partial void LogNotRemoved(string reason);
}
