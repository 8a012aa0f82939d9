using System.Net.Security;
using System.Security.Cryptography.X509Certificates;

namespace OcfCloud.Host.Metrics;

/// <summary>A certificate of this cloud's own.</summary>
/// <param name="Name">What it is for: <c>https</c>, <c>coaps</c>, <c>keyring</c>.</param>
/// <param name="EndsAt">When it, or one that goes out with it, ends; asked again after each reload.</param>
internal sealed record OwnCertificate(string Name, Func<DateTimeOffset> EndsAt)
{
    /// <summary>One that a door presents, with its intermediates: the first that ends counts.</summary>
    public static OwnCertificate Of(string name, Func<SslStreamCertificateContext> current) => new(name, () =>
    {
        var context = current();
        return context.IntermediateCertificates.Append(context.TargetCertificate).Min(EndOf);
    });

    /// <summary>One that is read at the start alone.</summary>
    public static OwnCertificate Of(string name, X509Certificate2 certificate)
    {
        var end = EndOf(certificate);
        return new OwnCertificate(name, () => end);
    }

    private static DateTimeOffset EndOf(X509Certificate2 certificate) => new(certificate.NotAfter.ToUniversalTime());
}
