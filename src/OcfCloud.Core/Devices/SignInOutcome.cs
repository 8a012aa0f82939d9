namespace OcfCloud.Core.Devices;

/// <summary>What a sign-in came to.</summary>
/// <param name="Accepted">False: the token is wrong, expired, revoked, or of another device or user (4.01); the rest says nothing then.</param>
/// <param name="Expires">When the access token ends; null = never.</param>
/// <param name="Session">The number of the new session: of two sessions of one device the greater wins.</param>
/// <param name="TwinEnabled">Whether the device's twin is kept.</param>
public sealed record SignInOutcome(bool Accepted, DateTimeOffset? Expires, long Session, bool TwinEnabled)
{
    /// <summary>Why it was refused, one of <see cref="Refusals.RefusalReason"/>: for the device's owner and maker, not for the device.</summary>
    public string? Reason { get; private init; }

    internal static SignInOutcome Refused(string reason) => new(false, null, 0, false) { Reason = reason };
}
