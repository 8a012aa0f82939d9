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

    /// <summary>How long a name may take to be resolved. Default 5 seconds.</summary>
    public TimeSpan ResolveTimeout { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>How long one address may take to accept a connection before the next one is tried. Default 3 seconds.</summary>
    public TimeSpan ConnectTimeout { get; set; } = TimeSpan.FromSeconds(3);
}
