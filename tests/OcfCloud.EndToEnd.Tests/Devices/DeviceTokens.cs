namespace OcfCloud.EndToEnd.Devices;

/// <summary>What a device keeps of the sign-up's answer.</summary>
internal sealed record DeviceTokens(string Uid, string AccessToken, string RefreshToken, long ExpiresIn);
