namespace OcfCloud.Core.Tokens;

/// <summary>Lifetimes of device tokens.</summary>
public sealed class DeviceTokenOptions
{
    /// <summary>Of an access token; zero = it never expires. Default one hour.</summary>
    public TimeSpan AccessTokenLifetime { get; set; } = TimeSpan.FromHours(1);

    /// <summary>Of a one-time token, more than zero. Default ten minutes.</summary>
    public TimeSpan OneTimeTokenLifetime { get; set; } = TimeSpan.FromMinutes(10);
}
