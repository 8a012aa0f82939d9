using System.Runtime.InteropServices;

namespace OcfCloud.Host;

/// <summary>Adds the AES-CCM suites of OCF devices to what TLS offers here; .NET's own list lacks them.</summary>
/// <remarks>By OpenSSL's configuration and not by a <c>CipherSuitesPolicy</c>, which would cost the shared context and with it session resumption.</remarks>
internal static class OpenSslConfiguration
{
    private const string Variable = "OPENSSL_CONF";

    /// <summary>Must come before the first use of cryptography: OpenSSL reads its configuration once.</summary>
    public static void Apply()
    {
        var file = Path.Combine(AppContext.BaseDirectory, "openssl.cnf");
        if (OperatingSystem.IsLinux() && Environment.GetEnvironmentVariable(Variable) is null or "" && File.Exists(file))
        {
            // Environment.SetEnvironmentVariable changes .NET's copy alone, which native code does not see.
            _ = SetEnvironment(Variable, file, overwrite: 1);
        }
    }

    [DllImport("libc", EntryPoint = "setenv", CharSet = CharSet.Ansi, ExactSpelling = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int SetEnvironment(
        [MarshalAs(UnmanagedType.LPUTF8Str)] string name, [MarshalAs(UnmanagedType.LPUTF8Str)] string value, int overwrite);
}
