namespace OcfCloud.Host.Metrics;

/// <summary>An endpoint that speaks HTTP.</summary>
internal enum HttpDoor
{
    /// <summary>APIs and people.</summary>
    Https,

    /// <summary>Plain HTTP.</summary>
    Http,

    /// <summary>Peer clouds.</summary>
    MutualTls,

    /// <summary>Cameras.</summary>
    Uplink,
}
