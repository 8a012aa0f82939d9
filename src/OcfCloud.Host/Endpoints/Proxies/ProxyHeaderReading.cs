namespace OcfCloud.Host.Endpoints.Proxies;

/// <summary>What the first bytes of a connection are.</summary>
internal enum ProxyHeaderReading
{
    /// <summary>The beginning of a header, as far as they go.</summary>
    Incomplete,

    /// <summary>A whole header.</summary>
    Complete,

    /// <summary>No header of version 2: other bytes (TLS, HTTP), or version 1.</summary>
    Absent,

    /// <summary>A header that the specification has receivers refuse.</summary>
    Invalid,

    /// <summary>A header longer than <see cref="ProxyHeader.MaxLength"/>.</summary>
    TooLong,
}
