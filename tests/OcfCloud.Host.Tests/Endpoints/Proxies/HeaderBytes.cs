using System.Buffers.Binary;
using System.Net;

namespace OcfCloud.Host.Tests.Endpoints.Proxies;

/// <summary>Headers of the PROXY protocol, version 2, as proxies write them.</summary>
internal static class HeaderBytes
{
    public const byte Local = 0x20;
    public const byte Proxy = 0x21;

    public static readonly byte[] Signature = [0x0D, 0x0A, 0x0D, 0x0A, 0x00, 0x0D, 0x0A, 0x51, 0x55, 0x49, 0x54, 0x0A];

    /// <summary>A header of any kind.</summary>
    public static byte[] Of(byte command, byte family, params byte[] block)
    {
        var length = new byte[2];
        BinaryPrimitives.WriteUInt16BigEndian(length, (ushort)block.Length);
        return [.. Signature, command, family, .. length, .. block];
    }

    /// <summary>A client's TCP connection over IPv4 or IPv6.</summary>
    public static byte[] Of(string source, string? destination = null, byte[]? more = null) =>
        Of(IPEndPoint.Parse(source), IPEndPoint.Parse(destination ?? (source[0] == '[' ? "[2001:db8::1]:5684" : "192.0.2.1:5684")), more);

    private static byte[] Of(IPEndPoint source, IPEndPoint destination, byte[]? more)
    {
        var family = source.Address.GetAddressBytes().Length == 4 ? (byte)0x11 : (byte)0x21;
        return Of(Proxy, family, [.. source.Address.GetAddressBytes(), .. destination.Address.GetAddressBytes(), .. Port(source), .. Port(destination), .. more ?? []]);
    }

    private static byte[] Port(IPEndPoint endpoint) => [(byte)(endpoint.Port >> 8), (byte)endpoint.Port];
}
