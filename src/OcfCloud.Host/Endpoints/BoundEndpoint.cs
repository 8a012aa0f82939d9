using System.Net;
using System.Net.Sockets;

namespace OcfCloud.Host.Endpoints;

/// <summary>A port that is ours: bound and listening, accepted from once the server runs.</summary>
/// <param name="Socket">The listening socket.</param>
/// <param name="Local">Where it listens, the port that the system chose included.</param>
internal sealed record BoundEndpoint(Socket Socket, IPEndPoint Local)
{
    /// <summary>Whether it listens on every address of this machine.</summary>
    public bool IsOnEveryAddress => Local.Address.Equals(IPAddress.Any) || Local.Address.Equals(IPAddress.IPv6Any);

    /// <summary>An address that a program on this machine can connect to.</summary>
    public string UrlOf(string scheme) => $"{scheme}://{(IsOnEveryAddress ? new IPEndPoint(IPAddress.Loopback, Local.Port) : Local)}";
}
