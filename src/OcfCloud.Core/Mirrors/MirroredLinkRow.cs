using OcfCloud.Core.Devices;
using OcfCloud.Core.Directory;

namespace OcfCloud.Core.Mirrors;

/// <summary>A link of a mirrored device as it is stored.</summary>
internal sealed class MirroredLinkRow
{
    public UserId UserId { get; init; }

    public Guid LinkedCloudId { get; init; }

    public DeviceId DeviceId { get; init; }

    public required string Href { get; init; }

    public required string[] Rt { get; set; }

    public required string[] If { get; set; }

    public int Bm { get; set; }

    /// <summary>The other parameters as one CBOR map; null = none.</summary>
    public byte[]? Parameters { get; set; }

    public ResourceLink ToLink() =>
        new(ResourceHref.TryParse(Href, out var href) ? href : default, Rt, If, Bm, LinkParameterCodec.Decode(Parameters));

    public void Take(ResourceLink link)
    {
        Rt = [.. link.Rt];
        If = [.. link.If];
        Bm = link.Bm;
        Parameters = LinkParameterCodec.Encode(link.Parameters);
    }
}
