using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using OcfCloud.EndToEnd.Devices;
using OcfCloud.EndToEnd.Harness;
using OcfCloud.EndToEnd.Wire;

namespace OcfCloud.EndToEnd.Transport;

/// <summary>device-to-cloud.md, 1: anchors and intermediates in a folder that the operator changes while the cloud runs.</summary>
public sealed class TrustTests
{
    [Fact]
    public async Task Anchors_and_intermediates_are_read_again_and_devices_send_only_their_leaf()
    {
        using var anchors = new TemporaryFolder();
        using var maker = new Maker();
        await File.WriteAllTextAsync(anchors.File("other.pem"), maker.OtherRoot.ExportCertificatePem(), TestContext.Current.CancellationToken);
        await using var cloud = await Cloud.StartAsync(settings: [$"Devices:TrustAnchors:0={anchors.Path}", "Certificates:ReloadInterval=00:00:01"]);
        var user = await cloud.DemoUserAsync();
        await using var device = new TestDevice(cloud, Guid.NewGuid(), maker.Issue());
        Assert.False(await IsLetInAsync(cloud, device));

        // The root alone does not lead to the leaf.
        await File.WriteAllTextAsync(anchors.File("root.pem"), maker.Root.ExportCertificatePem(), TestContext.Current.CancellationToken);
        await cloud.Host.WaitForAsync("Trust anchors changed: 2");
        Assert.False(await IsLetInAsync(cloud, device));
        await File.WriteAllTextAsync(anchors.File("intermediate.pem"), maker.Intermediate.ExportCertificatePem(), TestContext.Current.CancellationToken);
        await cloud.Host.WaitForAsync("Trust anchors changed: 3");
        await device.JoinAsync(user);

        // What was a default is none where anchors are named.
        await using var ours = new TestDevice(cloud);
        Assert.False(await IsLetInAsync(cloud, ours));
    }

    private static async Task<bool> IsLetInAsync(Cloud cloud, TestDevice device)
    {
        try
        {
            await using var connection = await WireConnection.ConnectAsync(cloud.Coaps, device.Certificate, cloud.Authority);
            await connection.PingAsync();
            return true;
        }
        catch (Exception e) when (e is IOException or System.Security.Authentication.AuthenticationException)
        {
            return false;
        }
    }

    private sealed class Maker : IDisposable
    {
        public X509Certificate2 Root { get; } = SelfSigned("Maker's root");

        public X509Certificate2 OtherRoot { get; } = SelfSigned("Another root");

        public X509Certificate2 Intermediate { get; }

        public Maker()
        {
            using var key = ECDsa.Create(ECCurve.NamedCurves.nistP384);
            var request = AuthorityOf("Maker's intermediate", key);
            using var certificate = request.Create(Root, new DateTimeOffset(Root.NotBefore), new DateTimeOffset(Root.NotAfter), RandomNumberGenerator.GetBytes(8));
            Intermediate = certificate.CopyWithPrivateKey(key);
        }

        /// <summary>A maker's certificate: it names no device.</summary>
        public X509Certificate2 Issue()
        {
            using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
            var request = new CertificateRequest("CN=Lamp 4711,O=Maker", key, HashAlgorithmName.SHA256);
            request.CertificateExtensions.Add(new X509BasicConstraintsExtension(false, false, 0, critical: true));
            using var leaf = request.Create(Intermediate, new DateTimeOffset(Intermediate.NotBefore), new DateTimeOffset(Intermediate.NotAfter), RandomNumberGenerator.GetBytes(8));
            using var withKey = leaf.CopyWithPrivateKey(key);
            return X509CertificateLoader.LoadPkcs12(withKey.Export(X509ContentType.Pkcs12), null);
        }

        public void Dispose()
        {
            Root.Dispose();
            OtherRoot.Dispose();
            Intermediate.Dispose();
        }

        private static X509Certificate2 SelfSigned(string name)
        {
            using var key = ECDsa.Create(ECCurve.NamedCurves.nistP384);
            return AuthorityOf(name, key).CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
        }

        private static CertificateRequest AuthorityOf(string name, ECDsa key)
        {
            var request = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256);
            request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, critical: true));
            request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign | X509KeyUsageFlags.CrlSign, critical: true));
            return request;
        }
    }
}
