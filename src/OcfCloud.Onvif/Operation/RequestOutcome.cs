namespace OcfCloud.Onvif.Operation;

/// <summary>What came of a startDeviceSharing that was sent.</summary>
/// <param name="IsTaken">The other cloud took it.</param>
/// <param name="Reason">Why not, in words of ours.</param>
/// <param name="MayRepeat">The other cloud certainly did nothing: it may be sent again.</param>
/// <param name="IsUnknownThere">404 or 405: there is nothing at this address.</param>
internal sealed record RequestOutcome(bool IsTaken, string? Reason, bool MayRepeat = false, bool IsUnknownThere = false)
{
    public static RequestOutcome Taken { get; } = new(true, null);

    public static RequestOutcome Failed(string reason) => new(false, reason);
}
