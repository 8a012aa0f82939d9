namespace OcfCloud.Onvif.Provisioning;

/// <summary>What came of one deviceSharingCompleted.</summary>
/// <param name="IsDelivered">The other cloud took it.</param>
/// <param name="IsFinal">It refuses, and would again: not to be repeated by itself.</param>
/// <param name="Reason">In words, nothing of the answer's body in them.</param>
internal sealed record CompletionAnswer(bool IsDelivered, bool IsFinal, string Reason)
{
    /// <summary>How long the other cloud asks us to wait.</summary>
    public TimeSpan? RetryAfter { get; init; }
}
