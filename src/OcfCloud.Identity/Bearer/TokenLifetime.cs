using Microsoft.IdentityModel.Tokens;

namespace OcfCloud.Identity.Bearer;

/// <summary>Judges a token's times by the injected clock.</summary>
internal static class TokenLifetime
{
    public static LifetimeValidator By(TimeProvider time, TimeSpan skew) => (notBefore, expires, _, _) =>
    {
        var now = time.GetUtcNow().UtcDateTime;

        // The skew moves the clock and not the token's times, which may be the first and last moments of the calendar.
        return expires is { } end && now - skew < end && (notBefore is not { } start || now + skew >= start);
    };
}
