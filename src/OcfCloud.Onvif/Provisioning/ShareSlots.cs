using OcfCloud.Core.Devices;

namespace OcfCloud.Onvif.Provisioning;

/// <summary>
/// How the shares that a node works on at once are divided: a quarter at most is one user's, and half of them tell other clouds. Those may be slow on purpose, and their owners' other shares with them.
/// </summary>
/// <param name="all">How many there are.</param>
internal sealed class ShareSlots(int all)
{
    private readonly int _ofUser = Math.Max(1, all / 4);
    private readonly int _ofNotifying = Math.Max(1, all / 2);
    private readonly Dictionary<UserId, int> _users = [];
    private int _notifying;

    /// <summary>Whether another cloud may be told beside those that are.</summary>
    public bool MayNotify => _notifying < _ofNotifying;

    /// <summary>Users who have all that they may have.</summary>
    public UserId[] FullUsers => [.. _users.Where(user => user.Value >= _ofUser).Select(user => user.Key)];

    /// <summary>Takes one where there is one.</summary>
    public bool TryTake(UserId user, ShareState state)
    {
        var isNotifying = state == ShareState.Notifying;
        var taken = _users.GetValueOrDefault(user);
        if (taken >= _ofUser || (isNotifying && !MayNotify)) return false;
        _users[user] = taken + 1;
        if (isNotifying) _notifying++;
        return true;
    }
}
