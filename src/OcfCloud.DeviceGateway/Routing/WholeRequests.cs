using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using OcfCloud.Coap;
using OcfCloud.Core.AccessRules;
using OcfCloud.Core.Devices;
using OcfCloud.Core.Storage;
using OcfCloud.DeviceGateway.Connections;
using OcfCloud.DeviceGateway.Metrics;
using OcfCloud.DeviceGateway.Observations;

namespace OcfCloud.DeviceGateway.Routing;

/// <summary>
/// Requests to devices that cannot be copied in place: the device is not here or mirrored from another cloud, the access rules have to be read first, the request is
/// observed, comes in blocks, or one side uses another format.
/// </summary>
internal sealed partial class WholeRequests(
    LiveSessions sessions, DeviceAccess access, DeviceAccounts accounts, MirroredRouting mirrored, ObservationHub observations, GatewayMetrics metrics,
    IOptions<DeviceGatewayOptions> options, ILogger<WholeRequests> logger)
{
    private const string TooMany = "too many requests wait";

    /// <summary>Works on a request of a signed-in peer that <see cref="ForwardPlan"/> did not refuse.</summary>
    public void Begin(DeviceConnection asker, DeviceSession session, DeviceId device, in CoapFrame request)
    {
        if (asker.RefusesToKeep(request, RequestTargetKind.Device))
            return;
        var bytes = DeviceConnection.MemoryOf(request);
        if (asker.TryBeginWhole(bytes))
            _ = RunAsync(asker, session, device, CoapMessage.From(request), bytes);
        else
            asker.RefuseForNow(request, TooMany, RequestTargetKind.Device);
    }

    /// <summary>The same with a request that was not planned yet.</summary>
    public void Begin(DeviceConnection asker, DeviceSession session, DeviceId device, CoapMessage request)
    {
        var bytes = DeviceConnection.MemoryOf(request);
        if (asker.TryBeginWhole(bytes))
            _ = RunAsync(asker, session, device, request, bytes);
        else
            asker.Answer(request, DeviceConnection.Unavailable(TooMany), RequestTargetKind.Device);
    }

    /// <summary>Brings an answer to its asker that could not be copied in place; the pooled request is read before this returns.</summary>
    public void Finish(DeviceConnection asker, RoutedRequest routed, in CoapFrame answer)
    {
        var request = new CoapMessage(routed.Method) { Token = routed.Token };
        var all = new CoapOptionReader(routed.Options);
        while (all.MoveNext())
            request.Options.Add(all.Current.Number, all.Current.Value.ToArray());
        _ = FinishAsync(asker, routed.Target, routed.Session.Device, request, CoapMessage.From(answer));
    }

    private async Task RunAsync(DeviceConnection asker, DeviceSession session, DeviceId device, CoapMessage request, int bytes)
    {
        // Before anything can overtake it.
        var registration = asker.FollowRegistration(request);
        // The reading task goes on.
        await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        try
        {
            if (await AnswerAsync(asker, session, device, request, registration) is { } answer)
                asker.Answer(request, answer, RequestTargetKind.Device);
            else if (!asker.Ended.IsCancellationRequested)
                metrics.Observed(RequestTargetKind.Device);
        }
        finally
        {
            if (registration is { } number)
                asker.EndRegistration(request.Token, number);
            asker.WholeDone(bytes);
        }
    }

    private async Task FinishAsync(DeviceConnection asker, DeviceConnection target, DeviceId device, CoapMessage request, CoapMessage answer)
    {
        // The reading task goes on.
        await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        try
        {
            // A device that goes meanwhile fails its requests: the wait ends by the asker's going alone. The request had its place: later blocks are of the same one, and no
            // share of the asker's is asked for again.
            var whole = await target.Requester.DownloadAsync(DeviceMessages.ToDevice(request, request.Payload), answer, options.Value.RequestTimeout, asker.Ended);
            asker.Answer(request, ToAsker(whole, device, request.Accept), RequestTargetKind.Device);
            DeviceMessages.ShowTwin(target, request, whole);
        }
        catch (CoapRequestException e)
        {
            asker.Answer(request, DeviceConnection.AnswerOf(e.Failure), RequestTargetKind.Device);
        }
        catch (OperationCanceledException) when (asker.Ended.IsCancellationRequested)
        {
            // Nobody waits for it.
        }
        catch (Exception e)
        {
            LogFailed(e, device);
            asker.Answer(request, Failed(), RequestTargetKind.Device);
        }
        finally
        {
            asker.RequestDone();
        }
    }

    private static CoapMessage Failed() => CoapMessage.Response(CoapCode.InternalServerError).WithDiagnostic("the cloud failed");

    private async Task<CoapMessage?> AnswerAsync(DeviceConnection asker, DeviceSession session, DeviceId device, CoapMessage request, long? registration)
    {
        try
        {
            var whole = request;
            if (request.IsBlockwise && !asker.Transfers.TryTake(request, out whole, out var atOnce))
                return atOnce;
            return await RouteAsync(asker, session, device, request, whole!, registration);
        }
        catch (CoapRequestException e)
        {
            if (e.Failure == CoapRequestFailure.Busy)
                metrics.Rejected(GatewayLimit.RequestsInFlight);
            return DeviceConnection.AnswerOf(e.Failure);
        }
        catch (StoreUnavailableException e)
        {
            LogStoreUnavailable(device, e.Message);
            return DeviceConnection.Unavailable("the cloud's store does not answer");
        }
        catch (OperationCanceledException) when (asker.Ended.IsCancellationRequested)
        {
            return null;
        }
        catch (Exception e)
        {
            LogFailed(e, device);
            return Failed();
        }
    }

    private async Task<CoapMessage?> RouteAsync(
        DeviceConnection asker, DeviceSession session, DeviceId device, CoapMessage request, CoapMessage whole, long? registration)
    {
        if (DeviceMessages.RefusalOf(whole, out var operations) is { } refusal)
            return refusal;
        var target = sessions.Find(device);
        var targetSession = target?.Session;
        var isHere = targetSession?.Device == device && targetSession.User == session.User;
        if (!isHere)
        {
            if (await mirrored.FindAsync(session.User, device, asker.Ended) is { } mirror)
                return await mirrored.AnswerAsync(asker, session, mirror, request, whole, operations, registration);
            // Another user's device and none at all look the same.
            if ((await accounts.FindAsync(device, asker.Ended))?.UserId != session.User)
                return CoapMessage.Response(CoapCode.NotFound).WithDiagnostic("no such device");
        }

        var path = ResourcePath.Of(whole);
        if (!await access.AllowsAsync(session.User, AccessSubject.OfDevice(session.Device), device, path, operations, asker.Ended))
            return CoapMessage.Response(CoapCode.Forbidden).WithDiagnostic("an access rule forbids it");
        if (!FormatConversion.TryToDevice(whole.Payload, whole.ContentFormat, out var payload))
            return CoapMessage.Response(CoapCode.UnsupportedContentFormat).WithDiagnostic("the payload cannot be converted for the device");

        if (whole.Code == CoapCode.Get && whole.Observe is { } observe)
        {
            // RFC 7641, 3.6: a cancellation is answered like a plain GET.
            asker.RemoveObservation(request.Token);
            if (observe == 0 && isHere && registration is { } number
                && await observations.TryObserveAsync(asker, device, session.User, target!, DeviceMessages.ToDevice(whole, payload), request, number))
            {
                return null;
            }
        }

        // While the rules or links were read the device may have become another user's.
        if (!isHere || target!.Session?.User != session.User)
            return DeviceConnection.Unavailable("the device is offline");
        var answer = await target.RequesterFor(asker).RequestAsync(DeviceMessages.ToDevice(whole, payload), options.Value.RequestTimeout, asker.Ended);
        DeviceMessages.ShowTwin(target, whole, answer);
        return ToAsker(answer, device, whole.Accept);
    }

    private static CoapMessage ToAsker(CoapMessage answer, DeviceId device, int? accept)
    {
        var forwarded = CoapMessage.Response(answer.Code);
        var location = answer.Options.All(CoapOptionNumber.LocationPath).ToList();
        if (location.Count > 0)
            forwarded.Options.Add(CoapOptionNumber.LocationPath, device.ToString());
        foreach (var segment in location)
            forwarded.Options.Add(CoapOptionNumber.LocationPath, segment);
        foreach (var number in new[] { CoapOptionNumber.ETag, CoapOptionNumber.ContentFormat, CoapOptionNumber.MaxAge })
        {
            foreach (var value in answer.Options.All(number))
                forwarded.Options.Add(number, value);
        }

        forwarded.Payload = answer.Payload;
        return FormatConversion.ToAsker(forwarded, accept);
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "A request for device {Device} was answered 5.03: {Reason}")]
    private partial void LogStoreUnavailable(DeviceId device, string reason);

    [LoggerMessage(Level = LogLevel.Error, Message = "A request for device {Device} failed")]
    private partial void LogFailed(Exception exception, DeviceId device);
}
