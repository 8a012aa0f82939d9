using System.Security.Cryptography;

namespace OcfCloud.Coap;

/// <summary>
/// The requests that wait for a peer's answer. A token is the slot's index and its generation, which changes with every use: a late answer never finds a slot
/// that someone else has by then.
/// </summary>
public sealed class CoapRequestTable
{
    private const long NoDeadline = long.MaxValue;

    private readonly Lock _lock = new();
    private readonly int _maxInFlight;
    private readonly int _maxPerAsker;
    private Slot[] _slots = [];
    private int _firstFree = -1;
    private int _used;
    private int _inFlight;
    private bool _closed;
    private uint _generation;

    internal CoapRequestTable(int maxInFlight, int maxPerAsker = int.MaxValue)
    {
        _maxInFlight = maxInFlight;
        _maxPerAsker = maxPerAsker;
        Span<byte> seed = stackalloc byte[sizeof(uint)];
        RandomNumberGenerator.Fill(seed);
        _generation = BitConverter.ToUInt32(seed);
    }

    /// <summary>Requests that wait for their first answer.</summary>
    public int InFlight
    {
        get
        {
            lock (_lock)
                return _inFlight;
        }
    }

    /// <summary>Takes a slot.</summary>
    /// <param name="receiver">Who gets the answer.</param>
    /// <param name="state">What comes back with it.</param>
    /// <param name="deadline">When waiting ends, in milliseconds of the connection's clock (<see cref="CoapConnection.Now"/>).</param>
    /// <param name="keep">The slot stays after the first answer, without a deadline, until <see cref="Remove"/>: an observation.</param>
    /// <param name="token">The token to ask with, 8 bytes.</param>
    /// <param name="asker">For whom it is asked, where that is not the receiver; compared by its own equality.</param>
    /// <returns>False: too many are in flight, for this asker or for all, or the connection ended.</returns>
    public bool TryAdd(ICoapResponseReceiver receiver, in CoapResponseState state, long deadline, bool keep, out CoapToken token, object? asker = null)
    {
        asker ??= receiver;
        lock (_lock)
        {
            if (_closed || _inFlight >= _maxInFlight || (_inFlight >= _maxPerAsker && InFlightOf(asker) >= _maxPerAsker))
            {
                token = default;
                return false;
            }

            var index = TakeSlot();
            ref var slot = ref _slots[index];
            slot.Generation = ++_generation;
            slot.Receiver = receiver;
            slot.Asker = asker;
            slot.State = state;
            slot.Deadline = Math.Min(deadline, NoDeadline - 1);
            slot.Keep = keep;
            _inFlight++;
            token = CoapToken.FromUInt64(((ulong)slot.Generation << 32) | (uint)index);
            return true;
        }
    }

    /// <summary>Gives a slot up; its answer will be dropped.</summary>
    /// <returns>Whether the request was still there.</returns>
    public bool Remove(CoapToken token)
    {
        lock (_lock)
        {
            if (!TryFind(token, out var index))
                return false;
            Free(index);
            return true;
        }
    }

    /// <summary>Gives up everything that one receiver waits for: it is gone.</summary>
    public void RemoveAll(ICoapResponseReceiver receiver)
    {
        lock (_lock)
        {
            for (var i = 0; i < _used; i++)
            {
                if (ReferenceEquals(_slots[i].Receiver, receiver))
                    Free(i);
            }
        }
    }

    internal void Complete(CoapConnection connection, in CoapFrame response)
    {
        ICoapResponseReceiver receiver;
        CoapResponseState state;
        lock (_lock)
        {
            if (!TryFind(response.Token, out var index))
                return;
            ref var slot = ref _slots[index];
            receiver = slot.Receiver!;
            state = slot.State;
            if (!slot.Keep)
            {
                Free(index);
            }
            else if (slot.Deadline != NoDeadline)
            {
                slot.Deadline = NoDeadline;
                _inFlight--;
            }
        }

        receiver.OnResponse(connection, response.Token, response, state);
    }

    internal void Sweep(long now)
    {
        // Without a lock: a value read too early is swept a tick later.
        if (_inFlight == 0)
            return;
        List<(ICoapResponseReceiver Receiver, CoapResponseState State)>? late = null;
        lock (_lock)
        {
            for (var i = 0; i < _used; i++)
            {
                ref var slot = ref _slots[i];
                if (slot.Receiver is null || slot.Deadline > now)
                    continue;
                (late ??= []).Add((slot.Receiver, slot.State));
                Free(i);
            }
        }

        if (late is null)
            return;
        foreach (var (receiver, state) in late)
            receiver.OnFailed(CoapRequestFailure.TimedOut, state);
    }

    internal void Close()
    {
        var left = new List<(ICoapResponseReceiver Receiver, CoapResponseState State)>();
        lock (_lock)
        {
            _closed = true;
            for (var i = 0; i < _used; i++)
            {
                if (_slots[i].Receiver is not { } receiver)
                    continue;
                left.Add((receiver, _slots[i].State));
                Free(i);
            }
        }

        foreach (var (receiver, state) in left)
            receiver.OnFailed(CoapRequestFailure.ConnectionClosed, state);
    }

    private bool TryFind(CoapToken token, out int index)
    {
        index = (int)(uint)token.Value;
        return token.Length == CoapToken.MaxLength && (uint)index < (uint)_used
            && _slots[index].Receiver is not null && _slots[index].Generation == (uint)(token.Value >> 32);
    }

    // Looked through only when as many are in flight as one asker may have: nobody counts along with every request.
    private int InFlightOf(object asker)
    {
        var count = 0;
        for (var i = 0; i < _used; i++)
        {
            ref readonly var slot = ref _slots[i];
            if (slot.Receiver is not null && slot.Deadline != NoDeadline && asker.Equals(slot.Asker))
                count++;
        }

        return count;
    }

    private int TakeSlot()
    {
        if (_firstFree >= 0)
        {
            var index = _firstFree;
            _firstFree = _slots[index].NextFree;
            return index;
        }

        if (_used == _slots.Length)
            Array.Resize(ref _slots, Math.Max(4, _slots.Length * 2));
        return _used++;
    }

    private void Free(int index)
    {
        ref var slot = ref _slots[index];
        if (slot.Deadline != NoDeadline)
            _inFlight--;
        slot = new Slot { Generation = slot.Generation, NextFree = _firstFree };
        _firstFree = index;
    }

    private struct Slot
    {
        public ICoapResponseReceiver? Receiver;
        public object? Asker;
        public CoapResponseState State;
        public long Deadline;
        public uint Generation;
        public int NextFree;
        public bool Keep;
    }
}
