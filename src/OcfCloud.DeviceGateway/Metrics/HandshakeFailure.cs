namespace OcfCloud.DeviceGateway.Metrics;

/// <summary>Why a connection did not get through its TLS handshake.</summary>
internal enum HandshakeFailure
{
    /// <summary>It was not done in time.</summary>
    TimedOut,

    /// <summary>The peer closed without a ClientHello, or sent something else.</summary>
    NoClientHello,

    /// <summary>After the ClientHello: the peer speaks no TLS that is spoken here, refused the cloud's certificate, or closed.</summary>
    BrokenOff,

    /// <summary>The device presented no certificate.</summary>
    CertificateMissing,

    /// <summary>No path of good signatures leads from its certificate to an anchor.</summary>
    CertificateUntrusted,

    /// <summary>Its certificate, or one above it, is not valid yet or no longer.</summary>
    CertificateExpired,

    /// <summary>Its certificate, or one above it, was revoked.</summary>
    CertificateRevoked,

    /// <summary>Its certificate is made for something else, names more than one device, or cannot be read.</summary>
    CertificateUnfit,
}
