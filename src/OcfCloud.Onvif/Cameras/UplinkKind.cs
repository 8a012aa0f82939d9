namespace OcfCloud.Onvif.Cameras;

/// <summary>How an uplink is opened (Uplink specification). The numbers are stored: they stay.</summary>
public enum UplinkKind
{
    /// <summary><c>Upgrade: h2c-reverse</c>.</summary>
    Https = 0,

    /// <summary>A WebSocket with the sub-protocol <c>h2c-reverse</c>.</summary>
    Wss = 1,
}
