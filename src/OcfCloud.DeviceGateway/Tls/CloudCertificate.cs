using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using OcfCloud.Core.Certificates;

namespace OcfCloud.DeviceGateway.Tls;

/// <summary>The cloud's own certificate, as devices see it: read again when its files change. A new one that cannot be used leaves the old one in place.</summary>
public sealed partial class CloudCertificate
{
    private readonly DeviceTlsOptions _options;
    private readonly ILogger<CloudCertificate> _logger;
    private readonly WatchedFiles _files;
    private volatile SslStreamCertificateContext _current;

    /// <summary>Reads the files.</summary>
    /// <exception cref="DeviceTlsException">They cannot be used.</exception>
    public CloudCertificate(IOptions<DeviceTlsOptions> options, ILogger<CloudCertificate> logger)
    {
        _options = options.Value;
        _logger = logger;
        _files = new WatchedFiles([_options.CertificatePath, _options.KeyPath]);
        _current = Read();
        Sid = SidOf(_current);
    }

    /// <summary>The leaf, its key and the intermediates that go out with it.</summary>
    public SslStreamCertificateContext Current => _current;

    /// <summary>The cloud's UUID (<c>sid</c>) from the common name <c>uuid:&lt;sid&gt;</c>; none where the name has another form. A reload never changes it.</summary>
    public Guid? Sid { get; }

    /// <summary>Reads the files again where they changed; one caller at a time.</summary>
    /// <returns>Whether another certificate is in force.</returns>
    internal bool Refresh()
    {
        if (!_files.HaveChanged()) return false;
        try
        {
            var next = Read();
            // The devices' access control entries name the sid: another one would lock this cloud out of all of them.
            if (SidOf(next) != Sid) throw Refused(nameof(_options.CertificatePath), _options.CertificatePath, "names another cloud");
            _current = next;
            return true;
        }
        catch (DeviceTlsException e)
        {
            LogRefused(e.Message);
            return false;
        }
    }

    private SslStreamCertificateContext Read()
    {
        var files = _files.Read(out _);
        var certificate = TextOf(files, 0, nameof(_options.CertificatePath), _options.CertificatePath);
        var key = TextOf(files, 1, nameof(_options.KeyPath), _options.KeyPath);
        X509Certificate2Collection chain;
        try
        {
            chain = PemBundle.Read(certificate);
        }
        catch (CryptographicException e)
        {
            throw Refused(nameof(_options.CertificatePath), _options.CertificatePath, "holds a certificate that cannot be read", e);
        }
        if (chain.Count == 0) throw Refused(nameof(_options.CertificatePath), _options.CertificatePath, "holds no certificate (PEM)");

        try
        {
            var leaf = X509Certificate2.CreateFromPem(certificate, key);
            chain.RemoveAt(0);
            return SslStreamCertificateContext.Create(leaf, chain, offline: true);
        }
        catch (Exception e) when (e is CryptographicException or ArgumentException)
        {
            throw Refused(nameof(_options.KeyPath), _options.KeyPath, $"does not hold the key of \"{_options.CertificatePath}\" (PEM, not encrypted)", e);
        }
    }

    private static string TextOf(IReadOnlyList<WatchedFile> files, int setting, string option, string path) =>
        files.FirstOrDefault(file => file.Setting == setting && file.IsNamed)?.Content is { } content
            ? Encoding.UTF8.GetString(content)
            : throw Refused(option, path, "cannot be read");

    private static DeviceTlsException Refused(string option, string path, string why, Exception? inner = null) => new(option, $"\"{path}\" {why}", inner);

    private static Guid? SidOf(SslStreamCertificateContext context) =>
        DeviceCertificate.TryGetBoundDeviceId(context.TargetCertificate, out var id) ? id.Value : null;
}
