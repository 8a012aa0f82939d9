using Microsoft.Extensions.ObjectPool;
using Microsoft.Extensions.Options;
using OcfCloud.Coap;
using OcfCloud.Core.Devices;
using OcfCloud.DeviceGateway.Connections;
using OcfCloud.DeviceGateway.Metrics;

namespace OcfCloud.DeviceGateway.Routing;

/// <summary>
/// Requests of clients to devices that are connected here, from buffer to buffer: no task, no allocation, no store.
/// <code>
///   frame in the asker's buffer ─1─► plan ─2─► session of the device ─3─► access ─4─► slot in the device's table ─5─► device's outbox
///   frame in the device's buffer ─6─► slot ─► asker's outbox, with the asker's token
/// </code>
/// What cannot go that way (observed, in blocks, another format, device elsewhere, another user's and perhaps mirrored, rules not read yet) goes to
/// <see cref="WholeRequests"/>.
/// </summary>
internal sealed class RequestRouter(
    LiveSessions sessions, DeviceAccess access, WholeRequests whole, GatewayMetrics metrics, TimeProvider time, IOptions<DeviceGatewayOptions> options)
{
    /// <summary>Seconds after which it is worth to ask an absent or busy device again.</summary>
    public const uint RetryAfter = 5;

    // Requests in flight on a node for which a pooled object waits.
    private const int PoolSize = 4096;

    private readonly ObjectPool<RoutedRequest> _pool = new DefaultObjectPool<RoutedRequest>(new DefaultPooledObjectPolicy<RoutedRequest>(), PoolSize);
    private readonly int _inFlight = options.Value.MaxRequestsInFlight;
    private readonly long _timeout = (long)options.Value.RequestTimeout.TotalMilliseconds;

    /// <summary>Sends a request on, or answers it; on the asker's reading task.</summary>
    public void Route(DeviceConnection asker, DeviceId device, in CoapFrame request)
    {
        // 1
        var plan = ForwardPlan.Of(request);
        if (plan is { Kind: ForwardKind.Refused, ConcernsPath: true })
        {
            asker.Refuse(request, plan.Refusal, plan.Diagnostic, RequestTargetKind.Device);
            return;
        }

        if (request.Code.Value > CoapCode.IPatch.Value)
        {
            asker.Refuse(request, CoapCode.MethodNotAllowed, "no such method", RequestTargetKind.Device);
            return;
        }

        if (asker.Session is not { } session)
        {
            asker.RefuseUnlessSigningIn(request, RequestTargetKind.Device);
            return;
        }

        if (plan.Kind == ForwardKind.Refused)
        {
            asker.Refuse(request, plan.Refusal, plan.Diagnostic, RequestTargetKind.Device);
            return;
        }

        if (asker.HasItsShare)
        {
            metrics.Rejected(GatewayLimit.RequestsPerClient);
            asker.RefuseForNow(request, "too many requests wait", RequestTargetKind.Device);
            return;
        }

        // 2
        var target = sessions.Find(device);
        var targetSession = target?.Session;
        if (target is null || targetSession is null || targetSession.Device != device || targetSession.User != session.User || plan.Kind == ForwardKind.Whole
            || request.Length > target.MaxMessageSize || request.Options.Length > RoutedRequest.MaxOptions)
        {
            whole.Begin(asker, session, device, request);
            return;
        }

        // 3
        switch (access.Allows(session, device, request))
        {
            case null:
                whole.Begin(asker, session, device, request);
                return;
            case false:
                asker.Refuse(request, CoapCode.Forbidden, "an access rule forbids it", RequestTargetKind.Device);
                return;
        }

        Forward(asker, target, targetSession, request, plan);
    }

    /// <summary>An answer came, on the device's reading task.</summary>
    public void Answer(CoapConnection device, in CoapFrame answer, RoutedRequest routed)
    {
        // 6
        var plan = AnswerPlan.Of(answer);
        var asker = routed.Asker;
        var forwarded = new ForwardedAnswer(answer, routed.Token, routed.Session.Device, routed.WantsVersion && plan.Format == CoapContentFormat.OcfCbor);
        if (plan.IsInPlace && forwarded.MaxSize <= asker.MaxMessageSize)
        {
            asker.Coap.TrySend(forwarded, device.Batch);
            metrics.Routed(routed.Method, answer.Code, time.GetElapsedTime(routed.ReadAt));
            asker.RequestDone();
            if (routed.Method == CoapCode.Get && !routed.HasQuery && answer.Code == CoapCode.Content)
                routed.Target.Twin?.SeenAnswer(routed.Options, answer.Payload);
            Return(routed);
            return;
        }

        whole.Finish(asker, routed, answer);
        Return(routed);
    }

    /// <summary>There will be no answer.</summary>
    public void Fail(CoapRequestFailure failure, RoutedRequest routed)
    {
        routed.Asker.Fail(routed.Token, routed.Method, failure);
        routed.Asker.RequestDone();
        Return(routed);
    }

    private void Forward(DeviceConnection asker, DeviceConnection target, DeviceSession session, in CoapFrame request, in ForwardPlan plan)
    {
        // 4
        var routed = _pool.Get();
        routed.Fill(asker, target, session, request, plan);
        asker.RequestBegins();
        var state = new CoapResponseState(request.Token, 0, routed);
        if (!target.Coap.Requests.TryAdd(asker, state, target.Coap.Now + _timeout, keep: false, out var token))
        {
            if (!target.Coap.IsClosing)
                metrics.Rejected(target.Coap.Requests.InFlight < _inFlight ? GatewayLimit.RequestsPerClient : GatewayLimit.RequestsInFlight);
            GiveUp(asker, routed, request);
            return;
        }

        // 5: an answer can come before this returns, and the pooled object is another request's by then.
        if (target.Coap.TrySend(new ForwardedRequest(request, token), asker.Coap.Batch) != CoapSendStatus.Sent && target.Coap.Requests.Remove(token))
            GiveUp(asker, routed, request);
    }

    private void GiveUp(DeviceConnection asker, RoutedRequest routed, in CoapFrame request)
    {
        asker.RequestDone();
        Return(routed);
        asker.RefuseForNow(request, "the device takes no more requests now", RequestTargetKind.Device);
    }

    private void Return(RoutedRequest routed)
    {
        routed.Clear();
        _pool.Return(routed);
    }
}
