using System.Net;

namespace OcfCloud.Simulator.Cameras.Uplinks;

/// <summary>Where the web server "listens" for connections that cameras opened themselves.</summary>
internal sealed class UplinkEndPoint : EndPoint
{
    /// <summary>The only one.</summary>
    public static UplinkEndPoint Instance { get; } = new();

    /// <inheritdoc/>
    public override string ToString() => "uplinks";
}
