using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using OcfCloud.EndToEnd.Devices;
using OcfCloud.EndToEnd.Harness;
using OcfCloud.EndToEnd.Wire;

namespace OcfCloud.EndToEnd.Endurance;

/// <summary>Peers that are slow, silent or greedy, until they are disposed of.</summary>
internal sealed class SlowPeers(Cloud cloud, CloudUser user) : IAsyncDisposable
{
    // Of handshakes that are made at once.
    private const int Opening = 8;

    private readonly CancellationTokenSource _stop = new();
    private readonly List<IDisposable> _held = [];
    private readonly List<Task> _running = [];
    private readonly List<TestDevice> _devices = [];
    private readonly X509Certificate2 _authority = cloud.Authority;

    /// <summary>Begin TLS and say no more.</summary>
    public async Task HalfOpenAsync(int count)
    {
        for (var n = 0; n < count; n++)
        {
            var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
            Hold(socket);
            await socket.ConnectAsync(cloud.Coaps);
            // The head of a ClientHello, which announces 512 bytes.
            await socket.SendAsync(new byte[] { 22, 3, 1, 2, 0, 1, 0 });
        }
    }

    /// <summary>Open TLS and say nothing at all.</summary>
    public Task SilentAsync(int count) => OpenAsync(count, _ => { });

    /// <summary>Send one byte of a long message a second.</summary>
    public Task DrippingAsync(int count) => OpenAsync(count, stream => Run(async () =>
    {
        // A request with 269 and 1,000 bytes to come (RFC 8323, 3.2).
        await stream.WriteAsync(new byte[] { 0xE0, 3, 0xDB, 2 }, _stop.Token);
        while (true)
        {
            await stream.WriteAsync(new byte[] { 0xFF }, _stop.Token);
            await Task.Delay(TimeSpan.FromSeconds(1), _stop.Token);
        }
    }));

    /// <summary>Clients that ask for a resource without end and read no answer.</summary>
    public async Task NeverReadingAsync(int count, string path)
    {
        for (var n = 0; n < count; n++)
        {
            var client = await JoinAsync(new WireOptions { ReceiveBuffer = 4096, AnswersPings = false });
            client.Connection.Pause();
            Ask(client, path);
        }
    }

    /// <summary>Clients that read, but ask faster than anybody can answer.</summary>
    public async Task FloodingAsync(int count, string path)
    {
        for (var n = 0; n < count; n++) Ask(await JoinAsync(new WireOptions()), path);
    }

    /// <summary>A device that reads nothing and is asked all the time.</summary>
    public async Task DeafDeviceAsync()
    {
        var device = new TestDevice(cloud, ("/deaf", "x.deaf"));
        _devices.Add(device);
        await device.JoinAsync(user, new WireOptions { ReceiveBuffer = 4096, AnswersPings = false });
        device.Connection.Pause();
        Ask(await JoinAsync(new WireOptions()), device.PathOf("/deaf"));
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _held.ForEach(one => one.Dispose());
        foreach (var device in _devices)
        {
            device.Connection.Reset();
        }

        await Task.WhenAll(_running);
        _authority.Dispose();
        _stop.Dispose();
    }

    private async Task OpenAsync(int count, Action<SslStream> then)
    {
        using var certificate = DeviceCertificates.Issue(cloud, "Lamp 4711");
        await Parallel.ForEachAsync(Enumerable.Range(0, count), new ParallelOptions { MaxDegreeOfParallelism = Opening }, async (_, cancellation) =>
        {
            var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
            await socket.ConnectAsync(cloud.Coaps, cancellation);
            var stream = new SslStream(new NetworkStream(socket, ownsSocket: true));
            Hold(stream);
            await stream.AuthenticateAsClientAsync(
                new SslClientAuthenticationOptions
                {
                    TargetHost = "",
                    ClientCertificates = [certificate],
                    RemoteCertificateValidationCallback = (_, presented, _, _) => presented?.Issuer == _authority.Subject,
                    // As devices that come anew.
                    AllowTlsResume = false,
                },
                cancellation);
            then(stream);
        });
    }

    private async Task<TestDevice> JoinAsync(WireOptions options)
    {
        var client = new TestDevice(cloud);
        _devices.Add(client);
        await client.JoinAsync(user, options);
        return client;
    }

    private void Ask(TestDevice client, string path) => Run(async () =>
    {
        // Many in one write.
        var requests = Enumerable.Range(0, 64).SelectMany(_ => WireCodec.Encode(WireRequest.Of("GET", path))).ToArray();
        while (!_stop.IsCancellationRequested) await client.Connection.SendBytesAsync(requests);
    });

    private void Hold(IDisposable one)
    {
        lock (_held)
        {
            _held.Add(one);
        }
    }

    private void Run(Func<Task> work)
    {
        lock (_running)
        {
            _running.Add(Task.Run(() => UntilTheEndAsync(work)));
        }
    }

    private static async Task UntilTheEndAsync(Func<Task> work)
    {
        try
        {
            await work();
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException or SocketException or OperationCanceledException)
        {
            // The cloud closed it, which it may, or the test did.
        }
    }
}
