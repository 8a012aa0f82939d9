namespace OcfCloud.Core.Directory;

/// <summary>Limits of the resource directory.</summary>
public sealed class DirectoryOptions
{
    /// <summary>Links that one device may have published, more than zero. Default 256.</summary>
    public int MaxLinksPerDevice { get; set; } = 256;

    /// <summary>How often links past their <c>ttl</c> are looked for. Default one second.</summary>
    public TimeSpan ExpiryPeriod { get; set; } = TimeSpan.FromSeconds(1);
}
