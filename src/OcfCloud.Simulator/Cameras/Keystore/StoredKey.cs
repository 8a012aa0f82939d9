using System.Security.Cryptography;
using System.Text.Json.Serialization;

namespace OcfCloud.Simulator.Cameras.Keystore;

/// <summary>A key of the keystore: a pair, or the public key of an uploaded certificate.</summary>
internal sealed record StoredKey
{
    /// <summary>The id, an NCName of at most 64 characters.</summary>
    public required string Id { get; init; }

    /// <summary>What the client calls it.</summary>
    public string? Alias { get; init; }

    /// <summary>SubjectPublicKeyInfo, DER.</summary>
    public required byte[] PublicKey { get; init; }

    /// <summary>PKCS#8, DER; null for a public key alone.</summary>
    public byte[]? PrivateKey { get; init; }

    /// <summary>When its generation ends; null: never.</summary>
    public DateTimeOffset? ReadyAt { get; init; }

    /// <summary>Its generation fails.</summary>
    public bool Corrupt { get; init; }

    /// <summary>Whether its private key is here.</summary>
    [JsonIgnore]
    public bool IsPair => PrivateKey is not null;

    /// <summary><c>ok</c>, <c>generating</c> or <c>corrupt</c>.</summary>
    public string StatusAt(DateTimeOffset now) => ReadyAt is not { } end || now < end ? "generating" : Corrupt ? "corrupt" : "ok";

    /// <summary>The key pair, the caller's to dispose.</summary>
    public AsymmetricAlgorithm Open()
    {
        var ecdsa = ECDsa.Create();
        try
        {
            ecdsa.ImportPkcs8PrivateKey(PrivateKey, out _);
            return ecdsa;
        }
        catch (CryptographicException)
        {
            // Another algorithm.
            ecdsa.Dispose();
        }

        var rsa = RSA.Create();
        rsa.ImportPkcs8PrivateKey(PrivateKey, out _);
        return rsa;
    }
}
