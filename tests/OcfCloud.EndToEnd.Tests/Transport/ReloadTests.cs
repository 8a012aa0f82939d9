using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using OcfCloud.EndToEnd.Harness;
using OcfCloud.EndToEnd.Wire;

namespace OcfCloud.EndToEnd.Transport;

/// <summary>The cloud's certificate, the devices' authorities and their revocation lists are replaced, each written in two halves, while devices come, stay and go.</summary>
public sealed class ReloadTests
{
    private const int Staying = 25, Coming = 25, Rounds = 3;

    [Fact]
    public async Task Files_that_are_replaced_under_load_refuse_and_break_no_good_connection_and_every_revoked_one()
    {
        using var folder = new TemporaryFolder();
        using var other = SelfSigned("CN=Another maker");
        using var first = SelfSigned("CN=First maker");
        var (anchors, lists) = (folder.File("anchors.pem"), Directory.CreateDirectory(folder.File("lists")).FullName);
        var bundle = first.ExportCertificatePem() + "\n" + other.ExportCertificatePem() + "\n";
        await File.WriteAllTextAsync(anchors, bundle, TestContext.Current.CancellationToken);
        await using var cloud = await Cloud.StartAsync(
            settings: [$"Devices:TrustAnchors:0={anchors}", $"Devices:RevocationLists:0={lists}", "Certificates:ReloadInterval=00:00:00.1", "Logging:MaxRepeated=1000000"]);
        using var authority = cloud.Authority;
        var list = Path.Combine(lists, "devices.crl");

        // Of both makers: whoever believes half of the file of authorities sends the second one's devices away.
        var makers = new[] { first, other };
        var certificates = Enumerable.Range(0, Staying + Coming).Select(n => Issue(makers[n % 2])).ToList();
        using var stop = new CancellationTokenSource();
        var stayed = certificates.Take(Staying).Select(certificate => StayAsync(cloud, certificate, authority, stop.Token)).ToList();
        var came = certificates.Skip(Staying).Select(certificate => ComeAndGoAsync(cloud, certificate, authority, stop.Token)).ToList();

        var revoked = new List<X509Certificate2>();
        for (var round = 1; round <= Rounds; round++)
        {
            var (chain, key) = Renew(cloud);
            await ReplaceAsync(cloud, cloud.Pki("cloud.key"), key, "former certificate");
            await ReplaceAsync(cloud, cloud.Pki("cloud.pem"), chain, "former certificate");
            await cloud.Host.WaitForAsync($"Devices are shown another certificate from now on: {Thumbprint(chain)}");
            await using (var seen = await WireConnection.ConnectAsync(cloud.Coaps, certificates[0], authority))
            {
                Assert.Equal(Thumbprint(chain), seen.CloudCertificate!.Thumbprint);
            }

            var extra = bundle + string.Concat(Enumerable.Range(0, round).Select(n => $"# {n}\n"));
            await ReplaceAsync(cloud, anchors, extra, "anchors.pem.*last good content stays in force");

            var victim = Issue(first);
            await using var connection = await WireConnection.ConnectAsync(cloud.Coaps, victim, authority);
            await connection.PingAsync();
            revoked.Add(victim);
            await ReplaceAsync(cloud, list, CrlOf(first, round, revoked), round == 1 ? "devices.crl" : "devices.crl.*last good content stays in force");
            await connection.EndAsync();
            foreach (var certificate in revoked)
            {
                Assert.True(await Record.ExceptionAsync(() => PingOnceAsync(cloud, certificate, authority)) is IOException or System.Security.Authentication.AuthenticationException);
            }
        }

        await stop.CancelAsync();
        Assert.All(await Task.WhenAll(stayed), pings => Assert.True(pings > 0));
        Assert.All(await Task.WhenAll(came), connections => Assert.True(connections > 0));
        certificates.ForEach(certificate => certificate.Dispose());
        revoked.ForEach(certificate => certificate.Dispose());
    }

    // Cut within its last block: the cloud looks ten times a second and must not believe what it sees.
    private static async Task ReplaceAsync(Cloud cloud, string path, string content, string refused)
    {
        var said = cloud.Host.Output.Count;
        var cut = content.LastIndexOf("-----BEGIN", StringComparison.Ordinal) + 100;
        await using var file = new FileStream(path, FileMode.Create, FileAccess.Write, FileShare.ReadWrite, bufferSize: 0);
        await file.WriteAsync(System.Text.Encoding.ASCII.GetBytes(content[..cut]));
        await cloud.Host.WaitForAsync(refused, said);
        await file.WriteAsync(System.Text.Encoding.ASCII.GetBytes(content[cut..]));
    }

    // One connection all the while.
    private static async Task<int> StayAsync(Cloud cloud, X509Certificate2 certificate, X509Certificate2 authority, CancellationToken stop)
    {
        await using var connection = await WireConnection.ConnectAsync(cloud.Coaps, certificate, authority);
        var pings = 0;
        for (; !stop.IsCancellationRequested; pings++)
        {
            await connection.PingAsync();
            await Endurance.Pause.ForAsync(TimeSpan.FromMilliseconds(50), stop);
        }

        return pings;
    }

    private static async Task<int> ComeAndGoAsync(Cloud cloud, X509Certificate2 certificate, X509Certificate2 authority, CancellationToken stop)
    {
        var connections = 0;
        for (; !stop.IsCancellationRequested; connections++)
        {
            await PingOnceAsync(cloud, certificate, authority);
            await Endurance.Pause.ForAsync(TimeSpan.FromMilliseconds(100), stop);
        }

        return connections;
    }

    private static async Task PingOnceAsync(Cloud cloud, X509Certificate2 certificate, X509Certificate2 authority)
    {
        await using var connection = await WireConnection.ConnectAsync(cloud.Coaps, certificate, authority);
        await connection.PingAsync();
    }

    private static string Thumbprint(string pem)
    {
        using var leaf = X509Certificate2.CreateFromPem(pem);
        return leaf.Thumbprint;
    }

    /// <summary>Another certificate of the cloud's, its authority's behind it, and the key.</summary>
    private static (string Chain, string Key) Renew(Cloud cloud)
    {
        using var authority = X509Certificate2.CreateFromPemFile(cloud.Pki("cloud-ca.pem"), cloud.Pki("cloud-ca.key"));
        using var current = X509Certificate2.CreateFromPem(File.ReadAllText(cloud.Pki("cloud.pem")));
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest(current.SubjectName, key, HashAlgorithmName.SHA256);
        foreach (var extension in current.Extensions.Where(e => e is not (X509SubjectKeyIdentifierExtension or X509AuthorityKeyIdentifierExtension))) request.CertificateExtensions.Add(extension);
        using var renewed = request.Create(authority, new DateTimeOffset(current.NotBefore), new DateTimeOffset(current.NotAfter), RandomNumberGenerator.GetBytes(8));
        return (renewed.ExportCertificatePem() + "\n" + authority.ExportCertificatePem() + "\n", key.ExportPkcs8PrivateKeyPem() + "\n");
    }

    private static X509Certificate2 Issue(X509Certificate2 authority)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN=Lamp {Guid.NewGuid():N},O=Maker", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(false, false, 0, critical: true));
        using var leaf = request.Create(authority, new DateTimeOffset(authority.NotBefore), new DateTimeOffset(authority.NotAfter), RandomNumberGenerator.GetBytes(8));
        using var withKey = leaf.CopyWithPrivateKey(key);
        return X509CertificateLoader.LoadPkcs12(withKey.Export(X509ContentType.Pkcs12), null);
    }

    private static X509Certificate2 SelfSigned(string name)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest(name, key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, critical: true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign | X509KeyUsageFlags.CrlSign, critical: true));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, critical: false));
        return request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
    }

    private static string CrlOf(X509Certificate2 authority, int number, List<X509Certificate2> revoked)
    {
        var builder = new CertificateRevocationListBuilder();
        revoked.ForEach(certificate => builder.AddEntry(certificate));
        using var key = authority.GetECDsaPrivateKey()!;
        var list = builder.Build(
            authority.SubjectName, X509SignatureGenerator.CreateForECDsa(key), number, DateTimeOffset.UtcNow.AddDays(1), HashAlgorithmName.SHA256,
            X509AuthorityKeyIdentifierExtension.CreateFromCertificate(authority, includeKeyIdentifier: true, includeIssuerAndSerial: false));
        return PemEncoding.WriteString("X509 CRL", list) + "\n";
    }
}
