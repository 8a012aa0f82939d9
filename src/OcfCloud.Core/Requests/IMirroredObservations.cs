namespace OcfCloud.Core.Requests;

/// <summary>Observes resources of devices of other clouds by subscriptions there (cloud-to-cloud.md, 2).</summary>
public interface IMirroredObservations
{
    /// <summary>Begins to observe.</summary>
    /// <param name="request">A GET; one with a query is fetched anew with each change.</param>
    /// <param name="receive">Called with each later representation, one call at a time, in order; an answer that is an error is the last one. A call can come just before
    /// this method's task completes, never before the first answer is there: what it brings is newer. Must be quick and must not throw.</param>
    /// <param name="cancellationToken">The asker is gone.</param>
    Task<MirroredObservation> ObserveAsync(MirroredRequest request, Action<DeviceAnswer> receive, CancellationToken cancellationToken);
}
