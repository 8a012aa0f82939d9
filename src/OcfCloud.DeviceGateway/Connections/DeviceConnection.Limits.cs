using OcfCloud.Coap;
using OcfCloud.DeviceGateway.Metrics;

namespace OcfCloud.DeviceGateway.Connections;

/// <content>What one peer may have at once.</content>
internal sealed partial class DeviceConnection
{
    // What an option takes beside its bytes once it is copied.
    private const int OptionMemory = 64;

    /// <summary>Whether it has as many requests under way as one client may have.</summary>
    public bool HasItsShare => Volatile.Read(ref _pending) >= _services.Options.Value.MaxRequestsPerClient;

    /// <summary>The largest body of the peer that is put together from blocks, in bytes.</summary>
    public int MostBody => Session is null ? _services.Options.Value.MaxMessageSizeBeforeSignIn : int.MaxValue;

    /// <summary>Whether one more request may be worked on outside the routed path; <see cref="WholeDone"/> follows where it is true.</summary>
    /// <param name="bytes">What it takes in memory (<see cref="MemoryOf(in CoapFrame)"/>).</param>
    public bool TryBeginWhole(int bytes)
    {
        if (!TryHold(bytes))
            return false;
        RequestBegins();
        if (Interlocked.Increment(ref _whole) <= _services.Options.Value.MaxRequestsQueued)
            return true;
        WholeDone(bytes);
        _services.Metrics.Rejected(GatewayLimit.RequestsQueued);
        return false;
    }

    /// <summary>Such a request has its answer.</summary>
    public void WholeDone(int bytes)
    {
        LetGo(bytes);
        Interlocked.Decrement(ref _whole);
        RequestDone();
    }

    /// <summary>A request that was kept is kept no longer.</summary>
    public void LetGo(int bytes) => Interlocked.Add(ref _heldBytes, -bytes);

    /// <summary>What a request takes in memory when it is kept as a whole, in bytes.</summary>
    public static int MemoryOf(in CoapFrame request) => request.Length + (request.OptionCount * OptionMemory);

    /// <summary>The same.</summary>
    public static int MemoryOf(CoapMessage request) => request.Size + (request.Options.Count * OptionMemory);

    /// <summary>Refuses a request that would cost too much memory to be worked on as a whole, on the reading task.</summary>
    /// <returns>Whether it was refused.</returns>
    public bool RefusesToKeep(in CoapFrame request, RequestTargetKind target)
    {
        if (Coap.HasTooManyOptions(request))
        {
            _services.Metrics.Rejected(GatewayLimit.Options);
            Refuse(request, CoapCode.BadOption, "too many options", target);
            return true;
        }

        // While a sign-in may be worked on, what comes behind it waits for its answer.
        var most = _services.Options.Value.MaxMessageSizeBeforeSignIn;
        if (request.Length <= most || _requests.IsBusy || Session is not null)
            return false;
        _services.Metrics.Rejected(GatewayLimit.MessageSizeBeforeSignIn);
        Refuse(request, CoapCode.RequestEntityTooLarge, $"over {most} bytes before the sign-in", target);
        return true;
    }

    private bool TryHold(int bytes)
    {
        var held = Interlocked.Add(ref _heldBytes, bytes);
        // The only one passes: its size is bounded by that of a message.
        if (held <= _services.Options.Value.MaxQueuedBytes || held == bytes)
            return true;
        LetGo(bytes);
        _services.Metrics.Rejected(GatewayLimit.QueuedBytes);
        return false;
    }

    private static GatewayLimit? LimitOf(CoapCloseReason reason) => reason switch
    {
        CoapCloseReason.MessageTimedOut => GatewayLimit.MessageTime,
        CoapCloseReason.WriteTimedOut => GatewayLimit.WriteTime,
        _ => null,
    };
}
