using System.Collections.Concurrent;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Text.Json.Nodes;
using System.Threading.Channels;
using OcfCloud.Coap;
using OcfCloud.Simulator.Certificates;
using OcfCloud.Simulator.Cloud;
using OcfCloud.Simulator.Payloads;

namespace OcfCloud.Simulator.Tests.Support;

/// <summary>A cloud over real TLS sockets that answers as it is told to: prepared answers first, else as a cloud that is content with everybody.</summary>
internal sealed class FakeCloud : IAsyncDisposable
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(20);

    private readonly Socket _socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
    private readonly SslServerAuthenticationOptions _tls;
    private readonly ConcurrentDictionary<string, ConcurrentQueue<Func<CoapMessage, CoapMessage?>>> _prepared = new();
    private readonly ConcurrentDictionary<string, Func<CoapMessage, CoapMessage?>> _always = new();
    private readonly ConcurrentDictionary<FakeCloudConnection, Task> _connections = new();
    private readonly Channel<FakeCloudConnection> _opened = Channel.CreateUnbounded<FakeCloudConnection>();
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _accepting;
    private int _refreshes;

    public FakeCloud(TestPki pki, Guid? id = null)
    {
        Id = id ?? Guid.NewGuid();
        _tls = new SslServerAuthenticationOptions
        {
            ServerCertificate = pki.IssueCloud(Id),
            ClientCertificateRequired = true,
            CertificateChainPolicy = pki.DeviceAnchors.CreatePolicy(),
            RemoteCertificateValidationCallback = (_, certificate, _, errors) => certificate is not null && TrustAnchors.IsTrusted(errors),
        };
        _socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        _socket.Listen();
        _accepting = AcceptAsync();
    }

    /// <summary>The <c>sid</c>.</summary>
    public Guid Id { get; }

    public CoapsAddress Address => new("127.0.0.1", ((IPEndPoint)_socket.LocalEndPoint!).Port);

    /// <summary>Everything that was asked, in order, as <c>POST /oic/sec/session</c>.</summary>
    public ConcurrentQueue<string> Asked { get; } = new();

    /// <summary>The seconds that tokens live.</summary>
    public long ExpiresIn { get; set; } = 3600;

    public static CoapMessage Answer(CoapCode code, JsonNode? body = null) =>
        body is null ? CoapMessage.Response(code) : CoapMessage.Response(code).WithPayload(RepresentationCodec.Encode(body), CoapContentFormat.OcfCbor);

    /// <summary>Prepares the next answer to a request; null stays silent.</summary>
    public void Next(string request, Func<CoapMessage, CoapMessage?> answer) => _prepared.GetOrAdd(request, _ => new()).Enqueue(answer);

    /// <summary>Prepares the next answer to a request.</summary>
    public void Next(string request, CoapCode code) => Next(request, _ => Answer(code).WithDiagnostic("as the test says"));

    /// <summary>Prepares all answers to a request.</summary>
    public void Always(string request, Func<CoapMessage, CoapMessage?> answer) => _always[request] = answer;

    /// <summary>The next connection whose handshake is done.</summary>
    public async Task<FakeCloudConnection> ConnectionAsync() =>
        await _opened.Reader.ReadAsync(TestContext.Current.CancellationToken).AsTask().WaitAsync(Deadline);

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _socket.Dispose();
        await _accepting;
        await Task.WhenAll(_connections.Values);
    }

    internal CoapMessage? React(CoapMessage request)
    {
        var name = $"{NameOf(request.Code)} {request.Path}";
        Asked.Enqueue(name);
        if (_prepared.TryGetValue(name, out var prepared) && prepared.TryDequeue(out var next))
            return next(request);
        if (_always.TryGetValue(name, out var always))
            return always(request);
        return name switch
        {
            "POST /oic/sec/account" => Answer(CoapCode.Changed, Tokens("first")),
            "DELETE /oic/sec/account" => Answer(CoapCode.Deleted),
            "POST /oic/sec/session" => Answer(CoapCode.Changed, new JsonObject { ["expiresin"] = ExpiresIn }),
            "POST /oic/sec/tokenrefresh" => Answer(CoapCode.Changed, Tokens($"refreshed-{Interlocked.Increment(ref _refreshes)}")),
            "POST /oic/rd" => Answer(CoapCode.Changed, new JsonObject()),
            _ => Answer(CoapCode.NotFound).WithDiagnostic("no such resource"),
        };
    }

    public JsonObject Tokens(string which) => new()
    {
        ["accesstoken"] = $"access-{which}",
        ["refreshtoken"] = $"refresh-{which}",
        ["expiresin"] = ExpiresIn,
        ["uid"] = "8a6b0d1c-0000-4000-8000-000000000001",
    };

    private static string NameOf(CoapCode code) => code.Detail switch { 1 => "GET", 2 => "POST", 3 => "PUT", 4 => "DELETE", _ => code.ToString() };

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                var socket = await _socket.AcceptAsync(_stop.Token);
                socket.NoDelay = true;
                _ = ServeAsync(socket);
            }
        }
        catch (Exception e) when (e is OperationCanceledException or ObjectDisposedException or SocketException)
        {
            // The test is over.
        }
    }

    private async Task ServeAsync(Socket socket)
    {
        await using var tls = new SslStream(new NetworkStream(socket, ownsSocket: true));
        try
        {
            await tls.AuthenticateAsServerAsync(_tls, _stop.Token);
            var connection = new FakeCloudConnection(this, tls);
            var running = connection.RunAsync(_stop.Token);
            _connections[connection] = running;
            _opened.Writer.TryWrite(connection);
            await running;
        }
        catch (Exception e) when (e is IOException or System.Security.Authentication.AuthenticationException or OperationCanceledException)
        {
            // A device that does not like this cloud.
        }
    }
}
