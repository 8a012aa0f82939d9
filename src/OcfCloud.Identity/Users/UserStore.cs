using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using OcfCloud.Core.Audit;
using OcfCloud.Core.Devices;
using OcfCloud.Core.Storage;

namespace OcfCloud.Identity.Users;

/// <summary>ASP.NET Core Identity's way to the one store: every call is a transaction of its own, and on SQLite takes its turn with all other writers.</summary>
internal sealed class UserStore(Store store, AuditTrail audit) : IUserPasswordStore<User>, IUserSecurityStampStore<User>
{
    public static IdentityError NameTaken(string name) => new() { Code = "NameTaken", Description = $"There is a user \"{name}\" already." };

    public Task<IdentityResult> CreateAsync(User user, CancellationToken cancellationToken) => store.WriteAsync(
        async (context, token) =>
        {
            if (await context.Set<User>().AnyAsync(other => other.NormalizedUserName == user.NormalizedUserName, token))
            {
                return IdentityResult.Failed(NameTaken(user.UserName!));
            }

            context.Add(user);
            audit.Add(context, AuditKind.UserAdded, $"user:{user.UserName}", new UserId(user.Id), user.IsAdministrator ? "administrator" : null);
            return IdentityResult.Success;
        },
        cancellationToken);

    public Task<IdentityResult> UpdateAsync(User user, CancellationToken cancellationToken)
    {
        var before = user.ConcurrencyStamp;
        var after = Guid.NewGuid().ToString();
        return store.WriteAsync(
            async (context, token) =>
            {
                var current = await context.Set<User>().AsTracking().SingleOrDefaultAsync(other => other.Id == user.Id, token);
                if (current is null || current.ConcurrencyStamp != before)
                {
                    return IdentityResult.Failed(new IdentityErrorDescriber().ConcurrencyFailure());
                }

                if (current.PasswordHash != user.PasswordHash) audit.Add(context, AuditKind.PasswordChanged, $"user:{user.UserName}", new UserId(user.Id));
                context.Entry(current).CurrentValues.SetValues(user);
                current.ConcurrencyStamp = after;
                user.ConcurrencyStamp = after;
                return IdentityResult.Success;
            },
            cancellationToken);
    }

    public Task<IdentityResult> DeleteAsync(User user, CancellationToken cancellationToken) => store.WriteAsync(
        async (context, token) =>
        {
            if (await context.Set<User>().Where(other => other.Id == user.Id).ExecuteDeleteAsync(token) > 0)
                audit.Add(context, AuditKind.UserRemoved, $"user:{user.UserName}", new UserId(user.Id));
            return IdentityResult.Success;
        },
        cancellationToken);

    public async Task<User?> FindByIdAsync(string userId, CancellationToken cancellationToken) =>
        Guid.TryParseExact(userId, "D", out var id)
            ? await store.ReadAsync((context, token) => context.Set<User>().SingleOrDefaultAsync(user => user.Id == id, token), cancellationToken)
            : null;

    public Task<User?> FindByNameAsync(string normalizedUserName, CancellationToken cancellationToken) =>
        store.ReadAsync((context, token) => context.Set<User>().SingleOrDefaultAsync(user => user.NormalizedUserName == normalizedUserName, token), cancellationToken);

    public Task<string> GetUserIdAsync(User user, CancellationToken cancellationToken) => Task.FromResult(user.Id.ToString("D"));

    public Task<string?> GetUserNameAsync(User user, CancellationToken cancellationToken) => Task.FromResult(user.UserName);

    public Task SetUserNameAsync(User user, string? userName, CancellationToken cancellationToken) => Done(() => user.UserName = userName);

    public Task<string?> GetNormalizedUserNameAsync(User user, CancellationToken cancellationToken) => Task.FromResult(user.NormalizedUserName);

    public Task SetNormalizedUserNameAsync(User user, string? normalizedName, CancellationToken cancellationToken) => Done(() => user.NormalizedUserName = normalizedName);

    public Task SetPasswordHashAsync(User user, string? passwordHash, CancellationToken cancellationToken) => Done(() => user.PasswordHash = passwordHash);

    public Task<string?> GetPasswordHashAsync(User user, CancellationToken cancellationToken) => Task.FromResult(user.PasswordHash);

    public Task<bool> HasPasswordAsync(User user, CancellationToken cancellationToken) => Task.FromResult(user.PasswordHash is not null);

    public Task SetSecurityStampAsync(User user, string stamp, CancellationToken cancellationToken) => Done(() => user.SecurityStamp = stamp);

    public Task<string?> GetSecurityStampAsync(User user, CancellationToken cancellationToken) => Task.FromResult(user.SecurityStamp);

    public void Dispose()
    {
        // The store outlives the managers that dispose of this.
    }

    private static Task Done(Action change)
    {
        change();
        return Task.CompletedTask;
    }
}
