using Microsoft.EntityFrameworkCore;
using OcfCloud.Core.Audit;
using OcfCloud.Core.Events;
using OcfCloud.Core.Refusals;
using OcfCloud.Core.Storage;
using OcfCloud.Core.Tokens;

namespace OcfCloud.Core.Devices;

/// <summary>Registration of a device with a one-time token (device-to-cloud.md, 3).</summary>
internal sealed class SignUp(
    Store store, TokenFamilies families, SessionRevocation revocation, SessionNumbers numbers, Outbox outbox, AuditTrail audit, DeviceQuota quota, TimeProvider time)
{
    public async Task<SignUpOutcome> RegisterAsync(DeviceId device, string oneTimeToken, CancellationToken cancellationToken)
    {
        var hash = OpaqueToken.HashOf(oneTimeToken);
        // A token that nobody has costs no turn among the writers.
        var exists = await store.ReadAsync((context, token) => context.Set<OneTimeTokenRow>().AnyAsync(t => t.Hash == hash, token), cancellationToken);
        return exists
            ? await store.WriteAsync((context, token) => RegisterAsync(context, device, hash, token), cancellationToken)
            : Invalid(RefusalReason.TokenUnknown);
    }

    private async Task<SignUpOutcome> RegisterAsync(CloudDbContext context, DeviceId device, byte[] hash, CancellationToken cancellationToken)
    {
        var oneTime = await context.LockOneTimeTokenAsync(hash, cancellationToken);
        if (oneTime is null) return Invalid(RefusalReason.TokenUnknown);
        if (oneTime.BoundTo is { } only && only != device) return Invalid(RefusalReason.TokenOfAnotherDevice);
        if (oneTime.UsedBy is { } user && user != device) return Invalid(RefusalReason.TokenUsed);
        if (oneTime.ExpiresAt <= time.GetUtcNow()) return Invalid(RefusalReason.TokenExpired);
        var registered = await context.LockDeviceAsync(device, cancellationToken);
        if (oneTime.UsedBy is not null) return await RepeatAsync(context, oneTime, registered, cancellationToken);
        if (registered is not null && registered.UserId != oneTime.UserId) return SignUpOutcome.Refused(SignUpRefusal.BelongsToAnotherUser, RefusalReason.BelongsToAnotherUser);

        if (registered is null)
        {
            // Without the user's lock, which comes before that of a device: what registers at the same moment may be one too many.
            if (await context.Set<Device>().CountAsync(d => d.UserId == oneTime.UserId, cancellationToken) >= quota.MaxDevicesPerUser)
                return SignUpOutcome.Refused(SignUpRefusal.TooManyDevices, RefusalReason.TooManyDevices);
            await AddAsync(context, device, oneTime.UserId, cancellationToken);
        }
        else
        {
            // The old tokens die and a session elsewhere ends; links and their numbers stay.
            revocation.Revoke(context, registered);
            await context.Set<TokenFamily>().Where(f => f.DeviceId == device).ExecuteDeleteAsync(cancellationToken);
        }
        audit.Add(context, AuditKind.DeviceRegistered, $"device:{device}", oneTime.UserId, registered is null ? null : "again", AuditActor.OfDevice(device));
        var family = families.Create(context, oneTime.UserId, device);
        oneTime.UsedBy = device;
        oneTime.FamilyId = family.Id;
        return await AnswerAsync(context, family, registered is not null, cancellationToken);
    }

    private static SignUpOutcome Invalid(string reason) => SignUpOutcome.Refused(SignUpRefusal.InvalidToken, reason);

    // Field: a device that got no answer in 2 s asks again with the same token.
    private async Task<SignUpOutcome> RepeatAsync(CloudDbContext context, OneTimeTokenRow oneTime, Device? registered, CancellationToken cancellationToken)
    {
        var family = await context.Set<TokenFamily>().FirstOrDefaultAsync(f => f.Id == oneTime.FamilyId && f.DeviceId == oneTime.UsedBy, cancellationToken);
        return registered is null || family is null || family.SignedIn
            ? Invalid(RefusalReason.TokenUsed)
            : await AnswerAsync(context, family, reregistered: false, cancellationToken);
    }

    private async Task AddAsync(CloudDbContext context, DeviceId device, UserId user, CancellationToken cancellationToken)
    {
        // A device that was removed and comes back before its connections were told: what they are told must not end what begins now.
        var ended = await context.Set<OutboxRow>().Where(r => r.DeviceId == device).MaxAsync(r => (long?)r.Session, cancellationToken) ?? 0;
        context.Add(new Device { Id = device, UserId = user, RegisteredAt = time.GetUtcNow(), Session = Math.Max(numbers.NextRevocation(0), ended) });
        // The new row is the lock: it has to be there before the event gets its id.
        await context.SaveChangesAsync(cancellationToken);
        outbox.Add(context, EventKind.DeviceRegistered, user, device);
    }

    private async Task<SignUpOutcome> AnswerAsync(CloudDbContext context, TokenFamily family, bool reregistered, CancellationToken cancellationToken)
    {
        var issued = await families.IssueAsync(context, family, fromRegistration: true, cancellationToken);
        return new SignUpOutcome(SignUpRefusal.None, family.UserId, issued.AccessToken, issued.RefreshToken, issued.ExpiresIn, reregistered);
    }
}
