using System.Collections.Concurrent;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Threading.Channels;

namespace OcfCloud.EndToEnd.Wire;

/// <summary>
/// A peer of the cloud over TLS: sends what it is told, well-formed or not, pairs answers with their requests, answers the requests
/// that reach it, and remembers how the connection ended.
/// </summary>
internal sealed class WireConnection : IAsyncDisposable
{
    public static readonly TimeSpan Deadline = TimeSpan.FromSeconds(30);

    private readonly Socket _socket;
    private readonly RecordStream _records;
    private readonly SslStream _stream;
    private readonly WireOptions _options;
    private readonly SemaphoreSlim _writing = new(1);
    private readonly ConcurrentDictionary<string, TaskCompletionSource<WireMessage>> _waiting = new();
    private readonly ConcurrentDictionary<string, Channel<WireMessage>> _observations = new();
    private readonly Channel<WireMessage> _signals = Channel.CreateUnbounded<WireMessage>();
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private readonly ConcurrentQueue<WireMessage> _received = new();
    private readonly Channel<WireMessage> _requests = Channel.CreateUnbounded<WireMessage>();

    private Task _paused = Task.CompletedTask;

    private WireConnection(Socket socket, RecordStream records, SslStream stream, WireOptions options) =>
        (_socket, _records, _stream, _options) = (socket, records, stream, options);

    /// <summary>Answers the requests that come in; without it they are answered 4.04. Null: no answer at all.</summary>
    public Func<WireMessage, WireMessage?>? OnRequest { get; set; }

    /// <summary>Done when the cloud has closed the connection.</summary>
    public Task Ended => _ended.Task;

    /// <summary>The signaling messages of the cloud in their order, Pings included (they are answered).</summary>
    public ChannelReader<WireMessage> Signals => _signals.Reader;

    /// <summary>The requests of the cloud in their order; they are answered beside.</summary>
    public ChannelReader<WireMessage> Requests => _requests.Reader;

    /// <summary>Everything that came, in its order.</summary>
    public IReadOnlyCollection<WireMessage> Received => _received;

    /// <summary>The TLS records that came, the handshake's included.</summary>
    public IReadOnlyList<TlsRecord> Records => _records.Records;

    /// <summary>What ALPN chose; empty where nothing.</summary>
    public string Alpn => _stream.NegotiatedApplicationProtocol.ToString();

    public X509Certificate2? CloudCertificate => _stream.RemoteCertificate as X509Certificate2;

    public SslProtocols Protocol => _stream.SslProtocol;

    /// <summary>Opens TLS with the given certificate, or none, and checks the cloud's against the given authority.</summary>
    public static async Task<WireConnection> ConnectAsync(IPEndPoint cloud, X509Certificate2? certificate, X509Certificate2 authority, WireOptions? options = null)
    {
        options ??= new WireOptions();
        using var deadline = new CancellationTokenSource(Deadline);
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        if (options.ReceiveBuffer is { } bytes)
        {
            socket.ReceiveBufferSize = bytes;
        }

        RecordStream? records = null;
        SslStream? stream = null;
        try
        {
            if (options.From is { } from)
            {
                socket.Bind(new IPEndPoint(from, 0));
            }

            await socket.ConnectAsync(options.Through ?? cloud, deadline.Token);
            records = new RecordStream(new NetworkStream(socket));
            stream = new SslStream(records);
            await stream.AuthenticateAsClientAsync(options.Apply(TlsOptions(certificate, authority)), deadline.Token);
        }
        catch
        {
            stream?.Dispose();
            socket.Dispose();
            throw;
        }

        var connection = new WireConnection(socket, records, stream, options);
        if (options.SendCsm)
        {
            await connection.SendAsync(CsmOf(options));
        }

        _ = connection.ReadAsync();
        return connection;
    }

    public static byte[] NewToken() => RandomNumberGenerator.GetBytes(8);

    public Task SendAsync(WireMessage message) => SendBytesAsync(WireCodec.Encode(message));

    public async Task SendBytesAsync(byte[] bytes)
    {
        await _writing.WaitAsync();
        try
        {
            await _stream.WriteAsync(bytes);
        }
        finally
        {
            _writing.Release();
        }
    }

    /// <summary>Sends a request and waits for its answer.</summary>
    public async Task<WireMessage> RequestAsync(WireMessage request)
    {
        var answer = new TaskCompletionSource<WireMessage>(TaskCreationOptions.RunContinuationsAsynchronously);
        var key = Convert.ToHexString(request.Token);
        _waiting[key] = answer;
        try
        {
            await SendAsync(request);
            var first = await Task.WhenAny(answer.Task, Ended).WaitAsync(Deadline);
            return first == answer.Task || answer.Task.IsCompleted ? await answer.Task : throw new WireEndedException("The connection ended before the answer.");
        }
        catch (Exception exception) when (exception is IOException or ObjectDisposedException && exception is not WireEndedException)
        {
            throw new WireEndedException("The request could not be sent.", exception);
        }
        finally
        {
            _waiting.TryRemove(key, out _);
        }
    }

    /// <summary>
    /// Sends a Ping and waits for its Pong: what was sent before it was taken by the cloud, and what the cloud had sent until then was received.
    /// </summary>
    public async Task<WireMessage> PingAsync(params WireOption[] options)
    {
        var ping = new WireMessage(WireMessage.Ping, NewToken(), options, []);
        var pong = new TaskCompletionSource<WireMessage>(TaskCreationOptions.RunContinuationsAsynchronously);
        _waiting[Convert.ToHexString(ping.Token)] = pong;
        await SendAsync(ping);
        var first = await Task.WhenAny(pong.Task, Ended).WaitAsync(Deadline);
        return first == pong.Task ? await pong.Task : throw new WireEndedException("The connection ended before the Pong.");
    }

    /// <summary>What came under a token.</summary>
    public IReadOnlyList<WireMessage> ReceivedUnder(byte[] token) => [.. _received.Where(m => m.Token.AsSpan().SequenceEqual(token))];

    /// <summary>Registers an observation; the answer is the first message of the reader, the notifications follow.</summary>
    public async Task<ChannelReader<WireMessage>> ObserveAsync(WireMessage request)
    {
        var notifications = Channel.CreateUnbounded<WireMessage>();
        _observations[Convert.ToHexString(request.Token)] = notifications;
        await SendAsync(request);
        return notifications.Reader;
    }

    /// <summary>Reads nothing more, once what is being read is done, until the result is set.</summary>
    public TaskCompletionSource Pause()
    {
        var pause = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Volatile.Write(ref _paused, pause.Task);
        return pause;
    }

    /// <summary>Waits for the cloud to close; what it said before is in <see cref="Signals"/>.</summary>
    public Task EndAsync() => Ended.WaitAsync(Deadline);

    /// <summary>Drops the TCP connection with a reset, as a device does that loses its power.</summary>
    public void Reset()
    {
        _socket.LingerState = new LingerOption(true, 0);
        _socket.Dispose();
    }

    public async ValueTask DisposeAsync()
    {
        _socket.Dispose();
        await Ended;
        await _stream.DisposeAsync();
        _writing.Dispose();
    }

    // Max-Message-Size and Block-Wise-Transfer (RFC 8323, 5.3.1 and 5.3.2).
    private static WireMessage CsmOf(WireOptions options)
    {
        var csm = new List<WireOption>();
        if (options.MaxMessageSize is { } size)
        {
            csm.Add(WireOption.OfNumber(2, size));
        }

        if (options.BlockWise)
        {
            csm.Add(new WireOption(4, []));
        }

        return new WireMessage(WireMessage.Csm, NewToken(), csm, []);
    }

    private static SslClientAuthenticationOptions TlsOptions(X509Certificate2? certificate, X509Certificate2 authority) => new()
    {
        // Devices send no server name; the cloud is known by the CN of its certificate.
        TargetHost = string.Empty,
        ClientCertificates = certificate is null ? null : [certificate],
        RemoteCertificateValidationCallback = (_, presented, _, _) =>
        {
            using var chain = new X509Chain();
            chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
            chain.ChainPolicy.CustomTrustStore.Add(authority);
            chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
            return presented is X509Certificate2 leaf && chain.Build(leaf);
        },
    };

    private async Task ReadAsync()
    {
        var buffer = new byte[1 << 16];
        var filled = 0;
        try
        {
            while (await _stream.ReadAsync(buffer.AsMemory(filled)) is var count and > 0)
            {
                await Volatile.Read(ref _paused);
                filled += count;
                var consumed = 0;
                while (WireCodec.Decode(buffer.AsSpan(consumed, filled - consumed)) is var (message, length))
                {
                    consumed += length;
                    await TakeAsync(message);
                }

                buffer.AsSpan(consumed, filled - consumed).CopyTo(buffer);
                filled -= consumed;
                if (filled == buffer.Length)
                {
                    Array.Resize(ref buffer, buffer.Length * 2);
                }
            }
        }
        catch (Exception exception) when (exception is IOException or ObjectDisposedException or SocketException)
        {
            // A reset and a close are both an end.
        }

        _ended.TrySetResult();
        _signals.Writer.TryComplete();
        _requests.Writer.TryComplete();
        foreach (var observation in _observations.Values)
        {
            observation.Writer.TryComplete();
        }
    }

    private async Task TakeAsync(WireMessage message)
    {
        var key = Convert.ToHexString(message.Token);
        _received.Enqueue(message);
        if (message.Code == WireMessage.Pong && _waiting.TryRemove(key, out var ping))
        {
            ping.TrySetResult(message);
        }
        else if (message.IsSignal)
        {
            _signals.Writer.TryWrite(message);
            if (message.Code == WireMessage.Ping && _options.AnswersPings)
            {
                await SendAsync(new WireMessage(WireMessage.Pong, message.Token, [], []));
            }
        }
        else if (message.IsRequest)
        {
            _requests.Writer.TryWrite(message);
            var answer = OnRequest is null ? new WireMessage(WireMessage.CodeOf("4.04"), message.Token, [], []) : OnRequest(message);
            if (answer is not null)
            {
                await SendAsync(answer);
            }
        }
        else if (_observations.TryGetValue(key, out var observation))
        {
            observation.Writer.TryWrite(message);
        }
        else if (_waiting.TryGetValue(key, out var waiting))
        {
            waiting.TrySetResult(message);
        }
    }
}
