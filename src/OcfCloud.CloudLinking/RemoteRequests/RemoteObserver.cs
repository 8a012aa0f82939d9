using OcfCloud.Core.Requests;

namespace OcfCloud.CloudLinking.RemoteRequests;

/// <summary>One who observes a resource of a mirrored device. Is told what differs from what it was told last, nothing before the first value, and nothing after an
/// error; of what comes before the first value the newest is kept.</summary>
internal sealed class RemoteObserver(MirroredRequest request, Action<DeviceAnswer> receive)
{
    private readonly Lock _gate = new();
    private DeviceAnswer? _last;
    private DeviceAnswer? _waiting;
    private bool _hasBegun, _isOver;

    /// <summary>What it asked for.</summary>
    public MirroredRequest Request => request;

    /// <summary>The first value is handed over by another way: from now on later ones go out.</summary>
    public void Begin(DeviceAnswer first)
    {
        lock (_gate)
        {
            _hasBegun = true;
            _last = first;
            if (_waiting is { } newer) Tell(newer);
            _waiting = null;
        }
    }

    /// <summary>A value, or the error that ends it.</summary>
    public void Offer(DeviceAnswer answer)
    {
        lock (_gate)
        {
            if (_hasBegun) Tell(answer);
            else _waiting = answer;
        }
    }

    /// <summary>It wants no more: nothing is told after this returns.</summary>
    public void Stop()
    {
        lock (_gate) _isOver = true;
    }

    private void Tell(DeviceAnswer answer)
    {
        if (_isOver || (_last is { } last && SaysTheSame(last, answer))) return;
        _last = answer;
        _isOver = !IsValue(answer);
        receive(answer);
    }

    /// <summary>Whether an answer is a representation, not an error.</summary>
    public static bool IsValue(DeviceAnswer answer) => answer.Code is >= 200 and < 300;

    private static bool SaysTheSame(DeviceAnswer a, DeviceAnswer b) =>
        IsValue(a) && IsValue(b) && a.ContentFormat == b.ContentFormat && a.Payload.Span.SequenceEqual(b.Payload.Span);
}
