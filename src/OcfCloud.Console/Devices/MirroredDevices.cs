using OcfCloud.CloudLinking.LinkedClouds;
using OcfCloud.Core.AccessRules;
using OcfCloud.Core.Devices;
using OcfCloud.Core.Directory;
using OcfCloud.Core.Mirrors;
using OcfCloud.Core.Requests;
using OcfCloud.Core.Storage;

namespace OcfCloud.Console.Devices;

/// <summary>The devices of other clouds that stand beside a user's own: which there are, and asking them, as far as the user's access rules let this page.</summary>
internal sealed class MirroredDevices(MirrorStore mirrors, LinkedCloudStore clouds, AccessRuleCache rules, AccessRefusals refusals, IMirroredRequests? requests = null)
{
    // device-to-cloud.md, 8: for nobody but the device's owner.
    private const string OwnersOwn = "/oic/sec";

    /// <summary>All of a user's, each with its cloud's name, in order of name.</summary>
    /// <exception cref="StoreUnavailableException">The store does not answer.</exception>
    public async Task<IReadOnlyList<(MirroredDevice Device, string Cloud)>> ListAsync(UserId user, CancellationToken cancellationToken)
    {
        var devices = await mirrors.ListAsync(user, cancellationToken);

        // Nearly everybody: no second question.
        if (devices.Count == 0) return [];
        var names = (await clouds.ListAsync(cancellationToken)).ToDictionary(cloud => cloud.Id, cloud => cloud.Name);
        return [.. devices.Where(device => names.ContainsKey(device.LinkedCloud)).Select(device => (device, names[device.LinkedCloud])).OrderBy(one => one.device.Name, StringComparer.Ordinal)];
    }

    /// <summary>One with its cloud's name and links; null where there is none.</summary>
    /// <exception cref="StoreUnavailableException">The store does not answer.</exception>
    public async Task<(MirroredDevice Device, string Cloud, IReadOnlyList<ResourceLink> Links)?> FindAsync(UserId user, DeviceId device, CancellationToken cancellationToken) =>
        await mirrors.FindAsync(user, device, cancellationToken) is { } found && await clouds.FindAsync(found.LinkedCloud, cancellationToken) is { Removing: false } cloud
            ? (found, cloud.Name, await mirrors.LinksOfAsync(found, cancellationToken))
            : null;

    /// <summary>Asks one, through its cloud.</summary>
    /// <exception cref="StoreUnavailableException">The store does not answer.</exception>
    public async Task<DeviceAnswer> SendAsync(MirroredRequest request, AccessSubject subject, CancellationToken cancellationToken)
    {
        var (user, device, href) = (request.Device.User, request.Device.Device, request.Href);
        var operation = request.Method == DeviceMethod.Get ? AccessOperations.Retrieve : AccessOperations.Update;
        if (IsOwnersOwn(href)) return new DeviceAnswer(DeviceOutcome.Forbidden);
        if (!(await rules.GetAsync(user, cancellationToken)).Allows(subject, device, href, operation))
        {
            refusals.Record(user, subject, device, href, operation);
            return new DeviceAnswer(DeviceOutcome.Forbidden);
        }

        return requests is null ? new DeviceAnswer(DeviceOutcome.Offline) : await requests.SendAsync(request, cancellationToken);
    }

    private static bool IsOwnersOwn(string href) =>
        href.StartsWith(OwnersOwn, StringComparison.OrdinalIgnoreCase) && (href.Length == OwnersOwn.Length || href[OwnersOwn.Length] == '/');
}
