namespace OcfCloud.Simulator.Cloud;

/// <summary>What a cloud gave at sign-up or refresh.</summary>
/// <param name="UserId">The cloud's id of the user.</param>
/// <param name="AccessToken">Opens sessions.</param>
/// <param name="RefreshToken">Gets the next pair.</param>
/// <param name="ExpiresAt">End of the access token; null = never.</param>
internal sealed record CloudTokens(string UserId, string AccessToken, string RefreshToken, DateTimeOffset? ExpiresAt);
