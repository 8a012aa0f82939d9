using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using OcfCloud.Core.Audit;
using OcfCloud.Core.Devices;
using OcfCloud.Core.Storage;
using OcfCloud.Identity.Metrics;

namespace OcfCloud.Identity.Users;

/// <summary>Checks passwords. Ten wrong ones in a row lock an account for five minutes (cloud-to-cloud.md, 1.2).</summary>
/// <remarks>
/// A password is looked at first and the verdict told only by a transaction that gives the account's attempts an order: ten wrong ones lock it for those after
/// them, a right one before that begins anew. So of a thousand guesses at once no more than ten are answered, whichever end first, and right passwords that come
/// at once are all taken. What is refused tells neither whether the account is there nor whether it is locked, and costs the same: one hash and one write.
/// </remarks>
public sealed class LogIn
{
    private readonly Store _store;
    private readonly UserAccounts _accounts;
    private readonly IPasswordHasher<User> _hasher;
    private readonly AuditedRefusals _refusals;
    private readonly LockoutOptions _lockout;
    private readonly IdentityMetrics _metrics;
    private readonly TimeProvider _time;
    private readonly Lazy<string> _nobodysHash;

    internal LogIn(
        Store store, UserAccounts accounts, IPasswordHasher<User> hasher, AuditedRefusals refusals, IOptions<IdentityOptions> options, IdentityMetrics metrics, TimeProvider time)
    {
        _store = store;
        _accounts = accounts;
        _hasher = hasher;
        _refusals = refusals;
        _lockout = options.Value.Lockout;
        _metrics = metrics;
        _time = time;
        _nobodysHash = new Lazy<string>(() => hasher.HashPassword(new User(), Password.Make()));
    }

    /// <summary>The user whose name and password these are; null where there is none, or the account is locked.</summary>
    /// <exception cref="StoreUnavailableException">The store does not answer.</exception>
    public async Task<User?> CheckAsync(string name, string password, CancellationToken cancellationToken)
    {
        var user = UserNameRules.Refuse(name) is null ? await _accounts.FindAsync(name, cancellationToken) : null;
        var verdict = _hasher.VerifyHashedPassword(user ?? new User(), user?.PasswordHash ?? _nobodysHash.Value, password);
        var accepted = await DecideAsync(user, verdict != PasswordVerificationResult.Failed, cancellationToken);
        _metrics.LoggedIn(accepted);
        if (accepted) return user;

        // What is no user's name may be a password that was typed into the wrong field: it is not recorded.
        _refusals.Record(AuditKind.LogInRefused, user is null ? "user" : $"user:{user.UserName}", user is null ? null : new UserId(user.Id), user is null ? "no such user" : null);
        return null;
    }

    /// <summary>The user of a session; null where the user is gone or the password was changed since.</summary>
    /// <exception cref="StoreUnavailableException">The store does not answer.</exception>
    public async Task<User?> ResumeAsync(UserId id, string securityStamp, CancellationToken cancellationToken) =>
        await _accounts.FindAsync(id, cancellationToken) is { } user && user.SecurityStamp == securityStamp ? user : null;

    private Task<bool> DecideAsync(User? user, bool isRight, CancellationToken cancellationToken) => _store.WriteAsync(
        async (context, token) =>
        {
            // Where there is no account the first one's row stands in for it, and stays as it is.
            var first = await context.Set<User>().OrderBy(row => row.Id).Select(row => row.Id).FirstOrDefaultAsync(token);
            var id = user?.Id ?? first;
            var account = context.Set<User>().Where(row => row.Id == id);

            // The account's turn. The column means nothing here, but turning it over is a write, and so takes as long, where nothing else changes.
            await account.ExecuteUpdateAsync(set => set.SetProperty(row => row.LockoutEnabled, row => !row.LockoutEnabled), token);
            var before = await account.Select(row => new { row.AccessFailedCount, row.LockoutEnd, row.PasswordHash }).SingleOrDefaultAsync(token);
            if (before is null) return false;

            // A password that was changed meanwhile was not the one that was looked at.
            var counts = user?.PasswordHash is { } hash && hash == before.PasswordHash && !(before.LockoutEnd > _time.GetUtcNow());
            var (failed, locked) = (counts, isRight, before.AccessFailedCount + 1 < _lockout.MaxFailedAccessAttempts) switch
            {
                (false, _, _) => (before.AccessFailedCount, before.LockoutEnd),
                (_, true, _) => (0, null),
                (_, _, true) => (before.AccessFailedCount + 1, null),
                _ => (0, (DateTimeOffset?)(_time.GetUtcNow() + _lockout.DefaultLockoutTimeSpan)),
            };
            await account.ExecuteUpdateAsync(set => set.SetProperty(row => row.LockoutEnd, locked).SetProperty(row => row.AccessFailedCount, failed), token);
            return counts && isRight;
        },
        cancellationToken);
}
