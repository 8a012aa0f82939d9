using System.Collections.Concurrent;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json;
using OcfCloud.EndToEnd.Harness;

namespace OcfCloud.EndToEnd.Cameras;

/// <summary>Where a cloud of another maker takes deviceSharingCompleted: answers 200 to everything and remembers it.</summary>
internal sealed class CompletionListener : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly ConcurrentQueue<(string Path, JsonElement Body)> _received = new();
    private readonly X509Certificate2 _certificate;
    private readonly Task _serving;

    /// <summary>Starts.</summary>
    /// <param name="certificate">What it presents.</param>
    public CompletionListener(OwnCertificate certificate)
    {
        // Schannel is not here: a certificate from PEM serves as it is.
        _certificate = X509Certificate2.CreateFromPemFile(certificate.Path, certificate.KeyPath);
        _listener.Start();
        _serving = ServeAsync();
    }

    public string Url => $"https://localhost:{((IPEndPoint)_listener.LocalEndpoint).Port}";

    /// <summary>What came, in order.</summary>
    public IReadOnlyList<(string Path, JsonElement Body)> Received => [.. _received];

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Dispose();
        await _serving.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _certificate.Dispose();
        _stop.Dispose();
    }

    private async Task ServeAsync()
    {
        while (!_stop.IsCancellationRequested)
        {
            using var connection = await _listener.AcceptTcpClientAsync(_stop.Token);
            try
            {
                await AnswerAsync(connection);
            }
            catch (Exception e) when (e is IOException or System.Security.Authentication.AuthenticationException)
            {
                // Who does not stay is not noted: a test that waits for it fails.
            }
        }
    }

    private async Task AnswerAsync(TcpClient connection)
    {
        await using var tls = new SslStream(connection.GetStream());
        await tls.AuthenticateAsServerAsync(new SslServerAuthenticationOptions { ServerCertificate = _certificate }, _stop.Token);
        var head = await HttpHead.ReadAsync(tls, _stop.Token);
        var body = new byte[head.ContentLength];
        await tls.ReadExactlyAsync(body, _stop.Token);
        _received.Enqueue((head.FirstLine.Split(' ')[1], JsonDocument.Parse(body).RootElement));
        await tls.WriteAsync(Encoding.ASCII.GetBytes("HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"), _stop.Token);
    }
}
