using OcfCloud.Core.Certificates;

namespace OcfCloud.DeviceGateway.Twins;

/// <summary>A resource of which the twin keeps the representation.</summary>
internal sealed class TwinnedResource(string href)
{
    /// <summary>Its path on the device.</summary>
    public string Href => href;

    /// <summary>The digest of what was seen last in this session.</summary>
    public Sha256Digest? Last { get; set; }

    /// <summary>The twin's observation of it, where it has one of its own.</summary>
    public TwinObservation? Observation { get; set; }
}
