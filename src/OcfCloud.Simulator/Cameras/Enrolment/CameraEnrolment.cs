using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using OcfCloud.Simulator.Cameras.Authorization;
using OcfCloud.Simulator.Cameras.Keystore;
using OcfCloud.Simulator.Cameras.Services;

namespace OcfCloud.Simulator.Cameras.Enrolment;

/// <summary>The manufacturer's phase: a camera's first key, and the configuration of its first cloud.</summary>
internal sealed class CameraEnrolment(SimulatedCamera camera, TimeProvider time)
{
    private const int RsaBits = 3072;
    private static readonly TimeSpan CertificateLifetime = TimeSpan.FromDays(3650);

    /// <summary>Whether a cloud enrolled the camera, now or before.</summary>
    public bool IsDone => camera.Memory.Current.EnrolledAs is not null;

    /// <summary>The PKCS#10 request of the camera's first key, which is made where there is none.</summary>
    /// <returns>DER.</returns>
    public byte[] SigningRequest()
    {
        using var pair = Key().Open();
        return Request(pair).CreateSigningRequest();
    }

    /// <summary>Takes the first key for none, as the cloud knows it from a life that this camera forgot.</summary>
    public void ForgetKey() => camera.Memory.Change(state => state with
    {
        Keys = [.. state.Keys.Where(key => key.Id != state.EnrolmentKey)],
        EnrolmentKey = null,
    });

    /// <summary>Configures anchors, policy, authorization server and uplinks, all or none.</summary>
    /// <param name="enrolled">What the cloud told.</param>
    /// <param name="how">How the camera proves itself.</param>
    public void Apply(Enrolled enrolled, EnrolmentProof how)
    {
        var key = Key();
        var certificate = how == EnrolmentProof.PrivateKeyJwt ? null : SelfSigned(key);
        camera.Memory.Change(state =>
        {
            var anchors = new List<string>();
            foreach (var content in enrolled.TrustAnchors)
            {
                state = AddCertificate(state, content, "enrolment", out var anchor);
                anchors.Add(anchor);
            }

            state = state.Next("certpath", out var policy);
            state = state with { Policies = [.. state.Policies, new StoredPolicy { Id = policy, Alias = "enrolment", TrustAnchors = anchors }] };
            string? certificateId = null, server = null;
            if (certificate is not null)
                state = AddCertificate(state, certificate, "own", out certificateId);
            if (how != EnrolmentProof.UplinkCertificate)
            {
                state = state.Next("authserver", out server);
                state = state with { AuthorizationServers = [.. state.AuthorizationServers, Server(enrolled, how, server, key.Id, certificateId, policy)] };
            }

            var uplinks = enrolled.Uplinks.Where(IsSupported).Take(camera.Misbehaviour.MaxUplinks);
            return state with
            {
                EnrolledAs = enrolled.Id,
                EnrolledWith = policy,
                EnrolmentKey = null,
                Uplinks =
                [
                    .. state.Uplinks,
                    .. uplinks.Select(address => new StoredUplink
                    {
                        RemoteAddress = address,
                        UserLevel = camera.Misbehaviour.EnrolLevel ?? UserLevels.Administrator,
                        CertificateId = server is null ? certificateId : null,
                        PolicyId = policy,
                        AuthorizationServer = server,
                    }),
                ],
            };
        });
        camera.Reconcile();
    }

    private bool IsSupported(string address) =>
        camera.Services.Uplinks.Protocols.Any(scheme => address.StartsWith($"{scheme}:", StringComparison.Ordinal));

    private static StoredAuthorizationServer Server(Enrolled enrolled, EnrolmentProof how, string id, string key, string? certificate, string policy) => new()
    {
        Id = id,
        ClientAuth = how == EnrolmentProof.PrivateKeyJwt ? ClientAuthentication.PrivateKeyJwt : ClientAuthentication.Tls,
        ServerUri = enrolled.ServerUri,
        ClientId = enrolled.ClientId,
        Scope = enrolled.Scope,
        KeyId = how == EnrolmentProof.PrivateKeyJwt ? key : null,
        CertificateId = certificate,
        PolicyId = policy,
    };

    private static CameraState AddCertificate(CameraState state, byte[] content, string alias, out string id)
    {
        using var certificate = X509CertificateLoader.LoadCertificate(content);
        var publicKey = certificate.PublicKey.ExportSubjectPublicKeyInfo();
        var key = state.Keys.FirstOrDefault(key => key.PublicKey.AsSpan().SequenceEqual(publicKey));
        if (key is null)
        {
            state = state.Next("key", out var keyId);
            key = new StoredKey { Id = keyId, Alias = alias, PublicKey = publicKey, ReadyAt = DateTimeOffset.MinValue };
            state = state with { Keys = [.. state.Keys, key] };
        }

        state = state.Next("cert", out id);
        return state with { Certificates = [.. state.Certificates, new StoredCertificate { Id = id, KeyId = key.Id, Alias = alias, Content = content }] };
    }

    private StoredKey Key()
    {
        if (camera.Memory.Current is { EnrolmentKey: { } present } state)
            return state.Key(present)!;
        using AsymmetricAlgorithm pair = camera.Misbehaviour.RsaOnly ? RSA.Create(RsaBits) : ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var id = "";
        camera.Memory.Change(before => before.Next("key", out id) with
        {
            EnrolmentKey = id,
            Keys =
            [
                .. before.Keys,
                new StoredKey
                {
                    Id = id,
                    Alias = "enrolment",
                    PublicKey = pair.ExportSubjectPublicKeyInfo(),
                    PrivateKey = pair.ExportPkcs8PrivateKey(),
                    ReadyAt = DateTimeOffset.MinValue,
                },
            ],
        });
        return camera.Memory.Current.Key(id)!;
    }

    private byte[] SelfSigned(StoredKey key)
    {
        using var pair = key.Open();
        var request = Request(pair);
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.DigitalSignature, critical: true));
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid("1.3.6.1.5.5.7.3.2")], critical: false));
        var now = time.GetUtcNow();
        using var certificate = request.CreateSelfSigned(now.AddDays(-1), now + CertificateLifetime);
        return certificate.RawData;
    }

    private CertificateRequest Request(AsymmetricAlgorithm pair)
    {
        var identity = camera.Memory.Current.Identity;
        var subject = new X500DistinguishedNameBuilder();
        subject.AddOrganizationName(identity.Manufacturer);
        subject.AddCommonName(identity.SerialNumber);
        return pair switch
        {
            ECDsa ecdsa => new CertificateRequest(subject.Build(), ecdsa, HashAlgorithmName.SHA256),
            RSA rsa => new CertificateRequest(subject.Build(), rsa, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1),
            _ => throw new InvalidOperationException("Keys are EC or RSA."),
        };
    }
}
