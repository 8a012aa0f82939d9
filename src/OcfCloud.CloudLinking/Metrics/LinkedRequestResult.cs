using OcfCloud.CloudLinking.Targets;

namespace OcfCloud.CloudLinking.Metrics;

/// <summary>How a request to a linked cloud ended: a status of its answer, or a <see cref="TargetOutcome"/>.</summary>
internal enum LinkedRequestResult
{
    /// <summary>Answered below 400.</summary>
    Succeeded,

    /// <summary>Answered 4xx.</summary>
    Refused,

    /// <summary>Answered 5xx.</summary>
    ServerError,

    /// <summary><see cref="TargetOutcome.Unreachable"/>.</summary>
    Unreachable,

    /// <summary><see cref="TargetOutcome.TimedOut"/>.</summary>
    TimedOut,

    /// <summary><see cref="TargetOutcome.Unavailable"/>: not sent.</summary>
    NotSent,

    /// <summary><see cref="TargetOutcome.NeedsLinking"/>.</summary>
    NeedsLinking,

    /// <summary><see cref="TargetOutcome.TooLarge"/> or <see cref="TargetOutcome.Unreadable"/>.</summary>
    Unreadable,
}
