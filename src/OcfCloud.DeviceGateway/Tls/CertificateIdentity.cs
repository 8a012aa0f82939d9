namespace OcfCloud.DeviceGateway.Tls;

/// <summary>How a certificate's subject names a device.</summary>
internal enum CertificateIdentity
{
    /// <summary>It names none: a maker's certificate.</summary>
    Unbound,

    /// <summary>It names one.</summary>
    Bound,

    /// <summary>It names several, or cannot be read: such a certificate is refused.</summary>
    Ambiguous,
}
