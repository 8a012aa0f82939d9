namespace OcfCloud.Core.Directory;

/// <summary>What every stored link says, whoever's it is.</summary>
internal abstract class StoredLink
{
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
