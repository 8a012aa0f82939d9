using System.Security.Cryptography.X509Certificates;
using OcfCloud.Simulator.Certificates;

namespace OcfCloud.Simulator.Cloud;

/// <summary>Dials a cloud, which is known by its certificate.</summary>
/// <param name="certificate">Who we prove to be.</param>
/// <param name="anchors">Who is believed.</param>
/// <param name="timing">Limits.</param>
/// <param name="time">The clock.</param>
internal sealed class TlsCloudDialer(X509Certificate2 certificate, TrustAnchors anchors, CloudTiming timing, TimeProvider time) : ICloudDialer
{
    private readonly TlsDialer _dialer = new(certificate, anchors, timing.ConnectTimeout, time);

    /// <inheritdoc/>
    public async Task<Stream> DialAsync(CoapsAddress address, Guid cloudId, CancellationToken cancellationToken) =>
        await _dialer.DialAsync(address, cloudId, cancellationToken);
}
