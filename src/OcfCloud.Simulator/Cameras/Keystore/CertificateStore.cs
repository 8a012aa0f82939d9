using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using OcfCloud.Simulator.Cameras.Soap;

namespace OcfCloud.Simulator.Cameras.Keystore;

/// <summary>The certificates of the keystore and the policies that believe them (ONVIF Advanced Security, 5.2 and 5.5).</summary>
internal sealed class CertificateStore(CameraMemory memory, Misbehaviour misbehaviour)
{
    private const int LeastRsaBits = 3072;
    private const string Sha1WithRsa = "1.2.840.113549.1.1.5";
    private const string Sha1WithEcdsa = "1.2.840.10045.4.1";

    /// <summary>Takes a certificate, and its public key where that is not here yet.</summary>
    /// <returns>The ids of both.</returns>
    public (string CertificateId, string KeyId) Upload(byte[] content, string? alias, string? keyAlias, bool privateKeyRequired)
    {
        using var certificate = Parse(content);
        RefuseWeak(certificate);
        var publicKey = certificate.PublicKey.ExportSubjectPublicKeyInfo();
        var (certificateId, keyId) = ("", "");
        memory.Change(state =>
        {
            if (!misbehaviour.AllowDuplicates && state.Certificates.Any(other => other.Content.AsSpan().SequenceEqual(content)))
                throw SoapFaultException.InvalidArgument("Duplicate", "the certificate is here already");
            if (state.Certificates.Count >= misbehaviour.MaxCertificates)
                throw SoapFaultException.Full("MaximumNumberOfCertificatesReached");

            var key = state.Keys.FirstOrDefault(other => other.PublicKey.AsSpan().SequenceEqual(publicKey));
            if (privateKeyRequired && key is not { IsPair: true })
                throw SoapFaultException.InvalidArgument("NoMatchingPrivateKey", "the certificate's private key is not here");
            if (key is null)
            {
                if (state.Keys.Count >= misbehaviour.MaxKeys)
                    throw SoapFaultException.Full("MaximumNumberOfKeysReached");
                state = state.Next("key", out var id);
                key = new StoredKey { Id = id, Alias = keyAlias, PublicKey = publicKey, ReadyAt = DateTimeOffset.MinValue };
                state = state with { Keys = [.. state.Keys, key] };
            }

            keyId = key.Id;
            state = state.Next("cert", out certificateId);
            return state with
            {
                Certificates = [.. state.Certificates, new StoredCertificate { Id = certificateId, KeyId = keyId, Alias = alias, Content = content }],
            };
        });
        return (certificateId, keyId);
    }

    /// <summary>Deletes a certificate that nothing refers to; its key stays.</summary>
    public void Delete(string id) => memory.Change(state =>
    {
        if (state.Certificate(id) is null)
            throw SoapFaultException.InvalidArgument("CertificateID", $"no certificate {id}");
        if (state.Policies.Any(policy => policy.TrustAnchors.Contains(id))
            || state.AuthorizationServers.Any(server => server.CertificateId == id)
            || state.Uplinks.Any(uplink => uplink.CertificateId == id))
        {
            throw SoapFaultException.ReferenceExists(id);
        }

        return state with { Certificates = [.. state.Certificates.Where(certificate => certificate.Id != id)] };
    });

    /// <summary>Makes a policy.</summary>
    /// <returns>Its id.</returns>
    public string CreatePolicy(string? alias, IReadOnlyList<string> anchors)
    {
        var id = "";
        memory.Change(state =>
        {
            if (anchors.FirstOrDefault(anchor => state.Certificate(anchor) is null) is { } missing)
                throw SoapFaultException.InvalidArgument("CertificateID", $"no certificate {missing}");
            if (state.Policies.Count >= misbehaviour.MaxPolicies)
                throw SoapFaultException.Full("MaximumNumberOfCertPathValidationPoliciesReached");
            state = state.Next("certpath", out id);
            return state with { Policies = [.. state.Policies, new StoredPolicy { Id = id, Alias = alias, TrustAnchors = anchors }] };
        });
        return id;
    }

    /// <summary>Deletes a policy that nothing refers to.</summary>
    public void DeletePolicy(string id) => memory.Change(state =>
    {
        if (state.Policy(id) is null)
            throw SoapFaultException.InvalidArgument("CertPathValidationPolicyID", $"no policy {id}");
        if (state.AuthorizationServers.Any(server => server.PolicyId == id) || state.Uplinks.Any(uplink => uplink.PolicyId == id))
            throw SoapFaultException.ReferenceExists(id);
        return state with { Policies = [.. state.Policies.Where(policy => policy.Id != id)] };
    });

    private static X509Certificate2 Parse(byte[] content)
    {
        try
        {
            // A certificate with something behind it, or in another form, is none.
            if (X509Certificate2.GetCertContentType(content) == X509ContentType.Cert)
            {
                var certificate = X509CertificateLoader.LoadCertificate(content);
                if (certificate.RawData.AsSpan().SequenceEqual(content))
                    return certificate;
                certificate.Dispose();
            }
        }
        catch (CryptographicException)
        {
            // Told below.
        }

        throw SoapFaultException.InvalidArgument("BadCertificate", "no X.509 certificate in DER");
    }

    private void RefuseWeak(X509Certificate2 certificate)
    {
        if (!misbehaviour.RejectWeakAnchors)
            return;
        if (certificate.SignatureAlgorithm.Value is Sha1WithRsa or Sha1WithEcdsa)
            throw SoapFaultException.InvalidArgument("UnsupportedSignatureAlgorithm", "SHA-1 is not believed");
        using var rsa = certificate.GetRSAPublicKey();
        if (rsa is { KeySize: < LeastRsaBits })
            throw SoapFaultException.InvalidArgument("UnsupportedPublicKeyAlgorithm", $"RSA keys have at least {LeastRsaBits} bits");
    }
}
