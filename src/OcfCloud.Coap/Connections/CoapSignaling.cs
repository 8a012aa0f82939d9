using System.Text;

namespace OcfCloud.Coap;

/// <summary>
/// Signaling messages (RFC 8323, 5). Tokens are 8 bytes: deployed device stacks break on any message of 6 bytes or fewer over TLS.
/// </summary>
internal sealed class CoapSignaling(CoapConnection connection)
{
    // Option numbers are those of each signaling code (RFC 8323, 5.2).
    private const int MaxMessageSize = 2;
    private const int BlockWiseTransfer = 4;
    private const int Custody = 2;
    private const int BadCsmOption = 2;

    public static CoapMessage Csm(CoapConnectionOptions options)
    {
        var csm = new CoapMessage(CoapCode.Csm) { Token = CoapConnection.NewToken() };
        csm.Options.Add(MaxMessageSize, (uint)options.MaxMessageSize);
        if (options.BlockWise)
            csm.Options.Add(BlockWiseTransfer, ReadOnlyMemory<byte>.Empty);
        return csm;
    }

    public void Send(CoapCode code, CoapToken token) => connection.TrySend(new CoapMessage(code) { Token = token });

    public void SendPong(CoapToken token, bool custody, CoapFlushBatch? batch)
    {
        var pong = new CoapMessage(CoapCode.Pong) { Token = token };
        if (custody)
            pong.Options.Add(Custody, ReadOnlyMemory<byte>.Empty);
        connection.TrySend(pong, batch);
    }

    public void Abort(string diagnostic, int badOption, CoapCloseReason reason)
    {
        var abort = new CoapMessage(CoapCode.Abort) { Token = CoapConnection.NewToken(), Payload = Encoding.UTF8.GetBytes(diagnostic) };
        if (badOption != 0)
            abort.Options.Add(BadCsmOption, (uint)badOption);
        connection.TrySend(abort);
        connection.Close(reason);
    }

    public void Handle(in CoapFrame frame)
    {
        if (frame.Code == CoapCode.Csm)
            HandleCsm(frame);
        else if (frame.Code == CoapCode.Abort)
            connection.End(CoapCloseReason.PeerAborted);
        else if (!KnowsCritical(frame))
            return;
        else if (frame.Code == CoapCode.Ping)
            HandlePing(frame);
        else if (frame.Code == CoapCode.Release)
            connection.OnPeerRelease();
        // A Pong is life, and any bytes received are that already; other codes are reserved and ignored.
    }

    private void HandleCsm(in CoapFrame frame)
    {
        var announced = false;
        var options = frame.ReadOptions();
        while (options.MoveNext())
        {
            var option = options.Current;
            switch (option.Number)
            {
                case MaxMessageSize:
                    // A value that is no number, zero, or a second one, is no announcement (RFC 8323, 5.3.1; RFC 7252, 5.4.5).
                    if (!announced && option.TryGetUInt32(out var size) && size > 0)
                        connection.Peer.Announce(size);
                    announced = true;
                    break;
                case BlockWiseTransfer:
                    connection.Peer.BlockWise = true;
                    break;
                default:
                    if (option.IsCritical)
                    {
                        // RFC 8323, 5.3: an unknown critical capability ends the connection.
                        Abort($"unknown critical CSM option {option.Number}", option.Number, CoapCloseReason.ProtocolError);
                        return;
                    }

                    break;
            }
        }

        connection.Peer.CsmReceived = true;
        connection.PeerMayCoalesce();
    }

    private void HandlePing(in CoapFrame frame)
    {
        var options = frame.ReadOptions();
        while (options.MoveNext())
        {
            if (options.Current.Number != Custody)
                continue;
            connection.OnCustodyPing(frame.Token);
            return;
        }

        SendPong(frame.Token, custody: false, connection.Batch);
    }

    // RFC 8323, 5.2: an option that is critical and not known ends the connection. Beside CSM no message has a critical one.
    private bool KnowsCritical(in CoapFrame frame)
    {
        var options = frame.ReadOptions();
        while (options.MoveNext())
        {
            if (!options.Current.IsCritical)
                continue;
            Abort($"unknown critical option {options.Current.Number} in {frame.Code}", 0, CoapCloseReason.ProtocolError);
            return false;
        }

        return true;
    }
}
