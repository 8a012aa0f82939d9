namespace OcfCloud.Core.Storage;

/// <summary>Brings the store to the model of this release.</summary>
public sealed class StoreMigration
{
    /// <summary>Makes the data directory where it is missing, takes the exclusive <c>migrate.lock</c> in it, removes what a killed migration left, and migrates.</summary>
    /// <exception cref="StoreUnavailableException">The store does not answer.</exception>
    public Task ApplyAsync(CancellationToken cancellationToken) => throw new NotSupportedException();
}
