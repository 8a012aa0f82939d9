namespace OcfCloud.Onvif.Sharing;

/// <summary>What the owner decided when the share token was issued. The numbers are stored: they stay.</summary>
public enum ShareMode
{
    /// <summary>Both clouds have the camera.</summary>
    Share = 0,

    /// <summary>The camera leaves this cloud once the other one has it.</summary>
    Transfer = 1,
}
