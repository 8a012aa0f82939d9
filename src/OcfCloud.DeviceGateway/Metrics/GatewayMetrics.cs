using System.Diagnostics.Metrics;
using OcfCloud.Coap;
using OcfCloud.Core.Metrics;
using OcfCloud.Core.Storage;
using OcfCloud.DeviceGateway.Resources;

namespace OcfCloud.DeviceGateway.Metrics;

/// <summary>What the device gateway measures. What a request passes on its way costs no lock and no allocation.</summary>
internal sealed class GatewayMetrics : IRoomMetrics
{
    private readonly Meter _meter;
    private readonly Tally<GatewayLimit> _rejected;
    private readonly Tally<HandshakeFailure> _handshakes;
    private readonly Tally<CoapCloseReason> _closed;
    private readonly Tally<AttemptResult> _signUps;
    private readonly Tally<AttemptResult> _signIns;
    private readonly Tally<AttemptResult> _refreshes;
    private readonly RequestCounts _requests;
    private readonly Histogram<double> _routing;
    private long _accepted;
    private long _notifications;

    public GatewayMetrics(IMeterFactory? meters = null)
    {
        _meter = RoomMeter.Create(meters, "DeviceGateway");
        _meter.CreateObservableCounter("ocfcloud.gateway.connections.accepted", () => Volatile.Read(ref _accepted), "{connection}", "Connections that came, before their handshake.");
        _handshakes = new(_meter, "ocfcloud.gateway.handshakes.failed", "reason", "{handshake}", "Connections that did not get through their TLS handshake.");
        _closed = new(_meter, "ocfcloud.gateway.connections.closed", "reason", "{connection}", "Connections that ended after their handshake.");
        _signUps = new(_meter, "ocfcloud.gateway.sign_ups", "result", "{attempt}", "Registrations of devices.");
        _signIns = new(_meter, "ocfcloud.gateway.sign_ins", "result", "{attempt}", "Sign-ins of devices.");
        _refreshes = new(_meter, "ocfcloud.gateway.token_refreshes", "result", "{attempt}", "Refreshes of devices' tokens.");
        _rejected = new(_meter, "ocfcloud.gateway.rejected", "limit", "{refusal}", "What was refused because it was over a limit.");
        _requests = new RequestCounts(_meter);
        _meter.CreateObservableCounter("ocfcloud.gateway.notifications", () => Volatile.Read(ref _notifications), "{notification}", "Notifications sent to observers.");
        _routing = _meter.CreateHistogram(
            "ocfcloud.gateway.routing.duration",
            "s",
            "From the reading of a routed request until the device's answer is on its way.",
            advice: new InstrumentAdvice<double> { HistogramBucketBoundaries = [0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30] });
        OutgoingRefused = () => Rejected(GatewayLimit.OutgoingBytes);
    }

    /// <summary>For <see cref="CoapConnectionOptions.OutgoingRefused"/>: one for all connections.</summary>
    public Action OutgoingRefused { get; }

    /// <summary>Exports figures of all open connections; what is asked must be quick.</summary>
    public void Watch(Func<long> open, Func<long> signedIn, Func<long> inFlight, Func<long> outgoing)
    {
        _meter.CreateObservableUpDownCounter("ocfcloud.gateway.connections", open, "{connection}", "Connections that are open.");
        _meter.CreateObservableUpDownCounter("ocfcloud.gateway.sessions", signedIn, "{device}", "Devices that are signed in.");
        _meter.CreateObservableUpDownCounter("ocfcloud.gateway.requests.in_flight", inFlight, "{request}", "Requests that wait for a device's answer.");
        _meter.CreateObservableUpDownCounter("ocfcloud.gateway.outgoing.size", outgoing, "By", "Bytes that wait for peers to read them.");
    }

    /// <summary>Exports how many TLS sessions may be resumed.</summary>
    public void WatchTlsSessions(Func<long> kept) =>
        _meter.CreateObservableUpDownCounter("ocfcloud.gateway.tls.sessions", kept, "{session}", "TLS sessions that devices may resume.");

    public void Accepted() => Interlocked.Increment(ref _accepted);

    public void Failed(HandshakeFailure reason) => _handshakes.Count(reason);

    public void Closed(CoapCloseReason reason) => _closed.Count(reason);

    public void Rejected(GatewayLimit limit) => _rejected.Count(limit);

    public void Notified() => Interlocked.Increment(ref _notifications);

    /// <summary>A request was answered.</summary>
    public void Answered(CoapCode method, CoapCode code, RequestTargetKind target) => _requests.Count(method, code, target);

    /// <summary>A registration was taken.</summary>
    public void Observed(RequestTargetKind target) => _requests.CountObserved(target);

    /// <summary>A request was answered by its device.</summary>
    public void Routed(CoapCode method, CoapCode code, TimeSpan duration)
    {
        _requests.Count(method, code, RequestTargetKind.Device);
        _routing.Record(duration.TotalSeconds);
    }

    public ValueTask<ResourceAnswer> SignUpAsync(ValueTask<ResourceAnswer> attempt) => CountAsync(_signUps, attempt);

    public ValueTask<ResourceAnswer> SignInAsync(ValueTask<ResourceAnswer> attempt) => CountAsync(_signIns, attempt);

    public ValueTask<ResourceAnswer> RefreshAsync(ValueTask<ResourceAnswer> attempt) => CountAsync(_refreshes, attempt);

    public void Dispose() => _meter.Dispose();

    private static async ValueTask<ResourceAnswer> CountAsync(Tally<AttemptResult> tally, ValueTask<ResourceAnswer> attempt)
    {
        try
        {
            var answer = await attempt;
            tally.Count(ResultOf(answer.Message.Code));
            return answer;
        }
        catch (StoreUnavailableException)
        {
            tally.Count(AttemptResult.StoreUnavailable);
            throw;
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            tally.Count(AttemptResult.Failed);
            throw;
        }
    }

    private static AttemptResult ResultOf(CoapCode code) => code switch
    {
        { IsSuccess: true } => AttemptResult.Accepted,
        _ when code == CoapCode.Unauthorized => AttemptResult.Unauthorized,
        _ when code == CoapCode.Forbidden => AttemptResult.Forbidden,
        { Class: 4 } => AttemptResult.BadRequest,
        _ when code == CoapCode.ServiceUnavailable => AttemptResult.Postponed,
        _ => AttemptResult.Failed,
    };
}
