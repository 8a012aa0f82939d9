namespace OcfCloud.DeviceGateway.Resources;

/// <summary>What became of a notification.</summary>
internal enum NotifyOutcome
{
    /// <summary>It is on its way.</summary>
    Sent,

    /// <summary>It is larger than the peer takes.</summary>
    TooLarge,

    /// <summary>The peer does not read, or is gone: not sent.</summary>
    NotNow,
}
