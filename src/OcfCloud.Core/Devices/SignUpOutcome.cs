namespace OcfCloud.Core.Devices;

/// <summary>What a sign-up came to. The tokens are there only when <see cref="Refusal"/> is <see cref="SignUpRefusal.None"/>.</summary>
/// <param name="Refusal">Why not, or <see cref="SignUpRefusal.None"/>.</param>
/// <param name="UserId">The device's user.</param>
/// <param name="AccessToken">The access token, base64url of 32 bytes.</param>
/// <param name="RefreshToken">The refresh token, base64url of 32 bytes.</param>
/// <param name="ExpiresIn">The access token's lifetime; null = never expires.</param>
/// <param name="Reregistered">Whether the device was registered before by the same user.</param>
public sealed record SignUpOutcome(
    SignUpRefusal Refusal, UserId UserId, string AccessToken, string RefreshToken, TimeSpan? ExpiresIn, bool Reregistered)
{
    /// <summary>Whether the device is registered now.</summary>
    public bool Succeeded => Refusal == SignUpRefusal.None;

    /// <summary>Why it was refused, one of <see cref="Refusals.RefusalReason"/>: for the device's owner and maker, whereas the device is told <see cref="Refusal"/>.</summary>
    public string? Reason { get; private init; }

    internal static SignUpOutcome Refused(SignUpRefusal refusal, string reason) => new(refusal, default, "", "", null, false) { Reason = reason };
}
