using OcfCloud.Onvif.Provisioning;

namespace OcfCloud.Console.Cameras;

/// <summary>What the states of shares mean for owners.</summary>
internal static class ShareWords
{
    public static string HintOf(ShareState state) => state switch
    {
        ShareState.Waiting => "The camera is offline: it is set up for the other cloud when it comes back.",
        ShareState.Configuring => "The camera is being set up for the other cloud.",
        ShareState.Notifying => "The camera is set up; the other cloud is being told.",
        ShareState.Connecting => "The other cloud knows; the camera has yet to connect to it.",
        ShareState.Connected => "The camera is connected to the other cloud.",
        ShareState.Transferring => "The camera is connected to the other cloud and is leaving this one.",
        ShareState.Transferred => "The camera left for the other cloud.",
        ShareState.Incomplete => "The camera did not connect to the other cloud in time: it stays here, and the other cloud can still get it.",
        ShareState.Unreachable => "The other cloud could not be told. The camera stays set up: tell it again, or un-share.",
        ShareState.Failed => "It came to nothing; what was made on the camera for it was taken back.",
        ShareState.RollingBack => "It came to nothing; what was made on the camera for it is being taken back.",
        ShareState.Unsharing => "The other cloud's access is being taken back; an offline camera is waited for.",
        _ => "The other cloud's access was taken back.",
    };
}
