using OcfCloud.Core.Storage;

namespace OcfCloud.Core.Events;

/// <summary>How the one dispatcher of a store comes to its rows. One implementation in each provider project; used by one caller at a time.</summary>
internal interface IOutboxLane : IAsyncDisposable
{
    /// <summary>Tries to become, or to stay, the one dispatcher.</summary>
    /// <returns>False while another node is it.</returns>
    Task<bool> TryEnterAsync(CancellationToken cancellationToken);

    /// <summary>Whether it is worth to look without having been woken.</summary>
    Task<bool> MayHaveRowsAsync(CancellationToken cancellationToken);

    /// <summary>Runs work in one transaction that is committed only while this is the one dispatcher.</summary>
    Task<T> InTransactionAsync<T>(Func<CloudDbContext, CancellationToken, Task<T>> work, CancellationToken cancellationToken);

    /// <summary>Tells the other nodes, with the commit of the transaction.</summary>
    Task AnnounceAsync(CloudDbContext context, IReadOnlyList<Hint> hints, CancellationToken cancellationToken);

    /// <summary>Gives the place up, after an error too.</summary>
    Task LeaveAsync();
}
