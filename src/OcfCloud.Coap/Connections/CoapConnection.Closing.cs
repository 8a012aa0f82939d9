using System.Net.Security;

namespace OcfCloud.Coap;

/// <content>How it ends.</content>
public sealed partial class CoapConnection
{
    /// <summary>Tells the peer Release and goes on, so that what is in flight can be finished; the owner closes (RFC 8323, 5.5).</summary>
    public void AnnounceRelease() => _signaling.Send(CoapCode.Release, NewToken());

    /// <summary>Tells the peer Release and closes when that is out (RFC 8323, 5.5).</summary>
    public void Release()
    {
        AnnounceRelease();
        Close();
    }

    /// <summary>Tells the peer Abort with a diagnostic and closes when that is out (RFC 8323, 5.6).</summary>
    public void Abort(string diagnostic, CoapCloseReason reason = CoapCloseReason.ProtocolError) => _signaling.Abort(diagnostic, 0, reason);

    /// <summary>Closes when everything that is in the outbox is out, within the close timeout. Nothing that comes in meanwhile is looked at.</summary>
    public void Close(CoapCloseReason reason = CoapCloseReason.Closed)
    {
        if (Interlocked.CompareExchange(ref _ending, 1 + (int)reason, 0) != 0)
            return;
        _outbox.Close();
        _outbox.Flush();
        _ = DrainAsync(reason);
    }

    internal void End(CoapCloseReason reason)
    {
        Interlocked.CompareExchange(ref _ending, 1 + (int)reason, 0);
        _outbox.Close();
        // On another thread: whoever ends a connection, perhaps under a lock of its own, must not find itself in OnClosed.
        _ = _ended.CancelAsync();
    }

    private async Task DrainAsync(CoapCloseReason reason)
    {
        try
        {
            await _outbox.WhenDrainedAsync().WaitAsync(_options.CloseTimeout, _time);
        }
        catch (TimeoutException)
        {
            // A peer that does not read does not hold the connection.
        }

        if (reason == CoapCloseReason.ProtocolError)
            await LingerAsync();
        End(reason);
    }

    // What the peer is still sending would turn the end of the TCP stream into a reset, and a reset takes the Abort away that says why it ended. So the peer hears that
    // nothing more comes, and has the close timeout to read it and to close; what it sends is read away meanwhile.
    private async Task LingerAsync()
    {
        try
        {
            if (_stream is SslStream tls)
                await tls.ShutdownAsync().WaitAsync(_options.CloseTimeout, _time, _ended.Token);
            await Task.Delay(_options.CloseTimeout, _time, _ended.Token);
        }
        catch (Exception) when (IsClosing)
        {
            // The peer closed, or its stream is of no more use.
        }
    }
}
