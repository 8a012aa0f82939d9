using OcfCloud.Coap;
using OcfCloud.DeviceGateway.Account;
using OcfCloud.DeviceGateway.Directory;
using OcfCloud.DeviceGateway.Discovery;
using OcfCloud.DeviceGateway.Session;
using OcfCloud.DeviceGateway.TokenRefresh;

namespace OcfCloud.DeviceGateway.Resources;

/// <summary>The resources of the cloud itself by their paths.</summary>
internal sealed class CloudResources(
    AccountResource account, SessionResource session, TokenRefreshResource tokenRefresh, DirectoryResource directory, DiscoveryResource discovery)
{
    /// <summary>The resource at the path that the options name, or null (4.04, or a device's path). Allocates nothing.</summary>
    /// <param name="options">A reader before the first option; the caller's own stays where it is.</param>
    public ICloudResource? Find(CoapOptionReader options)
    {
        ReadOnlySpan<byte> first = default, second = default, third = default;
        var segments = 0;
        while (options.MoveNext())
        {
            var option = options.Current;
            if (option.Number > (int)CoapOptionNumber.UriPath) break;
            if (option.Number != (int)CoapOptionNumber.UriPath) continue;
            switch (++segments)
            {
                case 1:
                    first = option.Value;
                    break;
                case 2:
                    second = option.Value;
                    break;
                case 3:
                    third = option.Value;
                    break;
            }
        }
        if (!first.SequenceEqual("oic"u8)) return null;
        return segments switch
        {
            2 when second.SequenceEqual("res"u8) => discovery,
            2 when second.SequenceEqual("rd"u8) => directory,
            3 when second.SequenceEqual("sec"u8) => FindSecurity(third),
            _ => null,
        };
    }

    private ICloudResource? FindSecurity(ReadOnlySpan<byte> name)
    {
        if (name.SequenceEqual("account"u8)) return account;
        if (name.SequenceEqual("session"u8)) return session;
        return name.SequenceEqual("tokenrefresh"u8) ? tokenRefresh : null;
    }
}
