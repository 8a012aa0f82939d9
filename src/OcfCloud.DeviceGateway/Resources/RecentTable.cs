using System.Diagnostics.CodeAnalysis;

namespace OcfCloud.DeviceGateway.Resources;

/// <summary>
/// Remembers what was of late, and no more than so much: two generations, of which the elder is forgotten when the younger is full or old. Not thread-safe.
/// </summary>
/// <param name="most">Entries of one generation.</param>
/// <param name="period">How long a generation takes entries; an entry is kept for one to two of them. Null: for as long as there is room.</param>
/// <param name="time">The clock.</param>
internal sealed class RecentTable<TKey, TValue>(int most, TimeSpan? period, TimeProvider time)
    where TKey : notnull
{
    private Dictionary<TKey, TValue> _younger = [];
    private Dictionary<TKey, TValue> _elder = [];
    private long _since = time.GetTimestamp();

    public bool TryGet(TKey key, [MaybeNullWhen(false)] out TValue value)
    {
        Turn();
        return _younger.TryGetValue(key, out value) || _elder.TryGetValue(key, out value);
    }

    public void Set(TKey key, TValue value)
    {
        Turn();
        if (_younger.Count >= most && !_younger.ContainsKey(key)) Begin();
        _younger[key] = value;
    }

    public void Remove(TKey key)
    {
        _younger.Remove(key);
        _elder.Remove(key);
    }

    private void Turn()
    {
        if (period is not { } lasts) return;
        var age = time.GetElapsedTime(_since);
        if (age < lasts) return;
        if (age >= lasts * 2) _younger = [];
        Begin();
    }

    private void Begin()
    {
        (_elder, _younger) = (_younger, []);
        _since = time.GetTimestamp();
    }
}
