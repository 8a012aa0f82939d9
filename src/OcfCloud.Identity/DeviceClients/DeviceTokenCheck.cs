namespace OcfCloud.Identity.DeviceClients;

/// <summary>What a device's access token is worth.</summary>
/// <param name="ClientId">The client; null: the token is not taken (401).</param>
/// <param name="HasScope">Whether it is good for uplinks; false: 403.</param>
public sealed record DeviceTokenCheck(string? ClientId, bool HasScope);
