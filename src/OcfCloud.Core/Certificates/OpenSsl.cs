using System.Net.Security;
using System.Reflection;
using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace OcfCloud.Core.Certificates;

/// <summary>The functions of the TLS library under <see cref="SslStream"/> that .NET has no setting for. Names are OpenSSL's own.</summary>
internal static class OpenSsl
{
    private const string Library = "libssl.so.3";

    private static readonly string[] Functions =
    [
        nameof(SSL_ctrl), nameof(SSL_version), nameof(SSL_session_reused), nameof(SSL_get_SSL_CTX), nameof(SSL_get_session), nameof(SSL_SESSION_get_id), nameof(SSL_SESSION_is_resumable),
        nameof(SSL_CTX_ctrl), nameof(SSL_CTX_set_options), nameof(SSL_CTX_set_num_tickets), nameof(SSL_CTX_add_session), nameof(SSL_CTX_flush_sessions), nameof(SSL_CTX_up_ref),
        nameof(SSL_CTX_free),
    ];

    // The SSL of OpenSSL itself.
    private static readonly FieldInfo? Context = typeof(SslStream).GetField("_securityContext", BindingFlags.Instance | BindingFlags.NonPublic);

    /// <summary>Whether it is there in a version that is known: another major one is another library.</summary>
    public static bool IsSupported { get; } = OperatingSystem.IsLinux() && Context is not null && SafeEvpPKeyHandle.OpenSslVersion >> 28 == 3 && IsThere();

    /// <summary>The SSL of a connection; null where its handshake has not begun, or nothing is supported.</summary>
    public static SafeHandle? HandleOf(SslStream tls) =>
        IsSupported && Context!.GetValue(tls) is SafeHandle { IsInvalid: false } handle && handle.GetType().Name == "SafeSslHandle" ? handle : null;

    private static bool IsThere() =>
        NativeLibrary.TryLoad(Library, typeof(OpenSsl).Assembly, DllImportSearchPath.SafeDirectories, out var library) && Functions.All(name => NativeLibrary.TryGetExport(library, name, out _));

    [DllImport(Library, ExactSpelling = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    public static extern nint SSL_ctrl(SafeHandle ssl, int command, nint number, nint pointer);

    [DllImport(Library, ExactSpelling = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    public static extern int SSL_version(SafeHandle ssl);

    [DllImport(Library, ExactSpelling = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    public static extern int SSL_session_reused(SafeHandle ssl);

    /// <summary>Where the sessions of the connection are kept; lives as long as the connection.</summary>
    [DllImport(Library, ExactSpelling = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    public static extern nint SSL_get_SSL_CTX(SafeHandle ssl);

    /// <summary>The connection's session; lives as long as the connection.</summary>
    [DllImport(Library, ExactSpelling = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    public static extern nint SSL_get_session(SafeHandle ssl);

    [DllImport(Library, ExactSpelling = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    public static extern nint SSL_CTX_ctrl(nint context, int command, nint number, nint pointer);

    [DllImport(Library, ExactSpelling = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    public static extern ulong SSL_CTX_set_options(nint context, ulong options);

    [DllImport(Library, ExactSpelling = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    public static extern int SSL_CTX_set_num_tickets(nint context, nuint count);

    /// <summary>The id of a session; without one it cannot be asked for.</summary>
    [DllImport(Library, ExactSpelling = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    public static extern nint SSL_SESSION_get_id(nint session, out uint length);

    [DllImport(Library, ExactSpelling = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    public static extern int SSL_SESSION_is_resumable(nint session);

    /// <summary>Keeps a session; the caller has it still.</summary>
    [DllImport(Library, ExactSpelling = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    public static extern int SSL_CTX_add_session(nint context, nint session);

    [DllImport(Library, ExactSpelling = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    public static extern void SSL_CTX_flush_sessions(nint context, CLong expiredAt);

    [DllImport(Library, ExactSpelling = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    public static extern int SSL_CTX_up_ref(nint context);

    [DllImport(Library, ExactSpelling = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    public static extern void SSL_CTX_free(nint context);
}
