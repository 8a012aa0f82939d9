using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using OcfCloud.CloudLinking.LinkedAccounts;
using OcfCloud.CloudLinking.Synchronisation;
using OcfCloud.Core.Mirrors;
using OcfCloud.Core.Storage;

namespace OcfCloud.CloudLinking.LinkedClouds;

/// <summary>The administrator's work on linked clouds (cloud-to-cloud.md, 2): the commands' and the console's. Reading is <see cref="LinkedCloudStore"/>'s.</summary>
public sealed class LinkedCloudRegister
{
    private readonly Store _store;
    private readonly LinkedCloudStore _clouds;
    private readonly MirrorStore _mirrors;
    private readonly AccountWork _work;
    private readonly CloudLinkingOptions _options;
    private readonly TimeProvider _time;

    internal LinkedCloudRegister(Store store, LinkedCloudStore clouds, MirrorStore mirrors, AccountWork work, IOptions<CloudLinkingOptions> options, TimeProvider time)
    {
        _store = store;
        _clouds = clouds;
        _mirrors = mirrors;
        _work = work;
        _options = options.Value;
        _time = time;
    }

    /// <summary>The URI that the other cloud has to send users back to: to be registered there.</summary>
    public string RedirectUriOf(string name) => $"{_options.PublicUrl}/linked-clouds/{name}/callback";

    /// <summary>Looks at what the cloud says of itself and keeps it.</summary>
    /// <exception cref="StoreUnavailableException">The store does not answer.</exception>
    public async Task<CloudChange> AddAsync(CloudRegistration registration, CancellationToken cancellationToken) =>
        await _clouds.FindAsync(registration.Name, cancellationToken) is null
            ? CloudChange.Refused("Clouds cannot be added yet.")
            : CloudChange.Refused($"There is a linked cloud \"{registration.Name}\" already.");

    /// <summary>Looks at a cloud again: its metadata, TLS, API and whether it takes our client's credentials. Changes nothing.</summary>
    /// <returns>What was found; null where there is no such cloud.</returns>
    /// <exception cref="StoreUnavailableException">The store does not answer.</exception>
    public async Task<CloudTest?> TestAsync(string name, CancellationToken cancellationToken) =>
        await _clouds.FindAsync(name, cancellationToken) is null ? null : new CloudTest([]);

    /// <summary>Removes a cloud: its devices go now, its accounts are unlinked there as soon as it answers, then its row goes.</summary>
    /// <returns>The cloud that was removed, or why none was.</returns>
    /// <exception cref="StoreUnavailableException">The store does not answer.</exception>
    public async Task<CloudChange> RemoveAsync(string name, CancellationToken cancellationToken)
    {
        var removed = await _store.WriteAsync((context, token) => RemoveAsync(context, name, token), cancellationToken);
        if (removed is null) return CloudChange.Refused($"There is no linked cloud \"{name}\".");
        _work.Set();
        return new CloudChange(removed, Refusal: null);
    }

    private async Task<LinkedCloud?> RemoveAsync(CloudDbContext context, string name, CancellationToken cancellationToken)
    {
        var cloud = await context.Set<LinkedCloud>().SingleOrDefaultAsync(c => c.Name == name && !c.Removing, cancellationToken);
        if (cloud is null) return null;
        var accounts = context.Set<LinkedAccount>().Where(account => account.LinkedCloudId == cloud.Id);

        // Users in order of id, as everybody locks them.
        foreach (var user in await accounts.Select(account => account.UserId).Distinct().OrderBy(user => user).ToListAsync(cancellationToken))
            await _mirrors.RemoveAllAsync(context, user, cloud.Id, cancellationToken);
        cloud.Removing = true;
        await context.Set<LinkAttempt>().Where(attempt => attempt.LinkedCloudId == cloud.Id).ExecuteDeleteAsync(cancellationToken);
        var now = _time.GetUtcNow();
        var unlinked = await accounts.ExecuteUpdateAsync(
            row => row.SetProperty(account => account.State, AccountState.Unlinking).SetProperty(account => account.DueAt, now), cancellationToken);
        if (unlinked == 0) context.Remove(cloud);
        return cloud;
    }
}
