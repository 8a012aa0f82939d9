namespace OcfCloud.CloudApi.Correlation;

/// <summary>The correlation id of a request.</summary>
/// <param name="Id">1 to <see cref="CorrelationId.MaxLength"/> printable ASCII characters.</param>
internal sealed record CorrelationIdFeature(string Id);
