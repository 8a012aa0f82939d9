using System.Collections.Concurrent;
using System.Net;

namespace OcfCloud.Core.Addresses;

/// <summary>Counts what is open from each network (<see cref="CallerNetwork"/>), up to a limit. Thread-safe; a network with nothing open takes no memory.</summary>
/// <param name="most">How many one network may have open.</param>
public sealed class ConnectionsPerNetwork(int most)
{
    private readonly ConcurrentDictionary<IPAddress, int> _open = new();

    /// <summary>One more.</summary>
    /// <param name="network">From here.</param>
    /// <returns>False: there are as many as there may be, and this one is not counted. Else <see cref="Leave"/> follows.</returns>
    public bool TryEnter(IPAddress network)
    {
        if (_open.AddOrUpdate(network, 1, static (_, count) => count + 1) <= most) return true;
        Leave(network);
        return false;
    }

    /// <summary>One less.</summary>
    public void Leave(IPAddress network)
    {
        if (_open.AddOrUpdate(network, 0, static (_, count) => count - 1) <= 0) _open.TryRemove(KeyValuePair.Create(network, 0));
    }
}
