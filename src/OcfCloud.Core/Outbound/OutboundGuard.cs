using System.Net;
using System.Net.Sockets;

namespace OcfCloud.Core.Outbound;

/// <summary>
/// The one guard of addresses that strangers chose (cloud-to-cloud.md, 1.4): https alone, every address checked, and the checked address connected to.
/// <code>
///   name ─► resolved, MaxLookups at once, at most ResolveTimeout ─► forbidden addresses left out ─► none left: refused
///                                                                              └─► the others tried in turn ─► TLS for the name (system's store and TrustAnchors)
/// </code>
/// </summary>
public sealed class OutboundGuard
{
    // A name may have thousands of addresses: what its owner says is not how long we try.
    private const int MaxAddresses = 8;

    private readonly OutboundOptions _options;
    private readonly TimeProvider _time;

    // Apart: a check that comes to nothing is passed, so a flood of URLs at the door must not be what calls wait for.
    private readonly NameLookups _checks;
    private readonly NameLookups _calls;

    // And names that an operator gave do not wait for those of strangers.
    private readonly NameLookups _named;

    /// <summary>Makes the guard.</summary>
    /// <param name="options">What is allowed and trusted.</param>
    /// <param name="time">The clock.</param>
    public OutboundGuard(OutboundOptions options, TimeProvider time)
        : this(options, time, Dns.GetHostAddressesAsync)
    {
    }

    internal OutboundGuard(OutboundOptions options, TimeProvider time, Func<string, CancellationToken, Task<IPAddress[]>> resolve)
    {
        _options = options;
        _time = time;
        _checks = new NameLookups(options, time, resolve);
        _calls = new NameLookups(options, time, resolve);
        _named = new NameLookups(options, time, resolve);
    }

    /// <summary>Whether an address may be called: it is public, or in one of <see cref="OutboundOptions.AllowedNetworks"/>.</summary>
    /// <param name="address">The address; an IPv4 address inside an IPv6 one (mapped, NAT64, 6to4) is judged as that IPv4 address.</param>
    public bool Allows(IPAddress address) =>
        PublicAddress.Is(address) || IsListed(address) || PublicAddress.Readings(address).All(IsListed);

    /// <summary>Judges a URL before it is kept. What the name resolves to may change: the connection is judged again by the handler.</summary>
    /// <param name="url">The URL as the stranger wrote it.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>Why it is refused. A name that does not resolve now, or not in time, is not refused.</returns>
    public Task<OutboundRefusal> CheckAsync(string? url, CancellationToken cancellationToken) => CheckAsync(url, allowsWebSocket: false, cancellationToken);

    /// <summary>The same for an address that another machine will call, a WebSocket's (<c>wss</c>) too.</summary>
    /// <param name="url">The URL as the stranger wrote it.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>Why it is refused; <see cref="OutboundRefusal.NotHttps"/> for every scheme but https and wss.</returns>
    public Task<OutboundRefusal> CheckWithWebSocketAsync(string? url, CancellationToken cancellationToken) => CheckAsync(url, allowsWebSocket: true, cancellationToken);

    /// <summary>A handler for calls to addresses of strangers: https, no redirects, no proxy, no cookies, no credentials, no decompression, no trace headers, at most
    /// 16 KiB of response headers, and at most 4 KiB of a response body that nobody reads. What it refuses is an <see cref="OutboundRefusedException"/>.</summary>
    /// <remarks>It bounds no body that its caller does read, and no call in time but for the making of a connection.</remarks>
    /// <param name="maxConnectionsPerHost">HTTP/1.1 connections that may be open to one host.</param>
    public SocketsHttpHandler CreateHandler(int maxConnectionsPerHost) => CreateHandler(new OutboundDestination { MaxConnectionsPerHost = maxConnectionsPerHost });

    /// <summary>The same for a destination of which an operator said more: hosts that may have any address, further trust anchors, a certificate of ours.</summary>
    /// <param name="destination">What the operator said.</param>
    public SocketsHttpHandler CreateHandler(OutboundDestination destination) => new()
    {
        AllowAutoRedirect = false,
        UseProxy = false,
        UseCookies = false,
        PreAuthenticate = false,
        AutomaticDecompression = DecompressionMethods.None,
        ActivityHeadersPropagator = null,
        MaxConnectionsPerServer = destination.MaxConnectionsPerHost,
        MaxResponseHeadersLength = 16,
        MaxResponseDrainSize = 4096,
        ResponseDrainTimeout = TimeSpan.FromSeconds(1),

        // A name that moved is followed, and judged anew.
        PooledConnectionLifetime = TimeSpan.FromMinutes(5),
        PooledConnectionIdleTimeout = TimeSpan.FromSeconds(60),

        // A request that timed out leaves its HTTP/2 connection in the pool: only a ping shows that the other end is gone.
        KeepAlivePingDelay = TimeSpan.FromSeconds(5),
        KeepAlivePingTimeout = TimeSpan.FromSeconds(5),
        KeepAlivePingPolicy = HttpKeepAlivePingPolicy.WithActiveRequests,
        ConnectTimeout = _options.ResolveTimeout + (MaxAddresses * _options.ConnectTimeout),
        ConnectCallback = (context, cancellationToken) => ConnectAsync(destination, context, cancellationToken),
        SslOptions = OutboundTls.OptionsFor(_options.TrustAnchors, destination),
    };

    private async Task<OutboundRefusal> CheckAsync(string? url, bool allowsWebSocket, CancellationToken cancellationToken)
    {
        // RFC 3986, 2: no URL holds these. Uri takes them off or encodes them, but what is kept is what was written, and not every store keeps a zero.
        if (url is null || url.Any(character => char.IsWhiteSpace(character) || char.IsControl(character))) return OutboundRefusal.NotHttps;
        if (!Uri.TryCreate(url, UriKind.Absolute, out var uri) || HostOf(uri) is not { Length: > 0 } host) return OutboundRefusal.NotHttps;
        if (uri.Scheme != Uri.UriSchemeHttps && !(allowsWebSocket && uri.Scheme == Uri.UriSchemeWss)) return OutboundRefusal.NotHttps;
        if (uri.UserInfo.Length > 0) return OutboundRefusal.UserInformation;
        if (uri.Fragment.Length > 0) return OutboundRefusal.Fragment;
        try
        {
            var addresses = await ResolveAsync(host, _checks, cancellationToken);
            return addresses.Length > 0 && !addresses.Any(Allows) ? OutboundRefusal.ForbiddenAddress : OutboundRefusal.None;
        }
        catch (Exception e) when (e is SocketException or TimeoutException or ArgumentException)
        {
            return OutboundRefusal.None;
        }
    }

    // Whether a name can be written in ASCII is looked at no sooner than here.
    private static string? HostOf(Uri uri)
    {
        try
        {
            return uri.IdnHost;
        }
        catch (UriFormatException)
        {
            return null;
        }
    }

    private async ValueTask<Stream> ConnectAsync(OutboundDestination destination, SocketsHttpConnectionContext context, CancellationToken cancellationToken)
    {
        if (context.InitialRequestMessage.RequestUri?.Scheme != Uri.UriSchemeHttps) throw new OutboundRefusedException(OutboundRefusal.NotHttps);
        var host = context.DnsEndPoint.Host;
        var isNamed = destination.NamedHosts.Contains(host, StringComparer.OrdinalIgnoreCase);
        var resolved = await ResolveAsync(host, isNamed ? _named : _calls, cancellationToken);
        var allowed = resolved.Where(address => isNamed || Allows(address)).Take(MaxAddresses).ToArray();
        if (allowed.Length == 0) throw new OutboundRefusedException(OutboundRefusal.ForbiddenAddress);

        Exception? last = null;
        foreach (var address in allowed)
        {
            try
            {
                return await ConnectAsync(new IPEndPoint(address, context.DnsEndPoint.Port), cancellationToken);
            }
            catch (Exception e) when (e is SocketException or TimeoutException)
            {
                last = e;
            }
        }

        throw new IOException("None of the addresses accepted a connection.", last);
    }

    private async Task<Stream> ConnectAsync(IPEndPoint endpoint, CancellationToken cancellationToken)
    {
        using var limit = new CancellationTokenSource(_options.ConnectTimeout, _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        var socket = new Socket(endpoint.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(endpoint, either.Token);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch (OperationCanceledException e) when (!cancellationToken.IsCancellationRequested)
        {
            socket.Dispose();
            throw new TimeoutException("The address did not accept a connection in time.", e);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    private static async ValueTask<IPAddress[]> ResolveAsync(string host, NameLookups lookups, CancellationToken cancellationToken) =>
        IPAddress.TryParse(host, out var literal) ? [literal] : await lookups.FindAsync(host, cancellationToken);

    private bool IsListed(IPAddress address)
    {
        foreach (var network in _options.AllowedNetworks)
        {
            if (network.Contains(address)) return true;
        }

        return false;
    }
}
