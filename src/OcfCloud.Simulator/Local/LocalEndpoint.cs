using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using OcfCloud.Coap;
using OcfCloud.Simulator.Certificates;
using OcfCloud.Simulator.Cloud;
using OcfCloud.Simulator.Resources;
using OcfCloud.Simulator.Serving;

namespace OcfCloud.Simulator.Local;

/// <summary>A device's local <c>coaps+tcp</c> endpoint with mutual TLS: where its owner's mediator provisions it, and neighbours reach it.</summary>
internal sealed class LocalEndpoint : IAsyncDisposable
{
    private static readonly TimeSpan HandshakeLimit = TimeSpan.FromSeconds(10);

    private readonly Socket _socket;
    private readonly SslServerAuthenticationOptions _tls;
    private readonly ResourceServer _server;
    private readonly Func<Guid, bool> _isMediator;
    private readonly TimeProvider _time;
    private readonly CancellationTokenSource _stop = new();
    private readonly Lock _gate = new();
    private readonly HashSet<Task> _connections = [];
    private readonly Task _accepting;

    /// <summary>Listens at once.</summary>
    /// <param name="address">Where; port 0 takes any that is free.</param>
    /// <param name="identity">The device's certificate.</param>
    /// <param name="anchors">Who is let in.</param>
    /// <param name="server">Answers.</param>
    /// <param name="isMediator">Whether a certificate's UUID is the owner's mediator.</param>
    /// <param name="time">The clock.</param>
    /// <exception cref="SocketException">The address cannot be listened at.</exception>
    public LocalEndpoint(
        IPEndPoint address, X509Certificate2 identity, TrustAnchors anchors, ResourceServer server, Func<Guid, bool> isMediator, TimeProvider time)
    {
        _server = server;
        _isMediator = isMediator;
        _time = time;
        _tls = new SslServerAuthenticationOptions
        {
            ServerCertificateContext = SslStreamCertificateContext.Create(identity, additionalCertificates: null, offline: true),
            ClientCertificateRequired = true,
            CertificateChainPolicy = anchors.CreatePolicy(),
            CertificateRevocationCheckMode = X509RevocationMode.NoCheck,
            EnabledSslProtocols = SslProtocols.Tls12 | SslProtocols.Tls13,
            RemoteCertificateValidationCallback = (_, certificate, _, errors) => certificate is not null && TrustAnchors.IsTrusted(errors),
        };
        _socket = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            _socket.Bind(address);
            _socket.Listen();
        }
        catch (SocketException)
        {
            _socket.Dispose();
            throw;
        }

        var bound = (IPEndPoint)_socket.LocalEndPoint!;
        Address = new CoapsAddress(bound.Address.ToString(), bound.Port).Reachable();
        _accepting = AcceptAsync();
    }

    /// <summary>Where it listens.</summary>
    public CoapsAddress Address { get; }

    /// <summary>Closes the endpoint and all of its connections.</summary>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _socket.Dispose();
        await _accepting;
        Task[] open;
        lock (_gate)
            open = [.. _connections];
        await Task.WhenAll(open);
        _stop.Dispose();
    }

    private async Task AcceptAsync()
    {
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                var socket = await _socket.AcceptAsync(_stop.Token);
                socket.NoDelay = true;
                Track(ServeAsync(socket));
            }
            catch (Exception e) when (e is OperationCanceledException or ObjectDisposedException)
            {
                return;
            }
            catch (SocketException)
            {
                // Who dialled is gone again.
            }
        }
    }

    private void Track(Task connection)
    {
        lock (_gate)
            _connections.Add(connection);
        _ = connection.ContinueWith(
            ended =>
            {
                lock (_gate)
                    _connections.Remove(ended);
            },
            CancellationToken.None,
            TaskContinuationOptions.ExecuteSynchronously,
            TaskScheduler.Default);
    }

    private async Task ServeAsync(Socket socket)
    {
        await using var tls = new SslStream(new NetworkStream(socket, ownsSocket: true));
        try
        {
            using (var limit = new CancellationTokenSource(HandshakeLimit, _time))
            using (var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, _stop.Token))
                await tls.AuthenticateAsServerAsync(_tls, either.Token);
            var local = (IPEndPoint)socket.LocalEndPoint!;
            var address = local.Address.IsIPv4MappedToIPv6 ? local.Address.MapToIPv4() : local.Address;
            var endpoint = new CoapsAddress(address.ToString(), local.Port).ToString();
            var serving = new ServedConnection(_server, RequesterOf(tls.RemoteCertificate as X509Certificate2), endpoint, _time);
            await serving.RunAsync(new CoapConnection(tls, new CoapConnectionOptions(), serving, _time), _stop.Token);
        }
        catch (Exception e) when (e is AuthenticationException or IOException or OperationCanceledException or ObjectDisposedException or SocketException)
        {
            // A stranger, or somebody who hung up: the endpoint goes on.
        }
    }

    private Requester RequesterOf(X509Certificate2? certificate) =>
        CertificateIdentity.TryRead(certificate, out var id) && _isMediator(id) ? Requester.Mediator : Requester.Neighbour;
}
