using Microsoft.EntityFrameworkCore;
using OcfCloud.Core.AccessRules;
using OcfCloud.Core.Events;
using OcfCloud.Core.Storage;
using OcfCloud.Core.Subscriptions;
using OcfCloud.Core.Tokens;

namespace OcfCloud.Core.Devices;

/// <summary>Takes a user's devices, tokens, links, twins, rules and registrations out of the store, and ends the user's subscriptions.</summary>
public sealed class UserErasure
{
    private readonly Store _store;
    private readonly DeviceRemoval _removal;
    private readonly SubscriptionRevocation _subscriptions;
    private readonly Outbox _outbox;
    private readonly IUserBelongings[] _belongings;

    internal UserErasure(Store store, DeviceRemoval removal, SubscriptionRevocation subscriptions, Outbox outbox, IEnumerable<IUserBelongings> belongings)
    {
        _store = store;
        _removal = removal;
        _subscriptions = subscriptions;
        _outbox = outbox;
        _belongings = [.. belongings];
    }

    /// <summary>Erases all that is the user's in this room, with the events that close connections. Nothing can be made for the user afterwards.</summary>
    /// <exception cref="StoreUnavailableException">The store does not answer.</exception>
    public Task EraseAsync(UserId user, CancellationToken cancellationToken) =>
        _store.WriteAsync((context, token) => EraseAsync(context, user, token), cancellationToken);

    /// <summary>The same in the caller's transaction, so that a room erases what is its own together with this.</summary>
    /// <param name="context">A context of <see cref="Store.WriteAsync{T}"/>.</param>
    /// <param name="user">The user.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public async Task EraseAsync(CloudDbContext context, UserId user, CancellationToken cancellationToken)
    {
        var row = await context.LockUserAsync(user, cancellationToken);
        if (row.Erased) return;
        row.Erased = true;
        // Tokens first: a sign-up that holds one is waited for, one that comes later finds none.
        await context.Set<OneTimeTokenRow>().Where(t => t.UserId == user).ExecuteDeleteAsync(cancellationToken);
        var devices = await context.LockDevicesOfAsync(user, cancellationToken);
        await DeviceRemoval.ForgetRefusalsAsync(context, context.Set<Device>().Where(d => d.UserId == user).Select(d => d.Id), cancellationToken);
        foreach (var device in devices)
            await _removal.RemoveAsync(context, device, actor: null, cancellationToken);
        await context.Set<TokenFamily>().Where(f => f.UserId == user && f.DeviceId == null).ExecuteDeleteAsync(cancellationToken);
        await context.Set<AccessRuleRow>().Where(r => r.UserId == user).ExecuteDeleteAsync(cancellationToken);
        await context.Set<AccessRefusalRow>().Where(r => r.UserId == user).ExecuteDeleteAsync(cancellationToken);
        // After the devices' locks: no subscription can be made any more. Their notifications of all this are nobody's to hear.
        await _subscriptions.RevokeAsync(context, user, cancellationToken);
        foreach (var room in _belongings) await room.EraseAsync(context, user, cancellationToken);
        _outbox.Add(context, EventKind.UserRemoved, user);
    }
}
