namespace OcfCloud.DeviceGateway.Tls;

/// <summary>
/// What an operator steers of the device door's TLS (settings <c>OcfCloud:Certificates:Coaps</c>, <c>OcfCloud:Devices:TrustAnchors</c>,
/// <c>:RevocationLists</c>, <c>:AllowWithoutCertificate</c>). Every path is a file of the host; relative ones are relative to the working directory.
/// </summary>
public sealed class DeviceTlsOptions
{
    /// <summary>The cloud's certificate: PEM, the leaf first, then its intermediates.</summary>
    public string CertificatePath { get; set; } = "";

    /// <summary>The private key of <see cref="CertificatePath"/>: PEM, not encrypted.</summary>
    public string KeyPath { get; set; } = "";

    /// <summary>Files or folders with the anchors of device certificates and the intermediates below them (PEM).</summary>
    public IReadOnlyList<string> TrustAnchors { get; set; } = [];

    /// <summary>Files or folders with revocation lists (PEM or DER).</summary>
    public IReadOnlyList<string> RevocationLists { get; set; } = [];

    /// <summary>Lets in devices that present no certificate; a certificate that is presented must still be good.</summary>
    public bool AllowWithoutCertificate { get; set; }

    /// <summary>How often the files are looked at; a change is seen within twice this time.</summary>
    public TimeSpan ReloadInterval { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>How long a handshake may take from its connection's acceptance to its end.</summary>
    public TimeSpan HandshakeTimeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>
    /// How many handshakes are worked on at once (1 or more). One that waits for its peer does not count: any number may wait.
    /// By default half the processors, so that a storm of reconnects leaves the rest to live connections.
    /// </summary>
    public int MaxConcurrentHandshakes { get; set; } = Math.Max(1, Environment.ProcessorCount / 2);
}
