namespace OcfCloud.CloudLinking.Synchronisation;

/// <summary>How the work on an account ended.</summary>
/// <param name="Trouble">What failed; null: nothing.</param>
/// <param name="KeepsFailures">Only events were worked on: what failed before waits as it did.</param>
/// <param name="IsUnfinished">Its time was over before all was done: others are next.</param>
internal sealed record TurnEnd(TargetTrouble? Trouble, bool KeepsFailures = false, bool IsUnfinished = false);
