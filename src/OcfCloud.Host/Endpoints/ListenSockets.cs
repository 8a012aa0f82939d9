using System.Net;
using System.Net.Sockets;
using OcfCloud.Host.Settings;

namespace OcfCloud.Host.Endpoints;

/// <summary>Binds the doors' ports before anything else is done, so that a second start finds out before it touches the store.</summary>
/// <remarks>They listen at once (two sockets may bind one port as long as neither listens); who connects meanwhile waits in the backlog until the doors open.</remarks>
internal sealed class ListenSockets : IDisposable
{
    private readonly List<Socket> _sockets = [];

    private ListenSockets(SettingsSource source)
    {
        var backlog = source.Read(CloudSettings.ListenBacklog);
        Https = Bind(source, CloudSettings.Https, backlog);
        Http = Bind(source, CloudSettings.Http, backlog);
        Coaps = Bind(source, CloudSettings.Coaps, backlog);
        if (source.Read(CloudSettings.Uplink) is not null) Uplink = Bind(source, CloudSettings.Uplink!, backlog);
        if (source.Read(CloudSettings.MutualTls) is not null) MutualTls = Bind(source, CloudSettings.MutualTls!, backlog);
    }

    public BoundEndpoint Https { get; } = null!;

    public BoundEndpoint Http { get; } = null!;

    public BoundEndpoint Coaps { get; } = null!;

    /// <summary>Null where it is off.</summary>
    public BoundEndpoint? Uplink { get; }

    /// <summary>Null where it is off.</summary>
    public BoundEndpoint? MutualTls { get; }

    /// <summary>Takes all ports or none.</summary>
    /// <exception cref="SettingException">A port is taken or may not be opened.</exception>
    public static ListenSockets BindAll(SettingsSource source) => new(source);

    /// <summary>The socket of an endpoint, for the server that opens it.</summary>
    public Socket SocketOf(EndPoint endpoint) =>
        new[] { Https, Http, Uplink, MutualTls }.Single(bound => bound?.Local.Equals(endpoint) == true)!.Socket;

    public void Dispose() => _sockets.ForEach(socket => socket.Dispose());

    private BoundEndpoint Bind(SettingsSource source, Setting<EndpointAddress> setting, int backlog)
    {
        var wanted = source.Read(setting);
        var address = wanted.Address ?? (source.IsDevelopment ? IPAddress.Loopback : Socket.OSSupportsIPv6 ? IPAddress.IPv6Any : IPAddress.Any);
        var socket = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        _sockets.Add(socket);
        try
        {
            if (wanted.Address is null && address.Equals(IPAddress.IPv6Any))
            {
                socket.DualMode = true;
            }

            socket.Bind(new IPEndPoint(address, wanted.Port));
            socket.Listen(backlog);
            return new BoundEndpoint(socket, (IPEndPoint)socket.LocalEndPoint!);
        }
        catch (SocketException e)
        {
            Dispose();
            throw new SettingException(setting.Key, source.Text(setting.Key) ?? setting.DefaultText!, e.SocketErrorCode switch
            {
                SocketError.AddressAlreadyInUse => "is taken by another process",
                SocketError.AccessDenied => "may not be opened by this user",
                SocketError.AddressNotAvailable => "is no address of this machine",
                _ => $"cannot be opened ({e.SocketErrorCode})",
            });
        }
    }
}
