using OcfCloud.Coap;
using OcfCloud.Core.AccessRules;
using OcfCloud.Core.Devices;
using OcfCloud.DeviceGateway.Connections;

namespace OcfCloud.DeviceGateway.Routing;

/// <summary>The one place that asks a user's access rules about a request (device-to-cloud.md, 8).</summary>
internal sealed class DeviceAccess(AccessRuleCache rules, AccessRefusals refusals)
{
    /// <summary>What a request does; with Observe also <see cref="AccessOperations.Notify"/>.</summary>
    public static AccessOperations OperationsOf(in CoapFrame request)
    {
        if (request.Code == CoapCode.Get || request.Code == CoapCode.Fetch)
        {
            var observes = request.TryFind(CoapOptionNumber.Observe, out var observe) && observe.TryGetUInt32(out var value) && value == 0;
            return observes ? AccessOperations.Retrieve | AccessOperations.Notify : AccessOperations.Retrieve;
        }

        if (request.Code == CoapCode.Delete)
            return AccessOperations.Delete;
        // A PUT creates what is not there (RFC 7252, 5.8.3).
        if (request.Code == CoapCode.Put)
            return AccessOperations.Create | AccessOperations.Update;
        return request.Code == CoapCode.Post && AsksToCreate(request) ? AccessOperations.Create : AccessOperations.Update;
    }

    /// <summary>Whether the rules allow it, as far as they are known here; allocates nothing unless it refuses.</summary>
    /// <returns>Null: the user's rules have to be read first, or the path is too long to be looked at in place.</returns>
    public bool? Allows(DeviceSession asker, DeviceId device, in CoapFrame request)
    {
        if (!rules.TryGet(asker.User, out var known))
            return null;
        if (known.IsEmpty)
            return true;
        Span<char> path = stackalloc char[ResourcePath.MaxInPlace];
        return ResourcePath.TryJoin(request.ReadOptions(), path, out var length)
            ? Allows(known, asker.User, AccessSubject.OfDevice(asker.Device), device, path[..length], OperationsOf(request))
            : null;
    }

    /// <summary>Whether the rules allow it, read from the store where they are not known.</summary>
    /// <exception cref="Core.Storage.StoreUnavailableException">The store does not answer.</exception>
    public async ValueTask<bool> AllowsAsync(
        UserId user, AccessSubject subject, DeviceId device, string path, AccessOperations operations, CancellationToken cancellationToken) =>
        Allows(await rules.GetAsync(user, cancellationToken), user, subject, device, path, operations);

    private bool Allows(AccessRuleSet known, UserId user, AccessSubject subject, DeviceId device, ReadOnlySpan<char> path, AccessOperations operations)
    {
        if (known.Allows(subject, device, path, operations))
            return true;
        refusals.Record(user, subject, device, path.ToString(), operations);
        return false;
    }

    // OCF's create interface (ISO/IEC 30118-1, 7.6.3.9).
    private static bool AsksToCreate(in CoapFrame request)
    {
        var options = request.ReadOptions();
        while (options.MoveNext())
        {
            if (options.Current.Number == (int)CoapOptionNumber.UriQuery && options.Current.Value.SequenceEqual("if=oic.if.create"u8))
                return true;
        }

        return false;
    }
}
