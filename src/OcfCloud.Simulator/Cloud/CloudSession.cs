using System.Text.Json.Nodes;
using OcfCloud.Coap;
using OcfCloud.Simulator.Payloads;
using OcfCloud.Simulator.Serving;

namespace OcfCloud.Simulator.Cloud;

/// <summary>One connection to a cloud whose certificate was found to be that of the device's <c>sid</c>: the device asks and serves on it.</summary>
internal sealed class CloudSession : IAsyncDisposable
{
    private const string Account = "/oic/sec/account";

    private readonly Stream _stream;
    private readonly CoapConnection _connection;
    private readonly Guid _deviceId;
    private long _pinged;

    private CloudSession(Stream stream, CoapConnection connection, Guid deviceId, TimeSpan answerTimeout)
    {
        _stream = stream;
        _connection = connection;
        _deviceId = deviceId;
        AnswerTimeout = answerTimeout;
        Requester = new CoapRequester(connection);
    }

    /// <summary>Asks the cloud.</summary>
    public CoapRequester Requester { get; }

    /// <summary>Limit of one answer of the cloud.</summary>
    public TimeSpan AnswerTimeout { get; }

    /// <summary>Completes when the connection has ended, by whichever side.</summary>
    public Task<CoapCloseReason> Ended { get; private set; } = null!;

    /// <summary>Whether nothing has come from the cloud since the last ping.</summary>
    public bool IsPingUnanswered => _pinged > _connection.LastReceived;

    /// <summary>Begins to read and serve on a stream, which belongs to the session from now on.</summary>
    public static CloudSession Open(Stream stream, Guid deviceId, ResourceServer server, TimeSpan answerTimeout, TimeProvider time)
    {
        var serving = new ServedConnection(server, Resources.Requester.Cloud, endpoint: null, time);

        // Pings are sent by the clock, not only into silence, as deployed devices do.
        var connection = new CoapConnection(stream, new CoapConnectionOptions { IdlePing = TimeSpan.Zero }, serving, time);
        return new CloudSession(stream, connection, deviceId, answerTimeout) { Ended = serving.RunAsync(connection, CancellationToken.None) };
    }

    /// <summary>Registers with a one-time token.</summary>
    /// <exception cref="CloudUnreachableException">No answer.</exception>
    public Task<CloudReply> SignUpAsync(string oneTimeToken, string? authProvider, CancellationToken cancellationToken)
    {
        var body = Identified();
        body["accesstoken"] = oneTimeToken;
        if (authProvider is not null)
            body["authprovider"] = authProvider;
        return PostAsync(Account, body, cancellationToken);
    }

    /// <summary>Opens the session.</summary>
    /// <exception cref="CloudUnreachableException">No answer.</exception>
    public Task<CloudReply> SignInAsync(CloudTokens tokens, CancellationToken cancellationToken)
    {
        var body = Identified();
        body["uid"] = tokens.UserId;
        body["accesstoken"] = tokens.AccessToken;
        body["login"] = true;
        return PostAsync("/oic/sec/session", body, cancellationToken);
    }

    /// <summary>Gets new tokens.</summary>
    /// <exception cref="CloudUnreachableException">No answer.</exception>
    public Task<CloudReply> RefreshAsync(CloudTokens tokens, CancellationToken cancellationToken)
    {
        var body = Identified();
        body["uid"] = tokens.UserId;
        body["refreshtoken"] = tokens.RefreshToken;
        return PostAsync("/oic/sec/tokenrefresh", body, cancellationToken);
    }

    /// <summary>Publishes links.</summary>
    /// <exception cref="CloudUnreachableException">No answer.</exception>
    public Task<CloudReply> PublishAsync(JsonArray links, long lifetimeSeconds, CancellationToken cancellationToken)
    {
        var body = Identified();
        body["links"] = links;
        body["ttl"] = lifetimeSeconds;
        return PostAsync("/oic/rd?rt=oic.wk.rdpub", body, cancellationToken);
    }

    /// <summary>Deregisters; the credentials make it work without a session too.</summary>
    /// <exception cref="CloudUnreachableException">No answer.</exception>
    public Task<CloudReply> DeregisterAsync(CloudTokens tokens, CancellationToken cancellationToken)
    {
        var query = $"di={OcfUuid.Format(_deviceId)}&uid={tokens.UserId}&accesstoken={tokens.AccessToken}";
        return AskAsync(CoapMessage.Request(CoapCode.Delete, $"{Account}?{query}"), cancellationToken);
    }

    /// <summary>Sends a Ping.</summary>
    public void Ping()
    {
        _pinged = _connection.Now;
        _connection.Ping();
    }

    /// <summary>Says Release and closes.</summary>
    public async ValueTask DisposeAsync()
    {
        _connection.Release();
        await Ended;
        await _stream.DisposeAsync();
    }

    private JsonObject Identified() => new() { ["di"] = OcfUuid.Format(_deviceId) };

    private Task<CloudReply> PostAsync(string path, JsonObject body, CancellationToken cancellationToken) => AskAsync(
        CoapMessage.Request(CoapCode.Post, path)
            .WithPayload(RepresentationCodec.Encode(body), CoapContentFormat.OcfCbor)
            .WithOption(CoapOptionNumber.Accept, CoapContentFormat.OcfCbor),
        cancellationToken);

    private async Task<CloudReply> AskAsync(CoapMessage request, CancellationToken cancellationToken)
    {
        try
        {
            var answer = await Requester.RequestAsync(request, AnswerTimeout, cancellationToken);
            if (!answer.Code.IsSuccess)
                return new CloudReply(answer.Code, [], answer.Diagnostic);
            return new CloudReply(answer.Code, RepresentationCodec.TryDecodeMap(answer.Payload, out var body) ? body : [], Diagnostic: "");
        }
        catch (CoapRequestException e)
        {
            var reason = e.Failure == CoapRequestFailure.TimedOut ? "the cloud does not answer" : "the connection to the cloud was lost";
            throw new CloudUnreachableException(reason, e);
        }
    }
}
