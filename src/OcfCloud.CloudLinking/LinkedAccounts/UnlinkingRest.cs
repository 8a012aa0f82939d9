namespace OcfCloud.CloudLinking.LinkedAccounts;

/// <summary>The rests between failed clean-ups. Their sum, not a clock, says when one is given up: while this cloud stands still, nothing was tried.</summary>
internal static class UnlinkingRest
{
    // Doubled more often than this it is past any setting.
    private const int MaxDoublings = 30;

    /// <summary>The rest after so many failures in a row, somewhat shorter at random: what failed together is not tried together.</summary>
    public static TimeSpan After(int failures, LinkedAccountOptions options) => Whole(failures, options) * (1 - (Random.Shared.NextDouble() / 4));

    /// <summary>The rests that so many failures in a row have taken.</summary>
    public static TimeSpan Sum(int failures, LinkedAccountOptions options)
    {
        var sum = TimeSpan.Zero;

        // The last failure has rested nothing yet. Longer than the limit is as good as the limit.
        for (var failure = 1; failure < failures && sum < options.GiveUpAfter; failure++) sum += Whole(failure, options);
        return sum;
    }

    private static TimeSpan Whole(int failures, LinkedAccountOptions options)
    {
        var ticks = options.RetryFirst.Ticks * Math.Pow(2, Math.Min(failures - 1, MaxDoublings));
        return ticks >= options.RetryMax.Ticks ? options.RetryMax : TimeSpan.FromTicks((long)ticks);
    }
}
