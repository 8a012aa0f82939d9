namespace OcfCloud.Onvif.Uplink;

/// <summary>A camera has no uplink here, or lost it before it answered.</summary>
public sealed class CameraOfflineException : Exception
{
    /// <summary>Makes one.</summary>
    public CameraOfflineException()
        : base("The camera is offline.")
    {
    }

    /// <summary>Makes one.</summary>
    public CameraOfflineException(string message)
        : base(message)
    {
    }

    /// <summary>Makes one.</summary>
    public CameraOfflineException(string message, Exception inner)
        : base(message, inner)
    {
    }
}
