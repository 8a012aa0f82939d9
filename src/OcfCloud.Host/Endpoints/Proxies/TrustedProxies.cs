using System.Net;

namespace OcfCloud.Host.Endpoints.Proxies;

/// <summary>The balancers in front of this cloud (<c>OcfCloud:Endpoints:TrustedProxies</c>): they alone are believed where they say whom a connection or a request comes from.</summary>
/// <param name="networks">Their addresses; none: nobody is believed.</param>
internal sealed class TrustedProxies(IReadOnlyList<IPNetwork> networks)
{
    /// <summary>Their addresses.</summary>
    public IReadOnlyList<IPNetwork> Networks => networks;

    /// <summary>Whether there are any.</summary>
    public bool Any => networks.Count > 0;

    /// <summary>Whether a peer is one of them.</summary>
    public bool Include(EndPoint? peer)
    {
        if (peer is not IPEndPoint { Address: var address }) return false;
        // An endpoint on every address sees IPv4 peers as mapped ones.
        if (address.IsIPv4MappedToIPv6) address = address.MapToIPv4();
        foreach (var network in networks)
        {
            if (network.Contains(address)) return true;
        }

        return false;
    }
}
