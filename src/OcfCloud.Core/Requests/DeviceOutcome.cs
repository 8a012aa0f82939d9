namespace OcfCloud.Core.Requests;

/// <summary>What became of a request to a device.</summary>
public enum DeviceOutcome
{
    /// <summary>The device answered, be it with an error.</summary>
    Answered,

    /// <summary>There is no such device, or it is another user's.</summary>
    UnknownDevice,

    /// <summary>The device is not connected.</summary>
    Offline,

    /// <summary>The device did not answer in time. It may have done what was asked.</summary>
    NoAnswer,

    /// <summary>Too many requests wait for the device, or its connection is about to be closed: not sent, worth another try.</summary>
    Busy,

    /// <summary>The user's access rules do not allow it, or the path is for nobody but the device's owner.</summary>
    Forbidden,

    /// <summary>The path or the query cannot be one of a device.</summary>
    BadPath,

    /// <summary>The request is larger than the device takes, or its answer than the cloud takes.</summary>
    TooLarge,

    /// <summary>The device's answer makes no sense.</summary>
    Unreadable,
}
