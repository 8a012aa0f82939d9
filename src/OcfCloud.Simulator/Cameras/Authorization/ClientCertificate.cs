using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using OcfCloud.Simulator.Cameras.Keystore;
using OcfCloud.Simulator.Cameras.Uplinks;

namespace OcfCloud.Simulator.Cameras.Authorization;

/// <summary>The certificates that a camera shows.</summary>
internal static class ClientCertificate
{
    /// <summary>A certificate of the keystore with its private key, the caller's to dispose.</summary>
    /// <exception cref="UplinkFailedException">It is not there any more.</exception>
    public static X509Certificate2 Of(CameraState state, string? id)
    {
        if (state.Certificate(id) is not { } stored || state.Key(stored.KeyId) is not { IsPair: true } key)
            throw new UplinkFailedException($"the certificate {id} is not here");
        using var certificate = X509CertificateLoader.LoadCertificate(stored.Content);
        using var pair = key.Open();
        return pair switch
        {
            ECDsa ecdsa => certificate.CopyWithPrivateKey(ecdsa),
            RSA rsa => certificate.CopyWithPrivateKey(rsa),
            _ => throw new InvalidOperationException("The keystore holds EC and RSA keys alone."),
        };
    }
}
