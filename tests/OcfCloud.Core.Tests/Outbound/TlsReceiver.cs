using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace OcfCloud.Core.Tests.Outbound;

/// <summary>A server on loopback that speaks TLS and answers every request with the same bytes.</summary>
internal sealed class TlsReceiver : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly byte[] _answer;
    private readonly Task _serving;
    private int _connections;

    public TlsReceiver(string answer)
    {
        _answer = Encoding.ASCII.GetBytes(answer);
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=receiver", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: true, hasPathLengthConstraint: false, 0, critical: true));
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName("receiver.example");
        request.CertificateExtensions.Add(names.Build());
        using var own = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
        Certificate = X509CertificateLoader.LoadPkcs12(own.Export(X509ContentType.Pfx), null);
        _listener.Start();
        _serving = ServeAsync();
    }

    public X509Certificate2 Certificate { get; }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    /// <summary>TCP connections that were made.</summary>
    public int Connections => Volatile.Read(ref _connections);

    /// <summary>The head of the last request.</summary>
    public string? LastHead { get; private set; }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        // The listener outlives whoever accepts: between two accepts a stopped one is asked for a connection that it may not give.
        await _serving;
        _listener.Dispose();
        _stop.Dispose();
    }

    private async Task ServeAsync()
    {
        var answering = new List<Task>();
        try
        {
            while (true)
            {
                var client = await _listener.AcceptTcpClientAsync(_stop.Token);
                Interlocked.Increment(ref _connections);
                answering.Add(AnswerAsync(client));
            }
        }
        catch (OperationCanceledException)
        {
            // Stopped.
        }
        await Task.WhenAll(answering);
    }

    private async Task AnswerAsync(TcpClient client)
    {
        try
        {
            using (client)
            {
                await using var stream = new SslStream(client.GetStream());
                await stream.AuthenticateAsServerAsync(new SslServerAuthenticationOptions { ServerCertificate = Certificate }, _stop.Token);
                using var reader = new StreamReader(stream, Encoding.ASCII, leaveOpen: true);
                while (true)
                {
                    var head = new StringBuilder();
                    while (await reader.ReadLineAsync(_stop.Token) is { Length: > 0 } line) head.AppendLine(line);
                    if (head.Length == 0) return;
                    LastHead = head.ToString();
                    await stream.WriteAsync(_answer, _stop.Token);
                }
            }
        }
        catch (Exception e) when (e is IOException or OperationCanceledException or System.Security.Authentication.AuthenticationException)
        {
            // The caller went away.
        }
    }
}
