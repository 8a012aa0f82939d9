namespace OcfCloud.Core.Devices;

/// <summary>What a token refresh came to.</summary>
/// <param name="Accepted">False: the refresh token is not good for this device and user (4.01); the rest says nothing then.</param>
/// <param name="AccessToken">The new access token, base64url of 32 bytes.</param>
/// <param name="RefreshToken">The new refresh token, base64url of 32 bytes.</param>
/// <param name="Expires">When the new access token ends; null = never.</param>
/// <param name="ExpiresIn">The same as a lifetime from now; null = never.</param>
public sealed record RefreshOutcome(bool Accepted, string AccessToken, string RefreshToken, DateTimeOffset? Expires, TimeSpan? ExpiresIn)
{
    /// <summary>Why it was refused, one of <see cref="Refusals.RefusalReason"/>: for the device's owner and maker, not for the device.</summary>
    public string? Reason { get; private init; }

    internal static RefreshOutcome Refused(string reason) => new(false, "", "", null, null) { Reason = reason };
}
