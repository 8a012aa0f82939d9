using System.Collections.Concurrent;
using System.Collections.Immutable;
using OcfCloud.Core.Devices;
using OcfCloud.Core.Events;

namespace OcfCloud.DeviceGateway.Connections;

/// <summary>Which connection of this node holds which device's session. Hints end those that are over elsewhere (device-to-cloud.md, 4).</summary>
internal sealed class LiveSessions : IDisposable
{
    private readonly ConcurrentDictionary<DeviceId, (DeviceConnection Connection, DeviceSession Session)> _byDevice = new();
    private readonly ConcurrentDictionary<UserId, ImmutableHashSet<DeviceConnection>> _byUser = new();
    private readonly IDisposable _hints;

    public LiveSessions(IHints hints) => _hints = hints.SubscribeAll(Receive);

    /// <summary>How many devices are signed in; takes all locks of the table, so it is for metrics.</summary>
    public int Count => _byDevice.Count;

    /// <summary>The connection that holds a device's session; null where none of this node does.</summary>
    public DeviceConnection? Find(DeviceId device) => _byDevice.GetValueOrDefault(device).Connection;

    /// <summary>The connections of a user's devices.</summary>
    public IReadOnlyCollection<DeviceConnection> Of(UserId user) => _byUser.GetValueOrDefault(user, []);

    /// <summary>A session begins: of two the greater number wins.</summary>
    /// <param name="connection">Its connection.</param>
    /// <param name="session">The session.</param>
    /// <param name="displaced">The session that was the device's until now, and its connection, which may still be about to take it.</param>
    /// <returns>False: a greater one is there.</returns>
    public bool TryEnter(DeviceConnection connection, DeviceSession session, out (DeviceConnection Connection, DeviceSession Session)? displaced)
    {
        displaced = null;
        while (true)
        {
            if (!_byDevice.TryGetValue(session.Device, out var known))
            {
                if (_byDevice.TryAdd(session.Device, (connection, session)))
                    break;
                continue;
            }

            if (known.Connection != connection && known.Session.Number > session.Number)
                return false;
            if (!_byDevice.TryUpdate(session.Device, (connection, session), known))
                continue;
            displaced = known.Connection == connection ? null : known;
            break;
        }

        _byUser.AddOrUpdate(session.User, static (_, c) => [c], static (_, all, c) => all.Add(c), connection);
        return true;
    }

    /// <summary>A session is over.</summary>
    public void Leave(DeviceConnection connection, DeviceSession session)
    {
        _byDevice.TryRemove(KeyValuePair.Create(session.Device, (connection, session)));
        while (_byUser.TryGetValue(session.User, out var all))
        {
            var rest = all.Remove(connection);
            if (rest.IsEmpty ? _byUser.TryRemove(KeyValuePair.Create(session.User, all)) : _byUser.TryUpdate(session.User, rest, all))
                break;
        }
    }

    public void Dispose() => _hints.Dispose();

    private void Receive(Hint hint)
    {
        switch (hint.Kind)
        {
            case EventKind.SessionRevoked or EventKind.DeviceUnregistered when hint.Device is { } device:
                if (Find(device) is { } connection && connection.Session is { } session && session.Device == device && session.Number <= hint.Session)
                    connection.Revoke(session);
                break;
            case EventKind.UserRemoved:
                foreach (var ofUser in Of(hint.User))
                {
                    if (ofUser.Session is { } live && live.User == hint.User)
                        ofUser.Revoke(live);
                }

                break;
        }
    }
}
