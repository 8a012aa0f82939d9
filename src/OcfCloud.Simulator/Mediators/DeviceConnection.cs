using System.Security.Cryptography.X509Certificates;
using System.Text.Json.Nodes;
using OcfCloud.Coap;
using OcfCloud.Simulator.Certificates;
using OcfCloud.Simulator.Cloud;
using OcfCloud.Simulator.Payloads;
using OcfCloud.Simulator.Resources;
using OcfCloud.Simulator.Serving;

namespace OcfCloud.Simulator.Mediators;

/// <summary>A mediator's connection to a device's local endpoint.</summary>
internal sealed class DeviceConnection : IAsyncDisposable
{
    private static readonly TimeSpan AnswerTimeout = TimeSpan.FromSeconds(10);
    private readonly Stream _stream;
    private readonly CoapConnection _connection;
    private readonly CoapRequester _requester;
    private readonly Task _running;

    private DeviceConnection(Stream stream, X509Certificate2? peer, TimeProvider time)
    {
        _stream = stream;
        CertifiedId = CertificateIdentity.TryRead(peer, out var id) ? id : null;

        // A mediator has no resources of its own.
        var serving = new ServedConnection(new ResourceServer(Guid.Empty, []), Requester.Neighbour, endpoint: null, time);
        _connection = new CoapConnection(stream, new CoapConnectionOptions(), serving, time);
        _requester = new CoapRequester(_connection);
        _running = serving.RunAsync(_connection, CancellationToken.None);
    }

    /// <summary>The id in the device's certificate.</summary>
    public Guid? CertifiedId { get; }

    /// <summary>Connects.</summary>
    /// <exception cref="CloudUnreachableException">No connection, no handshake.</exception>
    public static async Task<DeviceConnection> OpenAsync(CoapsAddress address, TlsDialer dialer, TimeProvider time, CancellationToken cancellationToken)
    {
        var stream = await dialer.DialAsync(address, expected: null, cancellationToken);
        return new DeviceConnection(stream, stream.RemoteCertificate as X509Certificate2, time);
    }

    /// <summary>Reads a representation.</summary>
    /// <exception cref="ProvisioningException">The device refused, or did not answer.</exception>
    public Task<JsonNode> GetAsync(string path, CancellationToken cancellationToken) => AskAsync(Request(CoapCode.Get, path), cancellationToken);

    /// <summary>Updates a resource.</summary>
    /// <exception cref="ProvisioningException">The device refused, or did not answer.</exception>
    public Task<JsonNode> UpdateAsync(string path, JsonObject body, CancellationToken cancellationToken) => AskAsync(
        Request(CoapCode.Post, path).WithPayload(RepresentationCodec.Encode(body), CoapContentFormat.OcfCbor), cancellationToken);

    /// <summary>Observes a resource.</summary>
    /// <exception cref="ProvisioningException">The device refused, or did not answer.</exception>
    public async Task<CoapObservation> ObserveAsync(string path, Action<JsonObject> onNotification, CancellationToken cancellationToken)
    {
        try
        {
            var observation = await _requester.ObserveAsync(
                Request(CoapCode.Get, path),
                notification =>
                {
                    if (RepresentationCodec.TryDecodeMap(notification.Payload, out var map))
                        onNotification(map);
                },
                AnswerTimeout,
                cancellationToken);
            Understand(path, observation.Answer);
            return observation;
        }
        catch (CoapRequestException e)
        {
            throw Unanswered(e);
        }
    }

    /// <summary>Says Release and closes.</summary>
    public async ValueTask DisposeAsync()
    {
        _connection.Release();
        await _running;
        await _stream.DisposeAsync();
    }

    private static CoapMessage Request(CoapCode method, string path) =>
        CoapMessage.Request(method, path).WithOption(CoapOptionNumber.Accept, CoapContentFormat.OcfCbor);

    private async Task<JsonNode> AskAsync(CoapMessage request, CancellationToken cancellationToken)
    {
        try
        {
            return Understand(request.Path, await _requester.RequestAsync(request, AnswerTimeout, cancellationToken));
        }
        catch (CoapRequestException e)
        {
            throw Unanswered(e);
        }
    }

    private static JsonNode Understand(string path, CoapMessage answer)
    {
        if (!answer.Code.IsSuccess)
            throw new ProvisioningException($"{path}: the device answered {answer.Code} {answer.Diagnostic}");
        return RepresentationCodec.TryDecode(answer.Payload, out var node) && node is not null
            ? node
            : throw new ProvisioningException($"{path}: the device's answer cannot be understood");
    }

    private static ProvisioningException Unanswered(CoapRequestException e) => new("the device does not answer", e);
}
