namespace OcfCloud.Core.Outbound;

/// <summary>A connection that the guard did not make. An HTTP call carries it as the inner exception of its <see cref="HttpRequestException"/>.</summary>
/// <param name="refusal">Why.</param>
public sealed class OutboundRefusedException(OutboundRefusal refusal) : IOException($"The guard of outgoing calls refuses: {refusal}.")
{
    /// <summary>Why.</summary>
    public OutboundRefusal Refusal { get; } = refusal;
}
