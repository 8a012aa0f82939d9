namespace OcfCloud.Onvif.Provisioning;

/// <summary>What a share uses on a camera. The numbers are stored: they stay.</summary>
public enum CameraObjectKind
{
    /// <summary>An uplink, by its remote address.</summary>
    Uplink = 0,

    /// <summary>An authorization server configuration, by its token.</summary>
    AuthorizationServer = 1,

    /// <summary>The key pair that the camera made for the share.</summary>
    Key = 2,

    /// <summary>A certification path validation policy.</summary>
    Policy = 3,

    /// <summary>An uploaded trust anchor.</summary>
    Certificate = 4,

    /// <summary>The key entry that came with an uploaded trust anchor.</summary>
    CertificateKey = 5,

    /// <summary>What an uplink of an earlier share was before this one replaced it; its handle is that, in JSON.</summary>
    UplinkBefore = 6,

    /// <summary>The same of an authorization server configuration.</summary>
    AuthorizationServerBefore = 7,
}
