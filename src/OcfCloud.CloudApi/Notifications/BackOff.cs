namespace OcfCloud.CloudApi.Notifications;

/// <summary>When a failed delivery is tried again: exponentially later, with jitter, so that what failed together does not come back together.</summary>
internal static class BackOff
{
    /// <summary>The rest after an attempt.</summary>
    /// <param name="options">First and longest rest.</param>
    /// <param name="failedAttempts">Failed attempts in a row, this one included: 1 or more.</param>
    /// <param name="retryAfter">What the receiver asked for; respected up to the longest rest.</param>
    /// <param name="random">0 to 1: takes up to a quarter off or adds it.</param>
    public static TimeSpan After(NotificationOptions options, int failedAttempts, TimeSpan? retryAfter, double random)
    {
        // Beyond 2^30 every first rest is longer than the longest.
        var doubled = options.RetryFirst * Math.Pow(2, Math.Clamp(failedAttempts - 1, 0, 30));
        var rest = (doubled < options.RetryMax ? doubled : options.RetryMax) * (0.75 + (random / 2));
        if (rest < options.RetryFirst) rest = options.RetryFirst;
        if (retryAfter is { } asked && asked > rest) rest = asked;
        return rest < options.RetryMax ? rest : options.RetryMax;
    }
}
