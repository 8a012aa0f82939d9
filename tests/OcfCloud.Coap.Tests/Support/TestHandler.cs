using System.Collections.Concurrent;

namespace OcfCloud.Coap.Tests.Support;

/// <summary>Keeps what a connection told, and answers requests.</summary>
internal sealed class TestHandler : ICoapConnectionHandler
{
    /// <summary>What requests are answered with; null: not at all. The token is set here.</summary>
    public Func<CoapMessage, CoapMessage?> Answer { get; set; } = static _ => null;

    /// <summary>What Release does.</summary>
    public Action<CoapConnection> Released { get; set; } = static _ => { };

    public ConcurrentQueue<CoapMessage> Requests { get; } = new();

    public ConcurrentQueue<CoapCloseReason> Closed { get; } = new();

    public int Releases { get; private set; }

    public void OnRequest(CoapConnection connection, in CoapFrame request)
    {
        var message = CoapMessage.From(request);
        Requests.Enqueue(message);
        if (Answer(message) is not { } answer)
            return;
        answer.Token = message.Token;
        connection.TrySend(answer, connection.Batch);
    }

    public void OnRelease(CoapConnection connection)
    {
        Releases++;
        Released(connection);
    }

    public void OnClosed(CoapConnection connection, CoapCloseReason reason) => Closed.Enqueue(reason);
}
