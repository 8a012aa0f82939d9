using OcfCloud.Coap;

namespace OcfCloud.DeviceGateway.Connections;

/// <summary>The observations that a peer has registered, by the token of their registration (RFC 7641, 4.1).</summary>
internal sealed class ObservationTable(int most)
{
    private readonly Lock _lock = new();
    private Dictionary<CoapToken, IDisposable>? _observations;
    private Dictionary<CoapToken, long>? _registrations;
    private long _lastRegistration;
    private bool _closed;

    /// <summary>
    /// A registration has come that is worked on beside others: a later one with its token, or its cancellation, withdraws it, wherever the work on it is then.
    /// </summary>
    /// <returns>Its number, for <see cref="TryAdd"/> and <see cref="EndRegistration"/>.</returns>
    public long BeginRegistration(CoapToken token)
    {
        lock (_lock)
        {
            _registrations ??= [];
            return _registrations[token] = ++_lastRegistration;
        }
    }

    /// <summary>A cancellation has come.</summary>
    public void WithdrawRegistration(CoapToken token)
    {
        lock (_lock)
            _registrations?.Remove(token);
    }

    /// <summary>The work on a registration is done.</summary>
    public void EndRegistration(CoapToken token, long registration)
    {
        lock (_lock)
        {
            if (_registrations?.GetValueOrDefault(token) == registration)
                _registrations.Remove(token);
        }
    }

    /// <summary>Keeps an observation in place of one with the same token.</summary>
    /// <param name="token">The token of the registration.</param>
    /// <param name="observation">The observation.</param>
    /// <param name="registration">The registration's number; null where nothing can have overtaken it.</param>
    /// <returns>
    /// False: there are as many as there may be, the registration was withdrawn, or the connection ended; the caller disposes of it.
    /// </returns>
    public bool TryAdd(CoapToken token, IDisposable observation, long? registration = null)
    {
        IDisposable? replaced;
        lock (_lock)
        {
            if (_closed || (registration is not null && _registrations?.GetValueOrDefault(token) != registration))
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
