namespace OcfCloud.Onvif.Cameras;

/// <summary>The words for states and kinds as the API and the commands write them.</summary>
public static class CameraText
{
    /// <summary><c>https</c> or <c>wss</c>.</summary>
    public static string Of(UplinkKind kind) => kind == UplinkKind.Https ? "https" : "wss";

    /// <summary><c>waiting</c>, <c>online</c>, <c>offline</c>, <c>quarantined</c> or <c>transferred</c>.</summary>
    public static string Of(CameraState state, bool isConnected) => state switch
    {
        CameraState.Waiting => "waiting",
        CameraState.Quarantined => "quarantined",
        CameraState.Transferred => "transferred",
        _ => isConnected ? "online" : "offline",
    };
}
