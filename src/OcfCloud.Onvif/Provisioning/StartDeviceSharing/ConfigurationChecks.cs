using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using OcfCloud.Core.Outbound;
using OcfCloud.Core.Storage;
using OcfCloud.Onvif.Sharing;

namespace OcfCloud.Onvif.Provisioning.StartDeviceSharing;

/// <summary>Whether a configuration may be had with its token: levels, the recipient, whose addresses it names, and where they lead.</summary>
internal sealed class ConfigurationChecks(OutboundGuard guard, Store store, IOptions<OnvifOptions> options)
{
    private readonly OnvifOptions _options = options.Value;

    /// <summary>Looks at what needs nobody but the store.</summary>
    /// <exception cref="StoreUnavailableException">The store does not answer.</exception>
    public async Task<SharingRefusal?> CheckAsync(RequestedShare share, CancellationToken cancellationToken)
    {
        var (asked, row) = (share.Configuration!, share.Row);
        if (ConfigurationText.WithoutToken(asked).Length > _options.MaxConfigurationSize) return SharingRefusal.Configuration("larger than what is kept of one");
        if (asked.UplinkConfigurations.Any(uplink => uplink.UserLevel > row.UserLevel)) return SharingRefusal.Configuration("a user level above the granted one");
        if (row.Mode == ShareMode.Transfer && asked.UplinkConfigurations.All(uplink => uplink.UserLevel != UserLevel.Administrator))
            return SharingRefusal.Configuration("a transfer without an uplink of an administrator");
        if (row.Recipient is { } recipient && AllOf(asked).Any(url => !url.IsOf(recipient))) return SharingRefusal.Configuration("an address of another cloud than the owner named");

        // The camera knows an uplink by its address alone: naming ours, or a third cloud's, would take it over.
        var own = _options.HasUplink ? RemoteUrl.AuthorityOf(_options.UplinkHttps) : null;
        if (UplinksOf(asked).Any(url => url.Authority == own)) return SharingRefusal.Configuration("an uplink of this cloud");
        return await store.ReadAsync((context, stop) => CheckOthersAsync(context, share.Camera.Id, asked, _options.MaxSharesPerCamera, stop), cancellationToken);
    }

    /// <summary>Looks whether there is room for one more share of the camera, and whether its configuration names an uplink that a share with another cloud has. Said for good only under the owner's lock, in the
    /// transaction that begins the share.</summary>
    public static async Task<SharingRefusal?> CheckOthersAsync(CloudDbContext context, Guid camera, DeviceConfiguration asked, int most, CancellationToken cancellationToken)
    {
        var standing = await context.Set<Share>().CountAsync(
            share => share.CameraId == camera
                && ((share.State != ShareState.Failed && share.State != ShareState.Unshared && share.State != ShareState.Transferred) || context.Set<CameraObject>().Any(made => made.ShareId == share.Id)),
            cancellationToken);
        if (standing >= most) return SharingRefusal.Configuration("one share of the camera more than there may be");
        var server = CloudAuthority.Of(asked);
        var foreign = context.Set<Share>().Where(other => other.CameraId == camera && other.ServerAuthority != server);
        var made = await context.Set<CameraObject>().Where(o => o.Kind == CameraObjectKind.Uplink && foreign.Any(other => other.Id == o.ShareId)).Select(o => o.Name).ToListAsync(cancellationToken);
        var live = await foreign.Where(other => other.State != ShareState.Failed && other.State != ShareState.Unshared).Select(other => other.Configuration).ToListAsync(cancellationToken);
        return NamesOneOf([.. made.Select(Read), .. live.SelectMany(json => UplinksOf(ConfigurationText.Read(json)))], asked);
    }

    /// <summary>The same for a share that begins in the same transaction.</summary>
    public static SharingRefusal? CheckOther(Share begun, DeviceConfiguration asked) =>
        begun.ServerAuthority == CloudAuthority.Of(asked) ? null : NamesOneOf([.. UplinksOf(ConfigurationText.Read(begun.Configuration))], asked);

    /// <summary>Looks where the addresses of several configurations lead, all at once; a name that does not resolve now is taken.</summary>
    public async Task<SharingRefusal?> CheckAddressesAsync(IEnumerable<RequestedShare> shares, CancellationToken cancellationToken)
    {
        // One address of a host stands for all of that host.
        var hosts = shares.SelectMany(share => AllOf(share.Configuration!)).DistinctBy(url => url.LookedUpHost, StringComparer.Ordinal);
        var refusals = await Task.WhenAll(hosts.Select(url => guard.CheckWithWebSocketAsync(url.Text, cancellationToken)));
        return Array.TrueForAll(refusals, refusal => refusal == OutboundRefusal.None) ? null : SharingRefusal.Configuration("an address that is not allowed");
    }

    private static SharingRefusal? NamesOneOf(List<RemoteUrl> others, DeviceConfiguration asked)
    {
        var taken = others.Select(url => url.Normalised).ToHashSet(StringComparer.Ordinal);
        return UplinksOf(asked).Any(url => taken.Contains(url.Normalised)) ? SharingRefusal.Configuration("an uplink of another cloud") : null;
    }

    private static IEnumerable<RemoteUrl> UplinksOf(DeviceConfiguration asked) => asked.UplinkConfigurations.Select(uplink => Read(uplink.RemoteAddress));

    private static IEnumerable<RemoteUrl> AllOf(DeviceConfiguration asked) =>
    [
        .. asked.EndpointReferences.Select(Read), .. UplinksOf(asked), .. asked.AuthorizationServerConfigurations.Select(server => Read(server.ServerUri)),
    ];

    private static RemoteUrl Read(string text) =>
        RemoteUrl.TryRead(text, allowsWebSocket: true, out var url) ? url : throw new InvalidOperationException("An address that was read before cannot be read.");
}
