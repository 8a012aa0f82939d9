using System.Net.Security;
using System.Net.Sockets;
using System.Net.WebSockets;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using OcfCloud.Onvif.Cameras;

namespace OcfCloud.Onvif.Tests.Uplink.Support;

/// <summary>How a camera opens an uplink, by hand where the protocol is HTTP/1.1's upgrade.</summary>
internal sealed class Dialler(Uri url)
{
    /// <summary>The bearer token; null: none.</summary>
    public string? Token { get; init; }

    /// <summary>Whether it goes into the query.</summary>
    public bool InQuery { get; init; }

    public X509Certificate2? Certificate { get; init; }

    private static CancellationToken Ending => TestContext.Current.CancellationToken;

    private string PathAndQuery => url.AbsolutePath + (InQuery ? $"?access_token={Token}" : "");

    /// <summary>Opens one.</summary>
    /// <returns>The stream on which the cloud now speaks HTTP/2.</returns>
    public async Task<Stream> DialAsync(UplinkKind kind)
    {
        if (kind == UplinkKind.Wss) return await DialWebSocketAsync();
        var (status, stream, head) = await AskAsync("Upgrade: h2c-reverse", "Connection: Upgrade");
        Assert.True(status == 101, head);
        Assert.Contains("Upgrade: h2c-reverse", head, StringComparison.OrdinalIgnoreCase);
        return stream;
    }

    /// <summary>Sends a GET with these headers.</summary>
    public async Task<(int Status, Stream Stream, string Head)> AskAsync(params string[] headers)
    {
        var stream = await ConnectAsync();
        var lines = new List<string> { $"GET {PathAndQuery} HTTP/1.1", $"Host: {url.Authority}" };
        lines.AddRange(headers);
        if (Token is not null && !InQuery) lines.Add($"Authorization: Bearer {Token}");
        await stream.WriteAsync(Encoding.ASCII.GetBytes(string.Join("\r\n", lines) + "\r\n\r\n"), Ending);

        // Byte by byte: what follows the head is HTTP/2.
        var head = new StringBuilder();
        var one = new byte[1];
        while (!head.ToString().EndsWith("\r\n\r\n", StringComparison.Ordinal) && await stream.ReadAsync(one, Ending) == 1) head.Append((char)one[0]);
        return (int.Parse(head.ToString().Split(' ')[1], System.Globalization.CultureInfo.InvariantCulture), stream, head.ToString());
    }

    private async Task<Stream> ConnectAsync()
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await socket.ConnectAsync(url.Host, url.Port, Ending);
        var tls = new SslStream(new NetworkStream(socket, ownsSocket: true));
        await tls.AuthenticateAsClientAsync(
            new SslClientAuthenticationOptions
            {
                TargetHost = "localhost",
                RemoteCertificateValidationCallback = (_, certificate, _, _) => certificate?.Subject == "CN=localhost",
                ClientCertificates = Certificate is null ? null : [Certificate],
            },
            Ending);
        return tls;
    }

    private async Task<Stream> DialWebSocketAsync()
    {
        var webSocket = new ClientWebSocket();
        webSocket.Options.AddSubProtocol("h2c-reverse");
        webSocket.Options.KeepAliveInterval = TimeSpan.Zero;
        webSocket.Options.RemoteCertificateValidationCallback = (_, certificate, _, _) => certificate?.Subject == "CN=localhost";
        if (Certificate is not null) webSocket.Options.ClientCertificates.Add(Certificate);
        if (Token is not null && !InQuery) webSocket.Options.SetRequestHeader("Authorization", $"Bearer {Token}");
        await webSocket.ConnectAsync(new Uri($"wss://{url.Authority}{PathAndQuery}"), Ending);
        Assert.Equal("h2c-reverse", webSocket.SubProtocol);
        return WebSocketStream.Create(webSocket, WebSocketMessageType.Binary, closeTimeout: TimeSpan.FromSeconds(1));
    }
}
