namespace OcfCloud.Onvif.Provisioning;

/// <summary>How far apart the rounds of deviceSharingCompleted are.</summary>
internal static class CompletionRests
{
    private const double Jitter = 0.2;

    /// <summary>First, then ×3, ×4, ×5 … of the one before, never more than Max.</summary>
    /// <param name="options">First and Max.</param>
    /// <param name="rounds">Rounds that reached nobody, at least 1.</param>
    public static TimeSpan After(OnvifOptions options, int rounds)
    {
        var rest = options.NotifyRetryFirst;
        for (var factor = 3; factor < rounds + 2 && rest < options.NotifyRetryMax; factor++) rest *= factor;
        return rest < options.NotifyRetryMax ? rest : options.NotifyRetryMax;
    }

    /// <summary>The same a fifth more or less, so that many do not come at once; and as late as the other cloud asks, within Max.</summary>
    public static TimeSpan After(OnvifOptions options, int rounds, TimeSpan? asked, double random)
    {
        var rest = After(options, rounds) * (1 - Jitter + (2 * Jitter * random));
        if (asked > rest) rest = asked.Value;
        return rest < options.NotifyRetryMax ? rest : options.NotifyRetryMax;
    }
}
