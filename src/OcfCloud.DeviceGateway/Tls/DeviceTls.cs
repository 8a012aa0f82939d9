using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Server.Kestrel.Https;

namespace OcfCloud.DeviceGateway.Tls;

/// <summary>The TLS rules of the device door: which certificate is shown, which device certificates are let in, for how long.</summary>
public sealed class DeviceTls
{
    /// <summary>
    /// Raised, on a pool thread, after trust anchors or revocation lists changed and the new ones are in force: whoever holds live connections asks
    /// <see cref="IsStillTrusted"/> for each and closes those that are not.
    /// </summary>
    public event EventHandler? TrustChanged;

    /// <summary>What the device endpoint's <c>UseHttps</c> takes.</summary>
    public TlsHandshakeCallbackOptions CreateHandshakeOptions() => throw new NotSupportedException();

    /// <summary>
    /// Whether a handshake with this certificate would succeed now. A connection whose handshake ran while the trust changed must ask once more when it has
    /// been entered where <see cref="TrustChanged"/> finds it.
    /// </summary>
    public bool IsStillTrusted(X509Certificate2 certificate) => TrustChanged is null;
}
