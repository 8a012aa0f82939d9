using OcfCloud.CloudLinking.LinkedAccounts;
using OcfCloud.CloudLinking.Targets;

namespace OcfCloud.CloudLinking.Synchronisation;

/// <summary>Why work on an account did not succeed.</summary>
/// <param name="Words">For the user.</param>
/// <param name="RetryAfter">When the other cloud says that it is worth to ask again.</param>
internal sealed record TargetTrouble(string Words, TimeSpan? RetryAfter = null)
{
    /// <summary>What an answer that is no success means.</summary>
    /// <param name="cloud">The cloud's name.</param>
    /// <param name="what">What was asked for: "the devices".</param>
    /// <param name="answer">The answer.</param>
    public static TargetTrouble Of(string cloud, string what, TargetAnswer answer) => new(
        Shortened(answer.Outcome switch
        {
            TargetOutcome.Unreachable => Because($"{cloud} cannot be reached", answer.Detail),
            TargetOutcome.TimedOut => $"{cloud} does not answer in time.",
            TargetOutcome.Unavailable => $"{cloud} failed too often of late; it is asked again in a while.",
            TargetOutcome.TooLarge => $"{cloud} told more than this cloud takes in when it was asked for {what}.",
            TargetOutcome.Unreadable => Because($"{cloud} answered something that makes no sense when it was asked for {what}", answer.Detail),
            TargetOutcome.NeedsLinking => $"{cloud} does not accept this cloud's access any more: link the account again.",
            _ => OfStatus(cloud, what, answer.Status),
        }),
        answer.RetryAfter);

    /// <summary>An answer that is a success by its status, but not by what it says.</summary>
    public static TargetTrouble Rubbish(string cloud, string what) => new($"{cloud} answered something that is no {what}.");

    /// <summary>Not the other cloud's: this one failed at what it told.</summary>
    public static TargetTrouble OfOurs(string cloud) => new($"This cloud failed at the devices of {cloud}; it tries again.");

    private static string OfStatus(string cloud, string what, int status) => status switch
    {
        401 or 403 => $"{cloud} does not let this cloud have {what} (HTTP {status}).",
        429 => $"{cloud} asks to be asked less often (HTTP 429).",
        >= 500 => $"{cloud} has trouble of its own (HTTP {status}).",
        _ => $"{cloud} answered HTTP {status} when it was asked for {what}.",
    };

    private static string Because(string what, string? detail) => string.IsNullOrWhiteSpace(detail) ? $"{what}." : $"{what}: {detail}";

    private static string Shortened(string words) => words.Length <= LinkedAccount.MaxTroubleLength ? words : words[..LinkedAccount.MaxTroubleLength];
}
