using Microsoft.Extensions.Options;
using OcfCloud.Core.Devices;
using OcfCloud.Onvif.Cameras;

namespace OcfCloud.Onvif.Uplink;

/// <summary>The uplinks that this node holds: of each camera the newest of each kind.</summary>
internal sealed class UplinkRegister(IOptions<OnvifOptions> options)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<(Guid Camera, UplinkKind Kind), HeldUplink> _held = [];
    private int _places;
    private bool _isStopping;

    /// <summary>Whether no more are taken because this node stops.</summary>
    public bool IsStopping => _isStopping;

    /// <summary>Takes a place for one more; given back by <see cref="Leave"/>.</summary>
    /// <returns>False where this node holds as many as it may.</returns>
    public bool TryEnter()
    {
        if (Interlocked.Increment(ref _places) <= options.Value.MaxUplinks) return true;
        Interlocked.Decrement(ref _places);
        return false;
    }

    public void Leave() => Interlocked.Decrement(ref _places);

    /// <summary>Adds one, and closes the older one whose place it takes.</summary>
    public void Add(HeldUplink uplink)
    {
        HeldUplink? older;
        lock (_gate)
        {
            _held.TryGetValue((uplink.Camera, uplink.Kind), out older);
            _held[(uplink.Camera, uplink.Kind)] = uplink;
            if (_isStopping) uplink.Close(UplinkEnd.Stopping);
        }

        older?.Close(UplinkEnd.Replaced);
    }

    /// <summary>Removes one, where no newer one has its place.</summary>
    public void Remove(HeldUplink uplink)
    {
        lock (_gate)
        {
            if (_held.TryGetValue((uplink.Camera, uplink.Kind), out var newest) && newest == uplink) _held.Remove((uplink.Camera, uplink.Kind));
        }
    }

    /// <summary>The uplink of a camera by which to send: the newest that stands.</summary>
    public HeldUplink? Find(Guid camera) => Of(camera).MaxBy(uplink => uplink.Since);

    /// <summary>Whether that very connection stands here.</summary>
    public bool Holds(Guid camera, Guid connection) => Of(camera).Exists(uplink => uplink.Connection == connection);

    /// <summary>The uplinks of a camera.</summary>
    public List<HeldUplink> Of(Guid camera)
    {
        var found = new List<HeldUplink>(2);
        lock (_gate)
        {
            if (_held.TryGetValue((camera, UplinkKind.Https), out var https) && !https.IsOver) found.Add(https);
            if (_held.TryGetValue((camera, UplinkKind.Wss), out var wss) && !wss.IsOver) found.Add(wss);
        }

        return found;
    }

    /// <summary>The uplinks of a user's cameras; null: all.</summary>
    public List<HeldUplink> All(UserId? user = null)
    {
        lock (_gate)
        {
            return [.. _held.Values.Where(uplink => !uplink.IsOver && (user is null || uplink.User == user))];
        }
    }

    /// <summary>Closes all, and those that come from now on.</summary>
    public void Stop()
    {
        List<HeldUplink> all;
        lock (_gate)
        {
            _isStopping = true;
            all = [.. _held.Values];
        }

        all.ForEach(uplink => uplink.Close(UplinkEnd.Stopping));
    }
}
