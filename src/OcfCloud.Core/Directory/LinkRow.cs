using OcfCloud.Core.Devices;

namespace OcfCloud.Core.Directory;

/// <summary>A published link as it is stored.</summary>
internal sealed class LinkRow
{
    public DeviceId DeviceId { get; init; }

    public int Ins { get; init; }

    public UserId UserId { get; init; }

    public required string Href { get; init; }

    public required string[] Rt { get; set; }

    public required string[] If { get; set; }

    public int Bm { get; set; }

    /// <summary>The other parameters as one CBOR map; null = none.</summary>
    public byte[]? Parameters { get; set; }

    /// <summary>When it leaves the directory; null = never.</summary>
    public DateTimeOffset? ExpiresAt { get; set; }

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
