using System.Net.Security;
using System.Net.Sockets;
using System.Net.WebSockets;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Text;
using OcfCloud.Simulator.Cameras.Authorization;
using OcfCloud.Simulator.Cameras.Keystore;

namespace OcfCloud.Simulator.Cameras.Uplinks;

/// <summary>Opens the connections of uplinks: TCP, TLS, then the upgrade of either kind (ONVIF Uplink, 5.1).</summary>
internal sealed class UplinkDialer(Misbehaviour misbehaviour, CameraTiming timing, TimeProvider time)
{
    private const string Protocol = "h2c-reverse";
    private const int FragmentBytes = 7;

    // RFC 6455, 1.3.
    private const string WebSocketKeySuffix = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";

    /// <summary>Connects.</summary>
    /// <param name="state">The keystore.</param>
    /// <param name="uplink">Where to.</param>
    /// <param name="token">The access token; null: none.</param>
    /// <param name="cancellationToken">Ends the attempt.</param>
    /// <returns>What the remote client's HTTP/2 comes over, and the watch under it; the caller's to dispose.</returns>
    /// <exception cref="UplinkFailedException">It does not come up.</exception>
    public async Task<(Stream Stream, WatchedStream Watch)> DialAsync(
        CameraState state, StoredUplink uplink, string? token, CancellationToken cancellationToken)
    {
        var address = new Uri(uplink.RemoteAddress);
        using var limit = new CancellationTokenSource(timing.ConnectTimeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        WatchedStream? watch = null;
        try
        {
            watch = new WatchedStream(await ConnectAsync(address, state, uplink, either.Token), timing.Watchdog, time);
            var stream = address.Scheme == "wss"
                ? await OpenWebSocketAsync(watch, address, token, either.Token)
                : await OpenNativeAsync(watch, address, token, either.Token);
            return (stream, watch);
        }
        catch (Exception e)
        {
            if (watch is not null)
                await watch.DisposeAsync();
            cancellationToken.ThrowIfCancellationRequested();
            throw e switch
            {
                UplinkFailedException => e,
                OperationCanceledException => new UplinkFailedException("no answer"),
                AuthenticationException => new UplinkFailedException($"TLS: {(e.InnerException ?? e).Message}"),
                SocketException or IOException or ObjectDisposedException => new UplinkFailedException(e.Message),
                _ => e,
            };
        }
    }

    private static async Task<Stream> ConnectAsync(Uri address, CameraState state, StoredUplink uplink, CancellationToken cancellationToken)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        SslStream? tls = null;
        try
        {
            await socket.ConnectAsync(address.IdnHost, address.Port, cancellationToken);
            tls = new SslStream(new NetworkStream(socket, ownsSocket: true));
            var options = PeerValidation.Options(state, uplink.PolicyId);
            options.TargetHost = address.IdnHost;

            // An upgrade exists in HTTP/1.1 alone.
            options.ApplicationProtocols = [SslApplicationProtocol.Http11];
            using var certificate = uplink.CertificateId is { } id ? ClientCertificate.Of(state, id) : null;
            if (certificate is not null)
                options.ClientCertificateContext = SslStreamCertificateContext.Create(certificate, additionalCertificates: null, offline: true);
            await tls.AuthenticateAsClientAsync(options, cancellationToken);
            return tls;
        }
        catch
        {
            if (tls is not null)
                await tls.DisposeAsync();
            socket.Dispose();
            throw;
        }
    }

    private async Task<Stream> OpenNativeAsync(WatchedStream watch, Uri address, string? token, CancellationToken cancellationToken)
    {
        var head = await AskAsync(watch, address, token, [$"Upgrade: {Protocol}"], cancellationToken);
        if (!Is(head["Upgrade"], Protocol))
            throw new UplinkFailedException("the remote client upgrades to something else");
        return watch;
    }

    private async Task<Stream> OpenWebSocketAsync(WatchedStream watch, Uri address, string? token, CancellationToken cancellationToken)
    {
        var key = Convert.ToBase64String(RandomNumberGenerator.GetBytes(16));
        var head = await AskAsync(
            watch,
            address,
            token,
            ["Upgrade: websocket", $"Sec-WebSocket-Protocol: {Protocol}", "Sec-WebSocket-Version: 13", $"Sec-WebSocket-Key: {key}"],
            cancellationToken);
#pragma warning disable CA5350 // RFC 6455, 4.2.2 says SHA-1; it protects nothing.
        var accept = Convert.ToBase64String(SHA1.HashData(Encoding.ASCII.GetBytes(key + WebSocketKeySuffix)));
#pragma warning restore CA5350
        if (!Is(head["Upgrade"], "websocket") || head["Sec-WebSocket-Accept"] != accept || head["Sec-WebSocket-Protocol"] != Protocol)
            throw new UplinkFailedException("the remote client opens another WebSocket");
        var socket = WebSocket.CreateFromStream(watch, new WebSocketCreationOptions { SubProtocol = Protocol, KeepAliveInterval = Timeout.InfiniteTimeSpan });
        return new WebSocketUplinkStream(socket, watch, misbehaviour.FragmentFrames ? FragmentBytes : 0);
    }

    private async Task<ResponseHead> AskAsync(WatchedStream watch, Uri address, string? token, string[] fields, CancellationToken cancellationToken)
    {
        var target = address.PathAndQuery;
        if (token is not null && misbehaviour.TokenInQuery)
            target += $"{(address.Query.Length == 0 ? '?' : '&')}access_token={Uri.EscapeDataString(token)}";
        var request = new StringBuilder($"GET {target} {(misbehaviour.LowerCaseRequestLine ? "http/1.1" : "HTTP/1.1")}\r\n");
        request.Append($"Host: {address.Authority}\r\nConnection: Upgrade\r\n");
        foreach (var field in fields)
            request.Append(field).Append("\r\n");
        if (token is not null && !misbehaviour.TokenInQuery)
            request.Append($"Authorization: Bearer {token}\r\n");
        await watch.WriteAsync(Encoding.ASCII.GetBytes(request.Append("\r\n").ToString()), cancellationToken);

        var head = await ResponseHead.ReadAsync(watch, cancellationToken);
        if (head.Status != 101)
        {
            throw new UplinkFailedException(
                $"the remote client answers {head.Status} {head["WWW-Authenticate"]}".TrimEnd(), isTokenRefused: head.Status == 401);
        }

        watch.Listen();
        return head;
    }

    private static bool Is(string? value, string token) => string.Equals(value, token, StringComparison.OrdinalIgnoreCase);
}
