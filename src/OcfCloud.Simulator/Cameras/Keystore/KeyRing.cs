using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using OcfCloud.Simulator.Cameras.Soap;

namespace OcfCloud.Simulator.Cameras.Keystore;

/// <summary>The keys of the keystore (ONVIF Advanced Security, 5.2).</summary>
internal sealed class KeyRing(CameraMemory memory, Misbehaviour misbehaviour, CameraTiming timing, TimeProvider time)
{
    /// <summary>Lengths of RSA keys, in bits.</summary>
    public static readonly IReadOnlyList<int> RsaLengths = [3072, 4096];

    private int _corrupted;

    /// <summary>Curves, by the names of the IANA registry of TLS groups.</summary>
    public static IReadOnlyDictionary<string, ECCurve> Curves { get; } = new Dictionary<string, ECCurve>
    {
        ["secp256r1"] = ECCurve.NamedCurves.nistP256,
        ["secp384r1"] = ECCurve.NamedCurves.nistP384,
    };

    /// <summary>Begins to make an ECC key pair.</summary>
    /// <returns>Its id.</returns>
    public string CreateEcc(string curve, string? alias)
    {
        if (misbehaviour.RsaOnly || !Curves.TryGetValue(curve, out var named))
            throw SoapFaultException.InvalidArgument("UnsupportedEllipticCurve", $"no curve {curve}");
        using var key = ECDsa.Create(named);
        return Add(key, alias);
    }

    /// <summary>Begins to make an RSA key pair.</summary>
    /// <returns>Its id.</returns>
    public string CreateRsa(int length, string? alias)
    {
        if (!RsaLengths.Contains(length))
            throw SoapFaultException.InvalidArgument("KeyLength", $"no RSA keys of {length} bits");
        using var key = RSA.Create(length);
        return Add(key, alias);
    }

    /// <summary><c>ok</c>, <c>generating</c> or <c>corrupt</c>.</summary>
    public string Status(string id) => Find(id).StatusAt(time.GetUtcNow());

    /// <summary>Deletes a key that nothing refers to.</summary>
    public void Delete(string id) => memory.Change(state =>
    {
        if (state.Key(id) is null)
            throw NoKey(id);
        if (state.Certificates.Any(certificate => certificate.KeyId == id) || state.AuthorizationServers.Any(server => server.KeyId == id))
            throw SoapFaultException.ReferenceExists(id);
        return state with { Keys = [.. state.Keys.Where(key => key.Id != id)] };
    });

    /// <summary>A PKCS#10 request of certification.</summary>
    /// <param name="id">The key pair.</param>
    /// <param name="subject">For whom.</param>
    /// <param name="algorithm">OID of the signature's algorithm.</param>
    /// <returns>DER.</returns>
    public byte[] CreateSigningRequest(string id, X500DistinguishedName subject, string algorithm)
    {
        var stored = Find(id);
        if (!stored.IsPair)
            throw NoKey(id);
        if (Status(id) != "ok")
            throw SoapFaultException.InvalidArgument("InvalidKeyStatus", $"the key is {Status(id)}");
        using var pair = stored.Open();
        return (pair, algorithm) switch
        {
            (ECDsa key, "1.2.840.10045.4.3.2") => new CertificateRequest(subject, key, HashAlgorithmName.SHA256).CreateSigningRequest(),
            (ECDsa key, "1.2.840.10045.4.3.3") => new CertificateRequest(subject, key, HashAlgorithmName.SHA384).CreateSigningRequest(),
            (RSA key, "1.2.840.113549.1.1.11") =>
                new CertificateRequest(subject, key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1).CreateSigningRequest(),
            (_, "1.2.840.10045.4.3.2" or "1.2.840.10045.4.3.3" or "1.2.840.113549.1.1.11") =>
                throw SoapFaultException.InvalidArgument("KeySignatureAlgorithmMismatch", "the algorithm is not one of this key"),
            _ => throw SoapFaultException.InvalidArgument("UnsupportedSignatureAlgorithm", $"no algorithm {algorithm}"),
        };
    }

    private string Add(AsymmetricAlgorithm key, string? alias)
    {
        var id = "";
        memory.Change(state =>
        {
            if (state.Keys.Count >= misbehaviour.MaxKeys)
                throw SoapFaultException.Full("MaximumNumberOfKeysReached");
            var stored = new StoredKey
            {
                Id = "",
                Alias = alias,
                PublicKey = key.ExportSubjectPublicKeyInfo(),
                PrivateKey = key.ExportPkcs8PrivateKey(),
                ReadyAt = misbehaviour.EndlessKeyGeneration ? null : time.GetUtcNow() + timing.KeyGeneration,
                Corrupt = _corrupted < misbehaviour.CorruptKeys,
            };
            _corrupted++;
            state = state.Next("key", out id);
            return state with { Keys = [.. state.Keys, stored with { Id = id }] };
        });
        return id;
    }

    private StoredKey Find(string id) => memory.Current.Key(id) ?? throw NoKey(id);

    private static SoapFaultException NoKey(string id) => SoapFaultException.InvalidArgument("KeyID", $"no key {id}");
}
