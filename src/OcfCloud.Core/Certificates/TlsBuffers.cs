using System.Net.Security;

namespace OcfCloud.Core.Certificates;

/// <summary>
/// The buffers for records that OpenSSL keeps for every connection: two of 17 KB. A peer that says nothing for an hour needs neither. Told so, OpenSSL takes them when a
/// record comes or goes and gives them back when they are empty (<c>SSL_MODE_RELEASE_BUFFERS</c>). From OpenSSL 3.2 on the buffer for writing may stay.
/// </summary>
public static class TlsBuffers
{
    // ssl.h
    private const int Mode = 33;
    private const nint ReleaseBuffers = 0x10;

    /// <summary>Lets the buffers of a connection go between its records.</summary>
    /// <param name="tls">After its handshake, before anything else is done with it.</param>
    /// <returns>False where the runtime or its TLS library does not let itself be told: then the buffers stay, which costs memory alone.</returns>
    public static bool TryRelease(SslStream tls)
    {
        if (OpenSsl.HandleOf(tls) is not { } handle) return false;
        try
        {
            return (OpenSsl.SSL_ctrl(handle, Mode, ReleaseBuffers, 0) & ReleaseBuffers) != 0;
        }
        catch (ObjectDisposedException)
        {
            return false;
        }
    }
}
