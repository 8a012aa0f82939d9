namespace OcfCloud.CloudLinking.Synchronisation;

/// <summary>What the other cloud said to the end of a subscription.</summary>
/// <param name="Kind">What kind of answer.</param>
internal sealed record UnsubscribeAnswer(UnsubscribeAnswerKind Kind)
{
    /// <summary>Why nothing is known, where it failed.</summary>
    public TargetTrouble? Trouble { get; init; }
}
