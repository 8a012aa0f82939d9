using System.Buffers;
using System.Buffers.Binary;
using System.Net;

namespace OcfCloud.Host.Endpoints.Proxies;

/// <summary>
/// A header of the PROXY protocol, version 2: who connected to the proxy, and where. It comes before everything else, TLS too.
/// <code>
///   0            12        13                   14       16           16 + length
///   │ signature  │ version │ family, transport  │ length │ addresses, TLVs
///   │            │ command │                    │        │
/// </code>
/// </summary>
/// <param name="Source">Who connected to the proxy; null where the header names nobody: the connection is the proxy's own (a health check), or no TCP of IPv4 or IPv6.</param>
/// <param name="Destination">Where it connected to; null with <paramref name="Source"/>.</param>
internal sealed record ProxyHeader(IPEndPoint? Source, IPEndPoint? Destination)
{
    /// <summary>Of a whole header, TLVs included, in bytes: what proxies add (names, certificates' names, identifiers of networks) takes some hundreds.</summary>
    public const int MaxLength = 4096;

    private const int FixedLength = 16;

    // Proxy protocol, 2.2: the addresses are followed by the ports.
    private const int Addresses4 = (2 * 4) + (2 * 2);
    private const int Addresses6 = (2 * 16) + (2 * 2);
    private const int AddressesUnix = 2 * 108;

    private static readonly ProxyHeader Nobody = new(null, null);

    private static ReadOnlySpan<byte> Signature => [0x0D, 0x0A, 0x0D, 0x0A, 0x00, 0x0D, 0x0A, 0x51, 0x55, 0x49, 0x54, 0x0A];

    /// <summary>Reads the header at the beginning of a connection.</summary>
    /// <param name="bytes">What has come so far.</param>
    /// <param name="header">The header, where it is complete.</param>
    /// <param name="end">Where it ends and what it is about begins.</param>
    public static ProxyHeaderReading Read(in ReadOnlySequence<byte> bytes, out ProxyHeader header, out SequencePosition end)
    {
        header = Nobody;
        end = bytes.Start;
        Span<byte> start = stackalloc byte[FixedLength];
        start = start[..(int)Math.Min(bytes.Length, FixedLength)];
        bytes.Slice(0, start.Length).CopyTo(start);

        // What differs already will be no header, however much more comes.
        if (!Signature.StartsWith(start[..Math.Min(start.Length, Signature.Length)])) return ProxyHeaderReading.Absent;
        if (start.Length < FixedLength) return ProxyHeaderReading.Incomplete;

        var (version, command) = (start[12] >> 4, start[12] & 0xF);
        var (family, transport) = (start[13] >> 4, start[13] & 0xF);
        var length = BinaryPrimitives.ReadUInt16BigEndian(start[14..]);

        // Proxy protocol, 2.2: connections with other values are dropped.
        if (version != 2 || command is not (0 or 1)) return ProxyHeaderReading.Invalid;
        var isOwn = command == 0;
        if (!isOwn && (family > 3 || transport > 2 || length < AddressesOf(family))) return ProxyHeaderReading.Invalid;
        if (FixedLength + length > MaxLength) return ProxyHeaderReading.TooLong;
        if (bytes.Length < FixedLength + length) return ProxyHeaderReading.Incomplete;

        if (!isOwn && family is 1 or 2 && transport == 1) header = AddressesIn(bytes.Slice(FixedLength, AddressesOf(family)), family == 1 ? 4 : 16);
        end = bytes.GetPosition(FixedLength + length);
        return ProxyHeaderReading.Complete;
    }

    private static int AddressesOf(int family) => family switch { 1 => Addresses4, 2 => Addresses6, 3 => AddressesUnix, _ => 0 };

    private static ProxyHeader AddressesIn(in ReadOnlySequence<byte> block, int size)
    {
        Span<byte> bytes = stackalloc byte[Addresses6];
        block.CopyTo(bytes);
        var ports = bytes[(2 * size)..];
        return new ProxyHeader(EndPointOf(bytes[..size], ports), EndPointOf(bytes.Slice(size, size), ports[2..]));
    }

    // Limits count an IPv4 client once, whichever way its address is written.
    private static IPEndPoint EndPointOf(ReadOnlySpan<byte> address, ReadOnlySpan<byte> port)
    {
        var ip = new IPAddress(address);
        return new IPEndPoint(ip.IsIPv4MappedToIPv6 ? ip.MapToIPv4() : ip, BinaryPrimitives.ReadUInt16BigEndian(port));
    }
}
