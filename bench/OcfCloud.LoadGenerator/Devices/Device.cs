using System.Net;
using OcfCloud.LoadGenerator.Connections;

namespace OcfCloud.LoadGenerator.Devices;

/// <summary>A device with an account: registered once, it signs in on any new connection.</summary>
internal sealed class Device
{
    private readonly TlsPeer _peer;
    private readonly byte[] _signIn;

    private Device(Guid id, TlsPeer peer, string user, string accessToken)
    {
        Id = id;
        _peer = peer;
        _signIn = AccountMessages.SignIn(id, user, accessToken);
    }

    /// <summary>The device id.</summary>
    public Guid Id { get; }

    /// <summary>Registers on an open connection.</summary>
    /// <exception cref="LoadException">The cloud refused.</exception>
    public static async Task<Device> SignUpAsync(Guid id, TlsPeer peer, PeerConnection connection, string oneTimeToken, CancellationToken cancellationToken)
    {
        var body = AccountMessages.SignUp(id, oneTimeToken);
        var reply = await connection.AskAsync(token => [.. PeerConnection.Csm(), .. Requests.Post("/oic/sec/account", null, body, token)], cancellationToken);
        if (!reply.Code.IsSuccess)
            throw new LoadException($"the cloud did not register a device: {reply}");
        var (user, accessToken) = AccountMessages.ReadSignUp(reply.Payload);
        return new Device(id, peer, user, accessToken);
    }

    /// <summary>Connects: the handshake alone.</summary>
    /// <exception cref="LoadException">No connection or no handshake.</exception>
    public Task<DialledStream> DialAsync(IPEndPoint cloud, CancellationToken cancellationToken) => _peer.DialAsync(cloud, cancellationToken);

    /// <summary>Signs in on an open connection.</summary>
    /// <param name="connection">The connection.</param>
    /// <param name="isFirst">Whether nothing was sent on it before.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="LoadException">The cloud refused.</exception>
    public async Task SignInAsync(PeerConnection connection, bool isFirst, CancellationToken cancellationToken)
    {
        var reply = await connection.AskAsync(
            token => [.. isFirst ? PeerConnection.Csm() : [], .. Requests.Post("/oic/sec/session", null, _signIn, token)], cancellationToken);
        if (!reply.Code.IsSuccess)
            throw new LoadException($"the cloud did not take a sign-in: {reply}");
    }

    /// <summary>Publishes links on an open connection.</summary>
    /// <exception cref="LoadException">The cloud refused.</exception>
    /// <param name="connection">The connection.</param>
    /// <param name="links">How many.</param>
    /// <param name="lifetime">Of the links, in seconds; 0: for good.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task PublishAsync(PeerConnection connection, int links, int lifetime, CancellationToken cancellationToken)
    {
        var body = AccountMessages.Publish(Id, links, lifetime);
        var reply = await connection.AskAsync(token => Requests.Post("/oic/rd", "rt=oic.wk.rdpub", body, token), cancellationToken);
        if (!reply.Code.IsSuccess)
            throw new LoadException($"the cloud did not take a publish: {reply}");
    }
}
