using System.Net;
using System.Net.Sockets;

namespace OcfCloud.Core.Addresses;

/// <summary>Who stands behind an address, as far as limits go.</summary>
public static class CallerNetwork
{
    /// <summary>The address itself, or its network of 64 bits: who has one address of IPv6 has 2^64 of them.</summary>
    public static IPAddress Of(IPAddress address)
    {
        if (address.IsIPv4MappedToIPv6) return address.MapToIPv4();
        if (address.AddressFamily != AddressFamily.InterNetworkV6) return address;
        var bytes = address.GetAddressBytes();
        Array.Clear(bytes, 8, 8);
        return new IPAddress(bytes);
    }
}
