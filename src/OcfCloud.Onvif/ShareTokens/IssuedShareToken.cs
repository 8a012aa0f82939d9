using OcfCloud.Onvif.Sharing;

namespace OcfCloud.Onvif.ShareTokens;

/// <summary>A share token as it is handed out: here, and never again.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Text">The compact JWS.</param>
/// <param name="Mode">Share or transfer.</param>
/// <param name="UserLevel">The most that the other cloud may get.</param>
/// <param name="Expires">Good until.</param>
public sealed record IssuedShareToken(Guid Id, string Text, ShareMode Mode, UserLevel UserLevel, DateTimeOffset Expires);
