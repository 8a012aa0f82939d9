namespace OcfCloud.DeviceGateway.Routing;

/// <summary>How a request for a device goes on.</summary>
internal enum ForwardKind
{
    /// <summary>Copied from buffer to buffer.</summary>
    InPlace,

    /// <summary>As a whole message: it is observed, comes in blocks or has another format.</summary>
    Whole,

    /// <summary>Not at all.</summary>
    Refused,
}
