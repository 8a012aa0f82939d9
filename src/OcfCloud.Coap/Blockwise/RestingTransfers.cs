using System.Diagnostics.CodeAnalysis;

namespace OcfCloud.Coap;

/// <summary>Transfers that wait for their peer's next request: a bounded number, of which the one that rested longest goes first. Not thread-safe.</summary>
internal sealed class RestingTransfers<T>(int max, TimeSpan lifetime, TimeProvider time)
    where T : class
{
    private readonly Dictionary<string, (T Transfer, long Touched)> _transfers = new(StringComparer.Ordinal);

    public int Count => _transfers.Count;

    public bool TryGet(string key, [NotNullWhen(true)] out T? transfer)
    {
        transfer = _transfers.TryGetValue(key, out var found) && time.GetElapsedTime(found.Touched) < lifetime ? found.Transfer : null;
        return transfer is not null;
    }

    public void Set(string key, T transfer)
    {
        if (!_transfers.ContainsKey(key) && _transfers.Count >= max)
            _transfers.Remove(_transfers.MinBy(t => t.Value.Touched).Key);
        _transfers[key] = (transfer, time.GetTimestamp());
    }

    public void Remove(string key) => _transfers.Remove(key);

    public void Clear() => _transfers.Clear();

    public void Sweep()
    {
        foreach (var (key, (_, touched)) in _transfers)
        {
            if (time.GetElapsedTime(touched) >= lifetime)
                _transfers.Remove(key);
        }
    }
}
