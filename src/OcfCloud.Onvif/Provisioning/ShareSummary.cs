using OcfCloud.Onvif.Sharing;

namespace OcfCloud.Onvif.Provisioning;

/// <summary>A share as its owner sees it.</summary>
/// <param name="Id">Its id.</param>
/// <param name="TokenId">The share token that was used for it.</param>
/// <param name="Mode">Share or transfer.</param>
/// <param name="State">How far it is.</param>
/// <param name="Reason">Why it is there, in words; null: nothing to say.</param>
/// <param name="With">Host and port of the other cloud's authorization server.</param>
/// <param name="CreatedAt">Since when.</param>
/// <param name="Steps">What was done, in order.</param>
public sealed record ShareSummary(Guid Id, Guid TokenId, ShareMode Mode, ShareState State, string? Reason, string With, DateTimeOffset CreatedAt, IReadOnlyList<ShareStep> Steps)
{
    /// <summary>Whether there is an access that its owner could take back now.</summary>
    public bool MayUnshare { get; init; }
}
