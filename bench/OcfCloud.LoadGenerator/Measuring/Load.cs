namespace OcfCloud.LoadGenerator.Measuring;

/// <summary>How much is asked for how long.</summary>
/// <param name="Connections">Connections, or pairs.</param>
/// <param name="Depth">Requests in flight on each.</param>
/// <param name="WarmUp">Before anything counts.</param>
/// <param name="Duration">While it counts.</param>
internal sealed record Load(int Connections, int Depth, TimeSpan WarmUp, TimeSpan Duration);
