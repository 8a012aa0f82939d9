using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace OcfCloud.Identity.Tests.DeviceClients;

/// <summary>PKCS#10 requests as cameras make them.</summary>
internal static class Requests
{
    public static byte[] Of(ECDsa key, string subject = "CN=camera") => new CertificateRequest(subject, key, HashAlgorithmName.SHA256).CreateSigningRequest();

    public static byte[] Of(RSA key, string subject = "CN=camera") =>
        new CertificateRequest(subject, key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1).CreateSigningRequest();
}
