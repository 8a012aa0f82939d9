using System.Xml.Linq;

namespace OcfCloud.Simulator.Cameras.Services;

/// <summary>A service: the operations of one namespace at one path.</summary>
/// <param name="Path">Where it is called.</param>
/// <param name="Namespace">Of its messages.</param>
/// <param name="Operations">By name.</param>
internal sealed record CameraService(string Path, XNamespace Namespace, IReadOnlyDictionary<string, CameraOperation> Operations)
{
    /// <summary>What GetServices says of it: over an uplink host and scheme mean nothing, and whoever follows them finds nobody.</summary>
    public string Address => $"https://camera.invalid{Path}";
}
