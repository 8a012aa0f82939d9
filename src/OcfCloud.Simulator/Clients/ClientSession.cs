using System.Text.Json.Nodes;
using OcfCloud.Coap;
using OcfCloud.Simulator.Cloud;
using OcfCloud.Simulator.Payloads;

namespace OcfCloud.Simulator.Clients;

/// <summary>Requests of a client device that is signed in.</summary>
/// <param name="session">Its session.</param>
internal sealed class ClientSession(CloudSession session)
{
    // Longer than a cloud waits for a device, so that its 5.04 is what is seen.
    private static readonly TimeSpan AnswerTimeout = TimeSpan.FromSeconds(45);

    /// <summary>Asks.</summary>
    /// <param name="method">The method.</param>
    /// <param name="pathAndQuery">The path, with a query where there is one.</param>
    /// <param name="body">The representation to send, or null.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="CloudUnreachableException">No answer.</exception>
    public async Task<CoapMessage> AskAsync(CoapCode method, string pathAndQuery, JsonNode? body, CancellationToken cancellationToken)
    {
        var request = Request(method, pathAndQuery);
        if (body is not null)
            request.WithPayload(RepresentationCodec.Encode(body), CoapContentFormat.OcfCbor);
        try
        {
            return await session.Requester.RequestAsync(request, AnswerTimeout, cancellationToken);
        }
        catch (CoapRequestException e)
        {
            throw Unanswered(e);
        }
    }

    /// <summary>Observes.</summary>
    /// <exception cref="CloudUnreachableException">No answer.</exception>
    public async Task<CoapObservation> ObserveAsync(string pathAndQuery, Action<CoapMessage> onNotification, CancellationToken cancellationToken)
    {
        try
        {
            return await session.Requester.ObserveAsync(Request(CoapCode.Get, pathAndQuery), onNotification, AnswerTimeout, cancellationToken);
        }
        catch (CoapRequestException e)
        {
            throw Unanswered(e);
        }
    }

    private static CoapMessage Request(CoapCode method, string pathAndQuery) =>
        CoapMessage.Request(method, pathAndQuery).WithOption(CoapOptionNumber.Accept, CoapContentFormat.OcfCbor);

    private static CloudUnreachableException Unanswered(CoapRequestException e) => new(
        e.Failure switch
        {
            CoapRequestFailure.TimedOut => "the cloud does not answer",
            CoapRequestFailure.ConnectionClosed => "the connection to the cloud was lost",
            CoapRequestFailure.TooLarge => "the request or its answer is too large",
            _ => $"no answer: {e.Failure}",
        },
        e);
}
