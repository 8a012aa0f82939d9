using Microsoft.IdentityModel.Tokens;

namespace OcfCloud.Identity.Bearer;

/// <summary>Judges a token's times by the injected clock.</summary>
internal static class TokenLifetime
{
    public static LifetimeValidator By(TimeProvider time, TimeSpan skew) => (notBefore, expires, _, _) =>
    {
        var now = time.GetUtcNow().UtcDateTime;
        return expires is { } end && now < end + skew && (notBefore is not { } start || now >= start - skew);
    };
}
