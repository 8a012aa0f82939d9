namespace OcfCloud.Onvif.ShareTokens;

/// <summary>Claims of share tokens: those of ONVIF Cloud Integration, 4.3, lower case, and ours, which are informative.</summary>
internal static class ShareTokenClaims
{
    /// <summary>Where the Provisioning Cloud Service takes startDeviceSharing.</summary>
    public const string Xaddr = "onvif:xaddr";

    /// <summary>As GetDeviceInformation says it.</summary>
    public const string SerialNumber = "onvif:sn";

    /// <summary>As GetDeviceInformation says it.</summary>
    public const string Model = "onvif:model";

    /// <summary>As GetDeviceInformation says it.</summary>
    public const string Manufacturer = "onvif:manufacturer";

    /// <summary><c>share</c> or <c>transfer</c>.</summary>
    public const string Mode = "mode";

    /// <summary>The most that the other cloud may get.</summary>
    public const string MaxUserLevel = "max_user_level";
}
