using OcfCloud.Coap;

namespace OcfCloud.DeviceGateway.Connections;

/// <summary>The observations that a peer has registered, by the token of their registration (RFC 7641, 4.1).</summary>
internal sealed class ObservationTable(int most)
{
    private readonly Lock _lock = new();
    private Dictionary<CoapToken, IDisposable>? _observations;
    private bool _closed;

    /// <summary>Keeps an observation in place of one with the same token.</summary>
    /// <returns>False: there are as many as there may be, or the connection ended; the caller disposes of it.</returns>
    public bool TryAdd(CoapToken token, IDisposable observation)
    {
        IDisposable? replaced;
        lock (_lock)
        {
            if (_closed)
                return false;
            _observations ??= [];
            if (!_observations.Remove(token, out replaced) && _observations.Count >= most)
                return false;
            _observations.Add(token, observation);
        }

        replaced?.Dispose();
        return true;
    }

    /// <summary>Ends an observation.</summary>
    /// <returns>Whether there was one.</returns>
    public bool Remove(CoapToken token)
    {
        IDisposable? removed = null;
        lock (_lock)
            _observations?.Remove(token, out removed);
        removed?.Dispose();
        return removed is not null;
    }

    /// <summary>Forgets an observation that ended by itself.</summary>
    public void Forget(CoapToken token, IDisposable observation)
    {
        lock (_lock)
        {
            if (_observations?.GetValueOrDefault(token) == observation)
                _observations.Remove(token);
        }
    }

    /// <summary>Whether this observation is the one under the token.</summary>
    public bool Holds(CoapToken token, IDisposable observation)
    {
        lock (_lock)
            return _observations?.GetValueOrDefault(token) == observation;
    }

    /// <summary>Whether there is room for another one.</summary>
    public bool HasRoom
    {
        get
        {
            lock (_lock)
                return !_closed && (_observations?.Count ?? 0) < most;
        }
    }

    /// <summary>Those of one kind.</summary>
    public IReadOnlyList<T> Of<T>()
    {
        lock (_lock)
            return _observations is null ? [] : [.. _observations.Values.OfType<T>()];
    }

    /// <summary>Ends all of them; there may be others later.</summary>
    public void Clear() => End(closes: false);

    /// <summary>Ends all of them for good.</summary>
    public void Close() => End(closes: true);

    private void End(bool closes)
    {
        Dictionary<CoapToken, IDisposable>? left;
        lock (_lock)
        {
            _closed |= closes;
            (left, _observations) = (_observations, null);
        }

        if (left is null)
            return;
        foreach (var observation in left.Values)
            observation.Dispose();
    }
}
