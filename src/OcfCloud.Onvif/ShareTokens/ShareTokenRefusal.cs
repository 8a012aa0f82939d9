namespace OcfCloud.Onvif.ShareTokens;

/// <summary>Why no share token is issued.</summary>
public enum ShareTokenRefusal
{
    /// <summary>It is.</summary>
    None,

    /// <summary>The user has no such camera.</summary>
    UnknownCamera,

    /// <summary>The camera never connected: nobody knows who it is.</summary>
    NeverConnected,

    /// <summary>The camera said that it is another one.</summary>
    Quarantined,

    /// <summary>Another cloud has the camera.</summary>
    Transferred,

    /// <summary>The lifetime is nothing, or over a day.</summary>
    Lifetime,

    /// <summary>The recipient is no host.</summary>
    Recipient,

    /// <summary>A transfer at less than Administrator would leave the camera to nobody.</summary>
    TransferLevel,

    /// <summary>The camera has as many open ones as it may.</summary>
    TooMany,
}
