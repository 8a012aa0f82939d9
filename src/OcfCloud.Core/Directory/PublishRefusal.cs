namespace OcfCloud.Core.Directory;

/// <summary>Why links were not published.</summary>
public enum PublishRefusal
{
    /// <summary>Not refused.</summary>
    None,

    /// <summary>The device is not this user's any more (4.01).</summary>
    UnknownDevice,

    /// <summary>The device would have more than <see cref="DirectoryOptions.MaxLinksPerDevice"/> links (4.00); nothing was stored.</summary>
    TooManyLinks,
}
