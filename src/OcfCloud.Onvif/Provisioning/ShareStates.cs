namespace OcfCloud.Onvif.Provisioning;

/// <summary>States of shares in words, as the API and the console say them.</summary>
public static class ShareStates
{
    /// <summary>The word for a state; what is being rolled back is failed already to its owner.</summary>
    public static string TextOf(ShareState state) => state switch
    {
        ShareState.Waiting => "waiting",
        ShareState.Configuring => "configuring",
        ShareState.Notifying => "notifying",
        ShareState.Connecting => "connecting",
        ShareState.Connected => "connected",
        ShareState.Transferring => "transferring",
        ShareState.Transferred => "transferred",
        ShareState.Incomplete => "incomplete",
        ShareState.Unreachable => "unreachable",
        ShareState.Failed or ShareState.RollingBack => "failed",
        ShareState.Unsharing => "unsharing",
        _ => "unshared",
    };

    /// <summary>The other cloud has its access, or is to get it.</summary>
    internal static bool IsLive(ShareState state) => state is ShareState.Waiting or ShareState.Configuring or ShareState.Notifying or ShareState.Connecting or ShareState.Connected
        or ShareState.Unreachable or ShareState.Incomplete;

    /// <summary>Nothing is worked on any more, and nothing of it is on the camera.</summary>
    internal static bool IsOver(ShareState state) => state is ShareState.Failed or ShareState.Unshared or ShareState.Transferred;
}
