using System.Net;
using System.Security.Cryptography.X509Certificates;

namespace OcfCloud.Core.Outbound;

/// <summary>How this cloud calls addresses that strangers chose.</summary>
public sealed class OutboundOptions
{
    /// <summary>Networks that may be called although they are not public; the only exception.</summary>
    public IList<IPNetwork> AllowedNetworks { get; } = [];

    /// <summary>Trusted beside the system's store.</summary>
    public X509Certificate2Collection TrustAnchors { get; } = [];

    /// <summary>How long a name may take to be resolved, the wait for others included. Default 5 seconds.</summary>
    public TimeSpan ResolveTimeout { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>Names that are resolved at once for checks at the door, as many for calls, and as many of operators' names; each name once. A lookup counts until the system's resolver has given it up, which may be
    /// long after nobody waits for it any more. Default 32.</summary>
    public int MaxLookups { get; set; } = 32;

    /// <summary>How long one address may take to accept a connection before the next one is tried. Default 3 seconds.</summary>
    public TimeSpan ConnectTimeout { get; set; } = TimeSpan.FromSeconds(3);
}
