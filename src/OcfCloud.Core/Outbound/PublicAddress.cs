using System.Net;
using System.Net.Sockets;

namespace OcfCloud.Core.Outbound;

/// <summary>Tells addresses of the public Internet from all others (IANA's registries of special-purpose addresses, RFC 6890).</summary>
internal static class PublicAddress
{
    private static readonly IPNetwork[] Special4 =
    [
        IPNetwork.Parse("0.0.0.0/8"), // this network; Linux takes 0.0.0.0 for loopback
        IPNetwork.Parse("10.0.0.0/8"), // private
        IPNetwork.Parse("100.64.0.0/10"), // CGNAT; a metadata service too
        IPNetwork.Parse("127.0.0.0/8"), // loopback
        IPNetwork.Parse("168.63.129.16/32"), // a provider's metadata service on a public address
        IPNetwork.Parse("169.254.0.0/16"), // link-local; metadata services
        IPNetwork.Parse("172.16.0.0/12"), // private
        IPNetwork.Parse("192.0.0.0/24"), // protocol assignments; a metadata service too
        IPNetwork.Parse("192.0.2.0/24"), // documentation
        IPNetwork.Parse("192.88.99.0/24"), // 6to4 relays, withdrawn
        IPNetwork.Parse("192.168.0.0/16"), // private
        IPNetwork.Parse("198.18.0.0/15"), // benchmarks
        IPNetwork.Parse("198.51.100.0/24"), // documentation
        IPNetwork.Parse("203.0.113.0/24"), // documentation
        IPNetwork.Parse("224.0.0.0/4"), // multicast
        IPNetwork.Parse("240.0.0.0/4"), // reserved, broadcast
    ];

    // Only 2000::/3 is given out at all: loopback, unspecified, link-local, ULA, multicast and what is not yet known lie outside.
    private static readonly IPNetwork GlobalUnicast = IPNetwork.Parse("2000::/3");

    private static readonly IPNetwork[] Special6 =
    [
        IPNetwork.Parse("2001::/23"), // protocol assignments: Teredo, benchmarks, ORCHID
        IPNetwork.Parse("2001:db8::/32"), // documentation
        IPNetwork.Parse("3fff::/20"), // documentation
    ];

    private static readonly IPNetwork SixToFour = IPNetwork.Parse("2002::/16");
    private static readonly IPNetwork Nat64 = IPNetwork.Parse("64:ff9b::/96");
    private static readonly IPNetwork LocalNat64 = IPNetwork.Parse("64:ff9b:1::/48");

    /// <summary>Whether an address is public, in every way that it can be read.</summary>
    public static bool Is(IPAddress address) => Readings(address).All(IsPublic);

    /// <summary>The addresses that packets to an address may end at: the IPv4 address inside an IPv6 one, else the address itself.</summary>
    public static IReadOnlyList<IPAddress> Readings(IPAddress address)
    {
        if (address.AddressFamily != AddressFamily.InterNetworkV6) return [address];
        if (address.IsIPv4MappedToIPv6) return [address.MapToIPv4()];
        var bytes = address.GetAddressBytes();
        if (Nat64.Contains(address)) return [new IPAddress(bytes.AsSpan(12, 4))];
        if (SixToFour.Contains(address)) return [new IPAddress(bytes.AsSpan(2, 4))];
        return LocalNat64.Contains(address) ? LocalReadings(bytes) : [address];
    }

    // RFC 8215 leaves to the network which of the layouts of RFC 6052, 2.2 it uses below the prefix: each that the address may be counts.
    private static List<IPAddress> LocalReadings(byte[] bytes)
    {
        var readings = new List<IPAddress> { new(bytes.AsSpan(12, 4)) };
        if (bytes[8] != 0) return readings;
        if (AreZero(bytes, 11)) readings.Add(new IPAddress([bytes[6], bytes[7], bytes[9], bytes[10]]));
        if (AreZero(bytes, 12)) readings.Add(new IPAddress([bytes[7], bytes[9], bytes[10], bytes[11]]));
        if (AreZero(bytes, 13)) readings.Add(new IPAddress(bytes.AsSpan(9, 4)));
        return readings;
    }

    private static bool AreZero(byte[] bytes, int from) => !bytes.AsSpan(from).ContainsAnyExcept((byte)0);

    private static bool IsPublic(IPAddress address) => address.AddressFamily switch
    {
        AddressFamily.InterNetwork => !Special4.Any(network => network.Contains(address)),
        AddressFamily.InterNetworkV6 => GlobalUnicast.Contains(address) && !Special6.Any(network => network.Contains(address)),
        _ => false,
    };
}
