using OcfCloud.Core.AccessRules;
using OcfCloud.Core.Devices;
using OcfCloud.Core.Storage;
using OcfCloud.Identity.Bearer;

namespace OcfCloud.CloudApi.Devices;

/// <summary>What a user's access rules let a client read of what the cloud itself knows (device-to-cloud.md, 8); a request to a device is judged on its way.</summary>
internal sealed class ClientAccess(AccessRuleCache rules, AccessRefusals refusals)
{
    private const string OwnersOwn = "/oic/sec";
    private const AccessOperations Observation = AccessOperations.Retrieve | AccessOperations.Notify;

    /// <summary>The subject that a caller is in rules.</summary>
    public static AccessSubject SubjectOf(Caller caller) => AccessSubject.OfClient(caller.Client ?? "");

    /// <summary>Whether a resource may be read; for lists, so that nothing is recorded.</summary>
    /// <exception cref="StoreUnavailableException">The store does not answer.</exception>
    public async ValueTask<Func<DeviceId, string, bool>> ReaderAsync(Caller caller, CancellationToken cancellationToken)
    {
        var known = await rules.GetAsync(caller.User, cancellationToken);
        var subject = SubjectOf(caller);
        return (device, href) => !IsOwnersOwn(href) && known.Allows(subject, device, href, AccessOperations.Retrieve);
    }

    /// <summary>Whether one resource may be read; a refusal is recorded.</summary>
    /// <exception cref="StoreUnavailableException">The store does not answer.</exception>
    public async ValueTask<bool> MayReadAsync(Caller caller, DeviceId device, string href, CancellationToken cancellationToken)
    {
        if ((await ReaderAsync(caller, cancellationToken))(device, href)) return true;
        refusals.Record(caller.User, SubjectOf(caller), device, href, AccessOperations.Retrieve);
        return false;
    }

    /// <summary>Whether one resource may be observed; a refusal is for the caller to record.</summary>
    /// <exception cref="StoreUnavailableException">The store does not answer.</exception>
    public async ValueTask<bool> MayObserveAsync(Caller caller, DeviceId device, string href, CancellationToken cancellationToken) =>
        !IsOwnersOwn(href) && (await rules.GetAsync(caller.User, cancellationToken)).Allows(SubjectOf(caller), device, href, Observation);

    /// <summary>Records that one may not be observed.</summary>
    public void RecordObservation(Caller caller, DeviceId device, string href) => refusals.Record(caller.User, SubjectOf(caller), device, href, Observation);

    private static bool IsOwnersOwn(string href) =>
        href.StartsWith(OwnersOwn, StringComparison.OrdinalIgnoreCase) && (href.Length == OwnersOwn.Length || href[OwnersOwn.Length] == '/');
}
