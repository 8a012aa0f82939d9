using OcfCloud.Core.Devices;

namespace OcfCloud.Core.Tests.Support;

/// <summary>A device with the tokens of its sign-up.</summary>
internal sealed record RegisteredDevice(DeviceId Id, UserId User, string OneTimeToken, string AccessToken, string RefreshToken);
