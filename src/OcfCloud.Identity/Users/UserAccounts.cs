using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using OcfCloud.Core.Devices;
using OcfCloud.Core.Storage;
using OcfCloud.Identity.Grants;

namespace OcfCloud.Identity.Users;

/// <summary>The users of this cloud, as commands and bearer checks need them.</summary>
public sealed class UserAccounts(Store store, UserErasure erasure, IServiceScopeFactory scopes, TimeProvider time)
{
    /// <summary>Adds a user.</summary>
    /// <param name="name">1 to 128 characters; exact, case counts.</param>
    /// <param name="password">At least 8 characters; null = this user never logs in here (an external authority's).</param>
    /// <param name="administrator">Whether the user may administer this cloud.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="StoreUnavailableException">The store does not answer.</exception>
    public async Task<UserChange> AddAsync(string name, string? password, bool administrator, CancellationToken cancellationToken)
    {
        var user = new User { Id = Guid.NewGuid(), UserName = name, IsAdministrator = administrator, CreatedAt = time.GetUtcNow() };
        await using var scope = scopes.CreateAsyncScope();
        var manager = scope.ServiceProvider.GetRequiredService<UserManager<User>>();
        cancellationToken.ThrowIfCancellationRequested();
        return Judge(user, password is null ? await manager.CreateAsync(user) : await manager.CreateAsync(user, password));
    }

    /// <summary>All users in order of their names.</summary>
    /// <exception cref="StoreUnavailableException">The store does not answer.</exception>
    public Task<IReadOnlyList<User>> ListAsync(CancellationToken cancellationToken) => store.ReadAsync<IReadOnlyList<User>>(
        async (context, token) => await context.Set<User>().OrderBy(user => user.NormalizedUserName).ToListAsync(token),
        cancellationToken);

    /// <summary>The user of this name, or null.</summary>
    /// <exception cref="StoreUnavailableException">The store does not answer.</exception>
    public Task<User?> FindAsync(string name, CancellationToken cancellationToken) =>
        store.ReadAsync((context, token) => context.Set<User>().SingleOrDefaultAsync(user => user.NormalizedUserName == name, token), cancellationToken);

    /// <summary>The user of this id, or null.</summary>
    /// <exception cref="StoreUnavailableException">The store does not answer.</exception>
    public Task<User?> FindAsync(UserId id, CancellationToken cancellationToken) =>
        store.ReadAsync((context, token) => context.Set<User>().SingleOrDefaultAsync(user => user.Id == id.Value, token), cancellationToken);

    /// <summary>The names of these users, of those who are there.</summary>
    /// <exception cref="StoreUnavailableException">The store does not answer.</exception>
    public async Task<IReadOnlyDictionary<UserId, string>> NamesOfAsync(IReadOnlyCollection<UserId> users, CancellationToken cancellationToken)
    {
        var ids = users.Select(user => user.Value).ToArray();
        return await store.ReadAsync(
            (context, token) => context.Set<User>().Where(user => ids.Contains(user.Id)).ToDictionaryAsync(user => new UserId(user.Id), user => user.UserName!, token), cancellationToken);
    }

    /// <summary>Whether there is any user at all.</summary>
    /// <exception cref="StoreUnavailableException">The store does not answer.</exception>
    public Task<bool> AnyAsync(CancellationToken cancellationToken) =>
        store.ReadAsync((context, token) => context.Set<User>().AnyAsync(token), cancellationToken);

    /// <summary>Gives a user another password.</summary>
    /// <exception cref="StoreUnavailableException">The store does not answer.</exception>
    public async Task<UserChange> SetPasswordAsync(string name, string password, CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        var manager = scope.ServiceProvider.GetRequiredService<UserManager<User>>();
        cancellationToken.ThrowIfCancellationRequested();
        if (await manager.FindByNameAsync(name) is not { } user)
        {
            return Unknown(name);
        }

        foreach (var validator in manager.PasswordValidators)
        {
            if (await validator.ValidateAsync(manager, user, password) is { Succeeded: false } refused)
            {
                return Judge(user, refused);
            }
        }

        user.PasswordHash = manager.PasswordHasher.HashPassword(user, password);
        return Judge(user, await manager.UpdateSecurityStampAsync(user));
    }

    /// <summary>Removes a user with all that is the user's, and so ends connections and tokens.</summary>
    /// <exception cref="StoreUnavailableException">The store does not answer.</exception>
    public async Task<UserChange> RemoveAsync(string name, CancellationToken cancellationToken)
    {
        if (await FindAsync(name, cancellationToken) is not { } user)
        {
            return Unknown(name);
        }

        // The name goes last: after a failure in between the same command can be given again.
        var id = new UserId(user.Id);
        await store.WriteAsync(
            async (context, token) =>
            {
                await UserLock.TakeAsync(context, id, token);
                await UserGrants.EraseAsync(context, id, token);
                await erasure.EraseAsync(context, id, token);
            },
            cancellationToken);
        await using var scope = scopes.CreateAsyncScope();
        return Judge(user, await scope.ServiceProvider.GetRequiredService<UserManager<User>>().DeleteAsync(user));
    }

    /// <summary>The user of this name; made, without a password, where there is none (an external authority vouches for the name).</summary>
    /// <returns>The user; null where the name is none that a user may have.</returns>
    /// <exception cref="StoreUnavailableException">The store does not answer.</exception>
    public async Task<User?> EnsureAsync(string name, CancellationToken cancellationToken) =>
        await FindAsync(name, cancellationToken)
        ?? (await AddAsync(name, password: null, administrator: false, cancellationToken)).User
        ?? await FindAsync(name, cancellationToken);

    private static UserChange Unknown(string name) => new(null, $"There is no user \"{name}\".");

    private static UserChange Judge(User user, IdentityResult result) =>
        result.Succeeded ? new UserChange(user, null) : new UserChange(null, string.Join(' ', result.Errors.Select(error => error.Description)));
}
