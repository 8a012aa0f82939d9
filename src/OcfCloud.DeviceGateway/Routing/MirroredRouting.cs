using OcfCloud.Coap;
using OcfCloud.Core.AccessRules;
using OcfCloud.Core.Devices;
using OcfCloud.Core.Mirrors;
using OcfCloud.Core.Requests;
using OcfCloud.DeviceGateway.Connections;
using OcfCloud.DeviceGateway.Observations;

namespace OcfCloud.DeviceGateway.Routing;

/// <summary>
/// Requests of clients to devices that are mirrored from another cloud (cloud-to-cloud.md, 2), judged as those to the user's own are. A request that came from another
/// cloud never gets here: it goes by <see cref="IDeviceRequests"/>, which knows no mirror.
/// </summary>
/// <param name="mirrors">Which devices are mirrored, from memory where they were asked for before.</param>
/// <param name="access">The users' access rules.</param>
/// <param name="observers">Clients that observe.</param>
/// <param name="requests">The way to the other clouds; null: this node links none, and knows no mirrored device.</param>
internal sealed class MirroredRouting(MirrorCache mirrors, DeviceAccess access, MirroredObservers observers, IMirroredRequests? requests = null)
{
    private const uint Register = 0;

    /// <summary>The mirrored device; null where there is none, or it is the user's own.</summary>
    /// <exception cref="Core.Storage.StoreUnavailableException">The store does not answer.</exception>
    public ValueTask<MirroredDevice?> FindAsync(UserId user, DeviceId device, CancellationToken cancellationToken) =>
        requests is null ? default : mirrors.FindAsync(user, device, cancellationToken);

    /// <summary>Answers a request.</summary>
    /// <param name="asker">The client.</param>
    /// <param name="session">Its session.</param>
    /// <param name="mirror">What <see cref="FindAsync"/> said.</param>
    /// <param name="request">The request as it came.</param>
    /// <param name="whole">The same with its blocks put together; nothing in it is to be refused but by its method or payload.</param>
    /// <param name="operations">What it does.</param>
    /// <param name="registration">Its number among the client's registrations; null: it is none.</param>
    /// <returns>The answer; null where it is out already.</returns>
    /// <exception cref="Core.Storage.StoreUnavailableException">The store does not answer.</exception>
    public async Task<CoapMessage?> AnswerAsync(
        DeviceConnection asker, DeviceSession session, MirroredDevice mirror, CoapMessage request, CoapMessage whole, AccessOperations operations, long? registration)
    {
        var path = ResourcePath.Of(whole);
        if (!await access.AllowsAsync(session.User, AccessSubject.OfDevice(session.Device), mirror.Device, path, operations, asker.Ended))
            return CoapMessage.Response(CoapCode.Forbidden).WithDiagnostic("an access rule forbids it");
        if (whole.Code != CoapCode.Get && whole.Code != CoapCode.Post)
            return CoapMessage.Response(CoapCode.MethodNotAllowed).WithDiagnostic("a device of another cloud is reached by GET and POST only");
        // Either side of the other cloud may want the other encoding.
        if (!FormatConversion.TryToDevice(whole.Payload, whole.ContentFormat, out _))
            return CoapMessage.Response(CoapCode.UnsupportedContentFormat).WithDiagnostic("the payload is not what its format says, or cannot be converted");

        var asked = MirroredMessages.ToRequest(whole, mirror, path);
        if (whole.Code == CoapCode.Get && whole.Observe is { } observe)
        {
            // RFC 7641, 3.6: a cancellation is answered like a plain GET.
            asker.RemoveObservation(request.Token);
            if (observe == Register && registration is { } number && observers.CanObserve(asker))
                return await observers.ObserveAsync(asker, session, asked, request, number);
        }

        return MirroredMessages.ToAsker(await requests!.SendAsync(asked, asker.Ended), mirror.Device);
    }
}
