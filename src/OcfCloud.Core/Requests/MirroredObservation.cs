namespace OcfCloud.Core.Requests;

/// <summary>An observation of a mirrored device's resource.</summary>
/// <param name="First">The representation now, or the error.</param>
/// <param name="Registration">Ends it when disposed of; null where nothing is observed and <paramref name="First"/> is a plain answer.</param>
public sealed record MirroredObservation(DeviceAnswer First, IDisposable? Registration);
