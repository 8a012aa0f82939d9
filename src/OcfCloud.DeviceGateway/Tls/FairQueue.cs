using System.Diagnostics.CodeAnalysis;
using System.Net;

namespace OcfCloud.DeviceGateway.Tls;

/// <summary>What waits, a queue an address; addresses take turns. Not thread-safe.</summary>
internal sealed class FairQueue<T>
{
    private readonly Dictionary<IPAddress, Queue<T>> _waiting = [];
    private readonly Queue<IPAddress> _turns = new();

    public bool IsEmpty => _turns.Count == 0;

    public void Enqueue(IPAddress network, T item)
    {
        if (!_waiting.TryGetValue(network, out var ofNetwork))
        {
            _waiting[network] = ofNetwork = new Queue<T>();
            _turns.Enqueue(network);
        }

        ofNetwork.Enqueue(item);
    }

    public bool TryDequeue([MaybeNullWhen(false)] out T item)
    {
        if (!_turns.TryDequeue(out var network))
        {
            item = default;
            return false;
        }

        var ofNetwork = _waiting[network];
        item = ofNetwork.Dequeue();
        if (ofNetwork.Count > 0) _turns.Enqueue(network);
        else _waiting.Remove(network);
        return true;
    }
}
