using System.Net.Security;
using System.Reflection;
using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace OcfCloud.Core.Certificates;

/// <summary>
/// The buffers for records that OpenSSL keeps for every connection: two of 17 KB. A peer that says nothing for an hour needs neither. Told so, OpenSSL takes them when a
/// record comes or goes and gives them back when they are empty (<c>SSL_MODE_RELEASE_BUFFERS</c>), which .NET has no setting for.
/// </summary>
public static class TlsBuffers
{
    // ssl.h
    private const int Mode = 33;
    private const nint ReleaseBuffers = 0x10;

    // The SSL of OpenSSL itself.
    private static readonly FieldInfo? Context = typeof(SslStream).GetField("_securityContext", BindingFlags.Instance | BindingFlags.NonPublic);

    // Another major version of OpenSSL is another library: this one's functions do not know its structures. From 3.2 on the buffer for writing may stay.
    private static readonly bool IsSupported = OperatingSystem.IsLinux() && Context is not null && SafeEvpPKeyHandle.OpenSslVersion >> 28 == 3;

    /// <summary>Lets the buffers of a connection go between its records.</summary>
    /// <param name="tls">After its handshake, before anything else is done with it.</param>
    /// <returns>False where the runtime or its TLS library does not let itself be told: then the buffers stay, which costs memory alone.</returns>
    public static bool TryRelease(SslStream tls)
    {
        if (!IsSupported || Context!.GetValue(tls) is not SafeHandle handle || handle.GetType().Name != "SafeSslHandle") return false;
        try
        {
            return (SSL_ctrl(handle, Mode, ReleaseBuffers, 0) & ReleaseBuffers) != 0;
        }
        catch (Exception e) when (e is DllNotFoundException or EntryPointNotFoundException or ObjectDisposedException)
        {
            return false;
        }
    }

    [DllImport("libssl.so.3", ExactSpelling = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern nint SSL_ctrl(SafeHandle ssl, int command, nint number, nint pointer);
}
