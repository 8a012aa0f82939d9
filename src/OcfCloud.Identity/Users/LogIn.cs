using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using OcfCloud.Core.Devices;
using OcfCloud.Core.Storage;

namespace OcfCloud.Identity.Users;

/// <summary>Checks passwords. Ten wrong ones in a row lock an account for five minutes (cloud-to-cloud.md, 1.2).</summary>
/// <remarks>An attempt is counted before its password is looked at: a thousand at once are a thousand, whichever of them ends first. What is refused tells
/// neither whether the account is there nor whether it is locked, and takes the same time.</remarks>
public sealed class LogIn
{
    private readonly Store _store;
    private readonly UserAccounts _accounts;
    private readonly IPasswordHasher<User> _hasher;
    private readonly LockoutOptions _lockout;
    private readonly TimeProvider _time;
    private readonly Lazy<string> _nobodysHash;

    internal LogIn(Store store, UserAccounts accounts, IPasswordHasher<User> hasher, IOptions<IdentityOptions> options, TimeProvider time)
    {
        _store = store;
        _accounts = accounts;
        _hasher = hasher;
        _lockout = options.Value.Lockout;
        _time = time;
        _nobodysHash = new Lazy<string>(() => hasher.HashPassword(new User(), Password.Make()));
    }

    /// <summary>The user whose name and password these are; null where there is none, or the account is locked.</summary>
    /// <exception cref="StoreUnavailableException">The store does not answer.</exception>
    public async Task<User?> CheckAsync(string name, string password, CancellationToken cancellationToken)
    {
        var user = UserNameRules.Refuse(name) is null ? await _accounts.FindAsync(name, cancellationToken) : null;
        var counted = user?.PasswordHash is not null && await CountAsync(user.Id, cancellationToken);
        var verdict = _hasher.VerifyHashedPassword(user ?? new User(), counted ? user!.PasswordHash! : _nobodysHash.Value, password);
        if (!counted || verdict == PasswordVerificationResult.Failed) return null;
        await ForgiveAsync(user!.Id, cancellationToken);
        return user;
    }

    /// <summary>The user of a session; null where the user is gone or the password was changed since.</summary>
    /// <exception cref="StoreUnavailableException">The store does not answer.</exception>
    public async Task<User?> ResumeAsync(UserId id, string securityStamp, CancellationToken cancellationToken) =>
        await _accounts.FindAsync(id, cancellationToken) is { } user && user.SecurityStamp == securityStamp ? user : null;

    private Task<bool> CountAsync(Guid id, CancellationToken cancellationToken) => _store.WriteAsync(
        async (context, token) =>
        {
            DateTimeOffset? now = _time.GetUtcNow(), until = now + _lockout.DefaultLockoutTimeSpan;
            var open = context.Set<User>().Where(user => user.Id == id && (user.LockoutEnd == null || user.LockoutEnd <= now));
            if (await open.ExecuteUpdateAsync(set => set.SetProperty(user => user.AccessFailedCount, user => user.AccessFailedCount + 1), token) == 0) return false;
            await context.Set<User>().Where(user => user.Id == id && user.AccessFailedCount >= _lockout.MaxFailedAccessAttempts)
                .ExecuteUpdateAsync(set => set.SetProperty(user => user.LockoutEnd, until).SetProperty(user => user.AccessFailedCount, 0), token);
            return true;
        },
        cancellationToken);

    private Task<int> ForgiveAsync(Guid id, CancellationToken cancellationToken) => _store.WriteAsync(
        (context, token) => context.Set<User>().Where(user => user.Id == id)
            .ExecuteUpdateAsync(set => set.SetProperty(user => user.LockoutEnd, (DateTimeOffset?)null).SetProperty(user => user.AccessFailedCount, 0), token),
        cancellationToken);
}
