using Microsoft.EntityFrameworkCore;
using OcfCloud.Core.Storage;

namespace OcfCloud.Core.Devices;

/// <summary>Whether this node counts as living, for transactions that write what it holds: another node may have taken it for dead and cleared that.</summary>
public sealed class NodeLife
{
    private readonly Store _store;
    private readonly NodeIdentity _node;
    private readonly OnlineStateOptions _options;

    internal NodeLife(Store store, NodeIdentity node, OnlineStateOptions options) => (_store, _node, _options) = (store, node, options);

    /// <summary>Whether other processes have the store too; where not, this node lives as long as it runs.</summary>
    public bool IsShared => _store.Dialect.IsShared;

    /// <summary>Renews this node's lease in the caller's transaction, where it still has one. Taken before locks of users: whoever clears this node waits until the transaction ends.</summary>
    /// <param name="context">A context of <see cref="Store.WriteAsync{T}"/>.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>False where another node cleared what this one had: nothing of it may be written now. <see cref="INodeBelongings.WriteAnew"/> is called when the lease is taken again.</returns>
    public async Task<bool> TryRenewAsync(CloudDbContext context, CancellationToken cancellationToken)
    {
        if (!IsShared) return true;
        var (id, until) = (_node.Id, await UntilAsync(context, cancellationToken));
        return await context.Set<Node>().Where(node => node.Id == id).ExecuteUpdateAsync(set => set.SetProperty(node => node.LeaseUntil, until), cancellationToken) > 0;
    }

    /// <summary>When a lease that is taken now runs out, by the store's clock.</summary>
    internal async Task<DateTimeOffset> UntilAsync(CloudDbContext context, CancellationToken cancellationToken) => await NowAsync(context, cancellationToken) + _options.NodeLease;

    /// <summary>The store's clock.</summary>
    internal async Task<DateTimeOffset> NowAsync(CloudDbContext context, CancellationToken cancellationToken) =>
        new(await context.Database.SqlQueryRaw<long>(_store.Dialect.NowQuery).SingleAsync(cancellationToken), TimeSpan.Zero);
}
