namespace OcfCloud.CloudLinking.Targets;

/// <summary>What became of a request to a Target Cloud.</summary>
internal enum TargetOutcome
{
    /// <summary>It answered, be it with an error.</summary>
    Answered,

    /// <summary>No connection: name, network, certificate, an address that the guard refuses, or it broke off.</summary>
    Unreachable,

    /// <summary>No whole answer in time.</summary>
    TimedOut,

    /// <summary>Not sent: it failed too often of late, or too many requests wait for it. <see cref="TargetAnswer.RetryAfter"/> says when it is worth to try again.</summary>
    Unavailable,

    /// <summary>Not sent, or the cloud's own API answered 401 with a fresh token: the account has to be linked again, or there is none.</summary>
    NeedsLinking,

    /// <summary>The answer's body is larger than was allowed.</summary>
    TooLarge,

    /// <summary>The answer is no HTTP that makes sense.</summary>
    Unreadable,
}
