namespace OcfCloud.CloudApi.Notifications;

/// <summary>The bound of a lane: so many quick deliveries, and apart from them eight times as many slow ones, so that slow receivers do not stand before quick ones.</summary>
internal sealed class LaneSlots(int quickest)
{
    private const int SlowOnes = 8;

    private readonly Lock _lock = new();
    private readonly TaskCompletionSource _empty = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private bool _closed;
    private int _quick;
    private int _slow;

    /// <summary>How many more may begin.</summary>
    public int Free
    {
        get
        {
            lock (_lock) return quickest - _quick;
        }
    }

    /// <summary>One begins.</summary>
    public void Enter()
    {
        lock (_lock) _quick++;
    }

    /// <summary>One that is under way has become slow.</summary>
    /// <returns>False where there are too many of these: it stays where it is.</returns>
    public bool TryBecomeSlow()
    {
        lock (_lock)
        {
            if (_slow >= quickest * SlowOnes) return false;
            _quick--;
            _slow++;
            return true;
        }
    }

    /// <summary>One has ended.</summary>
    public void Leave(bool slow)
    {
        lock (_lock)
        {
            if (slow) _slow--;
            else _quick--;
            if (_closed && _quick + _slow == 0) _empty.TrySetResult();
        }
    }

    /// <summary>Waits until all have ended; none begins any more.</summary>
    public Task CloseAsync()
    {
        lock (_lock)
        {
            _closed = true;
            if (_quick + _slow == 0) _empty.TrySetResult();
        }

        return _empty.Task;
    }
}
