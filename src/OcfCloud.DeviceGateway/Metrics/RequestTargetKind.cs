namespace OcfCloud.DeviceGateway.Metrics;

/// <summary>What a request was for.</summary>
internal enum RequestTargetKind
{
    /// <summary>A resource of the cloud, or none that there is.</summary>
    Cloud,

    /// <summary>A device, whoever answered.</summary>
    Device,
}
