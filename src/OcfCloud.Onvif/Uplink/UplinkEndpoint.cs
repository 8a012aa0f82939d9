using System.Globalization;
using System.Net.WebSockets;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Microsoft.Net.Http.Headers;
using OcfCloud.Onvif.Cameras;

namespace OcfCloud.Onvif.Uplink;

/// <summary>
/// <c>GET /onvif/uplink</c> (Uplink specification): a camera opens a connection, and from then on this cloud is the HTTP/2 client on it.
/// </summary>
/// <remarks>
/// <code>
///   camera ── GET, Upgrade ──► kind ─► room ─► credentials ─► 101 ─► register (newest wins) ─► row in the store ─► who are you?
///   camera ◄═══════════════════════ HTTP/2: SETTINGS, PING every 10 s, requests of features ══════════════════════► until one side ends it
/// </code>
/// </remarks>
internal sealed partial class UplinkEndpoint
{
    /// <summary>The path.</summary>
    public const string Path = "/onvif/uplink";

    /// <summary>The protocol's name, in <c>Upgrade</c> and as the sub-protocol of a WebSocket.</summary>
    public const string Protocol = "h2c-reverse";

    private readonly UplinkAdmission _admission;
    private readonly UplinkRegister _register;
    private readonly UplinkClient _client;
    private readonly UplinkRows _rows;
    private readonly CameraIdentity _identity;
    private readonly OnvifOptions _options;
    private readonly TimeProvider _time;
    private readonly ILogger<UplinkEndpoint> _logger;

    public UplinkEndpoint(
        UplinkAdmission admission,
        UplinkRegister register,
        UplinkClient client,
        UplinkRows rows,
        CameraIdentity identity,
        IOptions<OnvifOptions> options,
        TimeProvider time,
        IHostApplicationLifetime lifetime,
        ILogger<UplinkEndpoint> logger)
    {
        (_admission, _register, _client, _rows, _identity, _options, _time, _logger) = (admission, register, client, rows, identity, options.Value, time, logger);

        // Else the server would wait for them until its patience ends.
        lifetime.ApplicationStopping.Register(register.Stop);
    }

    public async Task HandleAsync(HttpContext context)
    {
        if (KindOf(context) is not { } kind)
        {
            context.Response.Headers.Upgrade = $"{Protocol}, websocket";
            context.Response.Headers.Connection = "Upgrade";
            context.Response.StatusCode = StatusCodes.Status426UpgradeRequired;
            return;
        }

        if (_register.IsStopping || !_register.TryEnter())
        {
            context.Response.Headers.RetryAfter = ((int)Math.Ceiling(_options.UplinkRetryAfter.TotalSeconds)).ToString(CultureInfo.InvariantCulture);
            context.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
            return;
        }

        try
        {
            var verdict = await _admission.JudgeAsync(context, context.RequestAborted);
            if (verdict.Camera is { } camera)
            {
                await (kind == UplinkKind.Https ? UpgradeAsync(context, camera) : AcceptAsync(context, camera));
                return;
            }

            if (verdict.Challenge is { } challenge) context.Response.Headers.WWWAuthenticate = challenge;
            context.Response.StatusCode = verdict.Status;
        }
        finally
        {
            _register.Leave();
        }
    }

    private static UplinkKind? KindOf(HttpContext context)
    {
        if (context.WebSockets.IsWebSocketRequest)
            return context.WebSockets.WebSocketRequestedProtocols.Contains(Protocol) ? UplinkKind.Wss : null;
        return context.Features.Get<IHttpUpgradeFeature>()?.IsUpgradableRequest == true
            && context.Request.Headers.GetCommaSeparatedValues(HeaderNames.Upgrade).Contains(Protocol, StringComparer.OrdinalIgnoreCase)
            ? UplinkKind.Https
            : null;
    }

    private async Task UpgradeAsync(HttpContext context, Camera camera)
    {
        context.Response.Headers.Connection = "Upgrade";
        context.Response.Headers.Upgrade = Protocol;
        await using var connection = await context.Features.GetRequiredFeature<IHttpUpgradeFeature>().UpgradeAsync();
        await HoldAsync(context, camera, UplinkKind.Https, connection, webSocket: null);
    }

    private async Task AcceptAsync(HttpContext context, Camera camera)
    {
        // HTTP/2 pings by itself.
        using var webSocket = await context.WebSockets.AcceptWebSocketAsync(
            new WebSocketAcceptContext { SubProtocol = Protocol, KeepAliveInterval = Timeout.InfiniteTimeSpan });

        // A stream that owned its WebSocket would block a thread for every one that is closed.
        await using var connection = WebSocketStream.Create(webSocket, WebSocketMessageType.Binary, ownsWebSocket: false);
        await HoldAsync(context, camera, UplinkKind.Wss, connection, webSocket);
    }

    private async Task HoldAsync(HttpContext context, Camera camera, UplinkKind kind, Stream connection, WebSocket? webSocket)
    {
        await using var stream = new UplinkStream(connection);
        var uplink = new HeldUplink(camera.Id, camera.UserId, kind, stream, _time.GetUtcNow());
        _client.Offer(uplink);
        _register.Add(uplink);
        _rows.Changed(uplink);
        LogConnected(camera.Id, kind);
        var looking = _identity.LookAsync(uplink);
        var end = await uplink.Over;

        _register.Remove(uplink);
        _client.Withdraw(uplink);
        _rows.Changed(uplink);
        LogEnded(camera.Id, kind, end);
        if (!await TrySayFarewellAsync(stream, webSocket, end)) context.Abort();
        stream.End();
        uplink.SetGone();
        await looking;
    }

    /// <summary>Says GOAWAY and ends the WebSocket, within the limit.</summary>
    /// <returns>False where the camera does not take it: the connection is cut then.</returns>
    private async Task<bool> TrySayFarewellAsync(UplinkStream stream, WebSocket? webSocket, UplinkEnd end)
    {
        if (end == UplinkEnd.Broken) return false;
        using var limit = new CancellationTokenSource(_options.UplinkCloseTimeout, _time);
        try
        {
            if (end != UplinkEnd.CameraLeft && !await stream.SayGoAwayAsync(limit.Token)) return false;
            if (webSocket?.State is not (WebSocketState.Open or WebSocketState.CloseReceived)) return true;
            await webSocket.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, null, limit.Token);

            // Until the camera's close frame is there: to end a WebSocket's read is to cut its connection, with all that is still on the way.
            await stream.Released.WaitAsync(limit.Token);
            return true;
        }
        catch (Exception e) when (e is IOException or WebSocketException or OperationCanceledException or ObjectDisposedException or InvalidOperationException)
        {
            return false;
        }
    }
}
