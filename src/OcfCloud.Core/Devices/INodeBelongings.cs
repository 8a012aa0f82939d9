using OcfCloud.Core.Storage;

namespace OcfCloud.Core.Devices;

/// <summary>What another room stores of connections that a node holds: it goes with the node's life, as sessions of devices do.</summary>
public interface INodeBelongings
{
    /// <summary>Takes back what a node's life left. No lock of a user is taken, however many there are: only the rows themselves are locked, in one order.</summary>
    /// <param name="context">The context of the transaction.</param>
    /// <param name="node">The node; null: all of them, where one process has the store for itself.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    Task ClearAsync(CloudDbContext context, Guid? node, CancellationToken cancellationToken);

    /// <summary>Another node took this one for dead and cleared what it had: what lives here has to be written again. Must not wait.</summary>
    void WriteAnew();
}
