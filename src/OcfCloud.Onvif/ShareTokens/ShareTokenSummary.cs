using OcfCloud.Onvif.Sharing;

namespace OcfCloud.Onvif.ShareTokens;

/// <summary>A share token as its owner sees it, without the token.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Mode">Share or transfer.</param>
/// <param name="UserLevel">The most that the other cloud may get.</param>
/// <param name="Recipient">The only host that may be named; null: any.</param>
/// <param name="State"><c>open</c>, <c>used</c>, <c>revoked</c> or <c>expired</c>.</param>
/// <param name="Created">Since when.</param>
/// <param name="Expires">Good until.</param>
public sealed record ShareTokenSummary(Guid Id, ShareMode Mode, UserLevel UserLevel, string? Recipient, string State, DateTimeOffset Created, DateTimeOffset Expires);
