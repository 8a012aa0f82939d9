using Microsoft.IdentityModel.Tokens;

namespace OcfCloud.Identity.Bearer;

/// <summary>Judges a token's times by the injected clock.</summary>
internal static class TokenLifetime
{
    /// <summary>The difference of clocks that is allowed (cloud-to-cloud.md, 1.2).</summary>
    public static TimeSpan Skew { get; } = TimeSpan.FromSeconds(30);

    public static LifetimeValidator By(TimeProvider time) => (notBefore, expires, _, _) =>
    {
        var now = time.GetUtcNow().UtcDateTime;

        // The skew moves the clock and not the token's times, which may be the first and last moments of the calendar.
        return expires is { } end && now - Skew < end && (notBefore is not { } start || now + Skew >= start);
    };
}
