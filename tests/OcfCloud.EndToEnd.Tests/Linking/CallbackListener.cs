using System.Net;
using System.Net.Sockets;
using System.Text;

namespace OcfCloud.EndToEnd.Linking;

/// <summary>The other cloud's redirect URI: takes one request and says so.</summary>
internal sealed class CallbackListener(IPAddress address) : IDisposable
{
    private readonly TcpListener _listener = Start(address);

    public CallbackListener()
        : this(IPAddress.Loopback)
    {
    }

    public string Url => $"http://{_listener.LocalEndpoint}/callback";

    /// <summary>Waits for a browser and gives the query that it brought.</summary>
    public async Task<string> ReceiveAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            using var connection = await _listener.AcceptTcpClientAsync(cancellationToken);
            await using var stream = connection.GetStream();
            using var reader = new StreamReader(stream, Encoding.ASCII, leaveOpen: true);
            var line = await reader.ReadLineAsync(cancellationToken) ?? "";
            while (await reader.ReadLineAsync(cancellationToken) is { Length: > 0 })
            {
                // Headers are of no interest.
            }

            await stream.WriteAsync("HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 13\r\nConnection: close\r\n\r\n<p>Linked</p>"u8.ToArray(), cancellationToken);
            if (line.StartsWith("GET /callback?", StringComparison.Ordinal)) return line.Split(' ')[1]["/callback?".Length..];
        }
    }

    public void Dispose() => _listener.Dispose();

    private static TcpListener Start(IPAddress address)
    {
        var listener = new TcpListener(address, 0);
        listener.Start();
        return listener;
    }
}
