using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace OcfCloud.DeviceGateway.Tls;

/// <summary>A SHA-256 value that is a key without being an array.</summary>
internal readonly record struct Sha256Digest(UInt128 High, UInt128 Low)
{
    public static Sha256Digest Of(X509Certificate2 certificate)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        _ = certificate.TryGetCertHash(HashAlgorithmName.SHA256, hash, out _);
        return From(hash);
    }

    public static Sha256Digest From(ReadOnlySpan<byte> hash) =>
        new(BinaryPrimitives.ReadUInt128BigEndian(hash), BinaryPrimitives.ReadUInt128BigEndian(hash[16..]));
}
