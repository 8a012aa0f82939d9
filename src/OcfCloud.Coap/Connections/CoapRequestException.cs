namespace OcfCloud.Coap;

/// <summary>A request without an answer.</summary>
/// <param name="failure">Why.</param>
public sealed class CoapRequestException(CoapRequestFailure failure) : Exception($"no answer: {failure}")
{
    /// <summary>Why.</summary>
    public CoapRequestFailure Failure { get; } = failure;
}
