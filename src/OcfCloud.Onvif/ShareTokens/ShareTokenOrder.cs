using OcfCloud.Onvif.Sharing;

namespace OcfCloud.Onvif.ShareTokens;

/// <summary>What an owner wants a share token for.</summary>
public sealed record ShareTokenOrder
{
    /// <summary>Share or transfer.</summary>
    public ShareMode Mode { get; init; } = ShareMode.Share;

    /// <summary>The most that the other cloud may get.</summary>
    public UserLevel UserLevel { get; init; } = UserLevel.Administrator;

    /// <summary>How long it is good: more than nothing, at most a day. Null: as the setting says.</summary>
    public TimeSpan? Lifetime { get; init; }

    /// <summary>The only host, with its subdomains, that the other cloud may name; null: any.</summary>
    public string? Recipient { get; init; }
}
