using OcfCloud.Core.Devices;

namespace OcfCloud.Core.Tokens;

/// <summary>A mediator's refresh token.</summary>
/// <param name="UserId">The user.</param>
/// <param name="RefreshToken">Base64url of 32 bytes, shown here only.</param>
public sealed record MediatorRefresh(UserId UserId, string RefreshToken);
