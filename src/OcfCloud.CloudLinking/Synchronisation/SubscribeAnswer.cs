namespace OcfCloud.CloudLinking.Synchronisation;

/// <summary>What the other cloud said to a request for a subscription.</summary>
/// <param name="Kind">What kind of answer.</param>
internal sealed record SubscribeAnswer(SubscribeAnswerKind Kind)
{
    /// <summary>Its id there, where it was made.</summary>
    public string? SubscriptionId { get; init; }

    /// <summary>Why not, else.</summary>
    public TargetTrouble? Trouble { get; init; }
}
