using System.Net;
using System.Security.Cryptography.X509Certificates;
using OcfCloud.EndToEnd.Harness;

namespace OcfCloud.EndToEnd.Transport;

/// <summary>OpenSSL's own client, which offers what .NET's does not.</summary>
internal sealed class OpenSsl : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public OpenSsl(X509Certificate2 certificate)
    {
        File.WriteAllText(_folder.File("device.pem"), certificate.ExportCertificatePem());
        using var key = certificate.GetECDsaPrivateKey()!;
        File.WriteAllText(_folder.File("device.key"), key.ExportPkcs8PrivateKeyPem());
    }

    public string Session => _folder.File("session");

    /// <summary>Whether a session was written there whole.</summary>
    public async Task<bool> HasSessionAsync() =>
        File.Exists(Session) && (await File.ReadAllTextAsync(Session)).Contains("END SSL SESSION", StringComparison.Ordinal);

    /// <summary>Writes certificates that go out with the device's.</summary>
    /// <returns>The file, for <c>-cert_chain</c>.</returns>
    public string WriteChain(params IEnumerable<X509Certificate2> certificates)
    {
        var file = _folder.File("chain.pem");
        File.WriteAllLines(file, certificates.Select(certificate => certificate.ExportCertificatePem()));
        return file;
    }

    /// <summary>Starts <c>openssl s_client</c> with the device's certificate; it holds the connection as long as its input is open.</summary>
    public RunningProgram Connect(IPEndPoint server, params string[] options) => RunningProgram.Start(
        "openssl",
        ["s_client", "-connect", server.ToString(), "-cert", _folder.File("device.pem"), "-key", _folder.File("device.key"), .. options],
        [("OPENSSL_CONF", "/dev/null")]);

    /// <summary>Connects and goes, with a session to come back with.</summary>
    public async Task SaveSessionAsync(IPEndPoint server, params string[] options)
    {
        await using var program = Connect(server, ["-sess_out", Session, .. options]);
        await program.WaitForAsync("^New, TLS");
        // TLS 1.3 gives its session after the handshake, and what the client says of it may wait in its buffer.
        await Eventually.EqualAsync(true, HasSessionAsync);
        program.CloseInput();
        await program.WaitForExitAsync();
    }

    /// <summary>Comes back with the session, and whether the server took it.</summary>
    public async Task<bool> IsResumedAsync(IPEndPoint server, params string[] options)
    {
        await using var program = Connect(server, ["-sess_in", Session, .. options]);
        return (await program.WaitForAsync("^(New|Reused), TLS")).Value.StartsWith("Reused", StringComparison.Ordinal);
    }

    public void Dispose() => _folder.Dispose();
}
