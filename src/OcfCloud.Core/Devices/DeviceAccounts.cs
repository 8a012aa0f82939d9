using Microsoft.EntityFrameworkCore;
using OcfCloud.Core.Audit;
using OcfCloud.Core.Directory;
using OcfCloud.Core.Events;
using OcfCloud.Core.Refusals;
using OcfCloud.Core.Storage;
using OcfCloud.Core.Twins;

namespace OcfCloud.Core.Devices;

/// <summary>Registration, sign-in and what an owner does with devices (device-to-cloud.md, 3 to 5 and 9).</summary>
public sealed class DeviceAccounts
{
    private readonly Store _store;
    private readonly SignUp _signUp;
    private readonly SignIn _signIn;
    private readonly TokenRefresh _refresh;
    private readonly DeviceRemoval _removal;
    private readonly Outbox _outbox;
    private readonly TimeProvider _time;

    internal DeviceAccounts(Store store, SignUp signUp, SignIn signIn, TokenRefresh refresh, DeviceRemoval removal, Outbox outbox, TimeProvider time)
    {
        _store = store;
        _signUp = signUp;
        _signIn = signIn;
        _refresh = refresh;
        _removal = removal;
        _outbox = outbox;
        _time = time;
    }

    /// <summary>Registers a device with a one-time token (device-to-cloud.md, 3).</summary>
    /// <exception cref="StoreUnavailableException">The store does not answer.</exception>
    public Task<SignUpOutcome> SignUpAsync(DeviceId device, string oneTimeToken, CancellationToken cancellationToken) =>
        _signUp.RegisterAsync(device, oneTimeToken, cancellationToken);

    /// <summary>Checks an access token and opens a session. Whoever lets the device in calls <see cref="OnlineState.SignedIn"/> next.</summary>
    /// <exception cref="StoreUnavailableException">The store does not answer.</exception>
    public Task<SignInOutcome> SignInAsync(DeviceId device, UserId user, string accessToken, CancellationToken cancellationToken) =>
        _signIn.OpenAsync(device, user, accessToken, cancellationToken);

    /// <summary>Rotates the tokens of a device (device-to-cloud.md, 5).</summary>
    /// <exception cref="StoreUnavailableException">The store does not answer.</exception>
    public Task<RefreshOutcome> RefreshAsync(DeviceId device, UserId user, string refreshToken, CancellationToken cancellationToken) =>
        _refresh.RefreshAsync(device, user, refreshToken, cancellationToken);

    /// <summary>Deregisters the device of an authorised session.</summary>
    /// <returns>False where the device is not this user's any more.</returns>
    /// <exception cref="StoreUnavailableException">The store does not answer.</exception>
    public Task<bool> DeregisterAsync(DeviceId device, UserId user, CancellationToken cancellationToken) =>
        RemoveAsync(device, user, AuditActor.OfDevice(device), cancellationToken);

    /// <summary>Checks an access token without a session: on one, a given token must be the device's own.</summary>
    /// <returns>Whether it is a valid access token of this device, and of this user where one is given.</returns>
    /// <exception cref="StoreUnavailableException">The store does not answer.</exception>
    public Task<bool> IsAccessTokenAsync(DeviceId device, UserId? user, string accessToken, CancellationToken cancellationToken) =>
        _signIn.IsAccessTokenAsync(device, user, accessToken, cancellationToken);

    /// <summary>Deregisters a device that is not signed in, by its access token.</summary>
    /// <returns>False where the token is not a valid one of this device, and of this user where one is given (4.01).</returns>
    /// <exception cref="StoreUnavailableException">The store does not answer.</exception>
    public async Task<bool> DeregisterAsync(DeviceId device, UserId? user, string accessToken, CancellationToken cancellationToken)
    {
        // A token that nobody has costs no turn among the writers.
        if (!await _signIn.IsAccessTokenAsync(device, user, accessToken, cancellationToken)) return false;
        return await _store.WriteAsync(
            async (context, token) =>
            {
                // Again under the lock: meanwhile the device may have become somebody else's.
                var locked = await context.LockDeviceAsync(device, token);
                if (locked is null || !await _signIn.IsAccessTokenAsync(context, device, user, accessToken, token)) return false;
                await DeviceRemoval.ForgetRefusalsAsync(context, context.Set<Device>().Where(d => d.Id == device).Select(d => d.Id), token);
                await _removal.RemoveAsync(context, locked, AuditActor.OfDevice(device), token);
                return true;
            },
            cancellationToken);
    }

    /// <summary>Removes, and so revokes, a device: its owner's or an administrator's work.</summary>
    /// <param name="device">The device.</param>
    /// <param name="owner">Only where it is this user's; null = whosoever.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>False where there is no such device.</returns>
    /// <exception cref="StoreUnavailableException">The store does not answer.</exception>
    public Task<bool> RemoveAsync(DeviceId device, UserId? owner, CancellationToken cancellationToken) => RemoveAsync(device, owner, actor: null, cancellationToken);

    /// <summary>Whose device it is; null where nobody's.</summary>
    /// <exception cref="StoreUnavailableException">The store does not answer.</exception>
    public Task<DeviceOwner?> FindAsync(DeviceId device, CancellationToken cancellationToken) =>
        _store.ReadAsync(
            (context, token) => context.Set<Device>().Where(d => d.Id == device)
                .Select(d => new DeviceOwner(d.UserId, d.Online, d.TwinEnabled)).FirstOrDefaultAsync(token),
            cancellationToken);

    /// <summary>Lists the devices of a user, or of all where null, in order of their ids.</summary>
    /// <exception cref="StoreUnavailableException">The store does not answer.</exception>
    public async Task<IReadOnlyList<DeviceSummary>> ListAsync(UserId? user, CancellationToken cancellationToken)
    {
        var now = _time.GetUtcNow();
        return await _store.ReadAsync(
            (context, token) => context.Set<Device>()
                .Where(d => user == null || d.UserId == user)
                .LeftJoin(context.Set<DeviceRefusalRow>(), d => d.Id, r => r.DeviceId, (d, r) => new { Device = d, Refusal = r })
                .OrderBy(x => x.Device.Id)
                .Select(x => new DeviceSummary(
                    x.Device.Id, x.Device.UserId, x.Device.Name, x.Device.Online, x.Device.LastSeenAt,
                    context.Set<LinkRow>().Count(l => l.DeviceId == x.Device.Id && (l.ExpiresAt == null || l.ExpiresAt > now)), x.Device.TwinEnabled,
                    x.Refusal == null ? null : new DeviceRefusal(x.Refusal.At, x.Refusal.What, x.Refusal.Code, x.Refusal.Reason, x.Refusal.Text)))
                .ToListAsync(token),
            cancellationToken);
    }

    /// <summary>Turns a device's twin on or off; off forgets what was known.</summary>
    /// <returns>False where the device is not this user's.</returns>
    /// <exception cref="StoreUnavailableException">The store does not answer.</exception>
    public Task<bool> SetTwinAsync(DeviceId device, UserId user, bool enabled, CancellationToken cancellationToken) =>
        _store.WriteAsync(
            async (context, token) =>
            {
                var locked = await context.LockDeviceAsync(device, token);
                if (locked is null || locked.UserId != user) return false;
                if (locked.TwinEnabled == enabled) return true;
                locked.TwinEnabled = enabled;
                if (!enabled)
                {
                    locked.Name = null;
                    await context.Set<TwinRow>().Where(t => t.DeviceId == device).ExecuteDeleteAsync(token);
                }
                _outbox.Add(context, EventKind.DeviceSettingsChanged, user, device);
                return true;
            },
            cancellationToken);

    private Task<bool> RemoveAsync(DeviceId device, UserId? owner, AuditActor? actor, CancellationToken cancellationToken) =>
        _store.WriteAsync(
            async (context, token) =>
            {
                var locked = await context.LockDeviceAsync(device, token);
                if (locked is null || (owner is not null && locked.UserId != owner)) return false;
                await DeviceRemoval.ForgetRefusalsAsync(context, context.Set<Device>().Where(d => d.Id == device).Select(d => d.Id), token);
                await _removal.RemoveAsync(context, locked, actor, token);
                return true;
            },
            cancellationToken);
}
