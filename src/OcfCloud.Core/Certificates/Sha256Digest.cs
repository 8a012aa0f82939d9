using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace OcfCloud.Core.Certificates;

/// <summary>A SHA-256 value that is a key without being an array.</summary>
/// <param name="High">The first 16 bytes.</param>
/// <param name="Low">The last 16 bytes.</param>
public readonly record struct Sha256Digest(UInt128 High, UInt128 Low)
{
    /// <summary>Of a certificate's encoding.</summary>
    public static Sha256Digest Of(X509Certificate2 certificate)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        _ = certificate.TryGetCertHash(HashAlgorithmName.SHA256, hash, out _);
        return From(hash);
    }

    /// <summary>Of 32 bytes that are a SHA-256 value.</summary>
    public static Sha256Digest From(ReadOnlySpan<byte> hash) =>
        new(BinaryPrimitives.ReadUInt128BigEndian(hash), BinaryPrimitives.ReadUInt128BigEndian(hash[16..]));
}
