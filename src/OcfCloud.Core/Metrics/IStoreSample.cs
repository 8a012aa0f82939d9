using OcfCloud.Core.Storage;

namespace OcfCloud.Core.Metrics;

/// <summary>Figures that only the store knows: read at intervals, whoever asks for metrics how often.</summary>
public interface IStoreSample
{
    /// <summary>Reads them; what is cheap however much the store holds.</summary>
    /// <param name="context">A context to read by.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    Task ReadAsync(CloudDbContext context, CancellationToken cancellationToken);
}
