namespace OcfCloud.DeviceGateway.Account;

/// <summary>The one authorization provider whose tokens register devices: this cloud.</summary>
internal sealed class AuthProviderName(DeviceGatewayOptions options)
{
    /// <summary>Whether a request may name it. None is fine, and a device whose <c>apn</c> was left out writes an empty text.</summary>
    public bool Accepts(string? name) => string.IsNullOrEmpty(name) || name == options.AuthProvider;
}
