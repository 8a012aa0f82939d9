using OcfCloud.Identity.Users;

namespace OcfCloud.Host.Development;

/// <summary>The user that Development makes in an empty store.</summary>
internal sealed class DemoUser(UserAccounts users)
{
    public const string Name = "demo";

    /// <summary>Makes it and prints its password, the only time that it is to be seen.</summary>
    public async Task EnsureAsync(TextWriter output, CancellationToken cancellation)
    {
        if (await users.AnyAsync(cancellation))
        {
            return;
        }

        var password = Password.Make();
        if ((await users.AddAsync(Name, password, administrator: true, cancellation)).User is not null)
        {
            await output.WriteLineAsync($"Made the user {Name}, an administrator. The password is shown this once:");
            await output.WriteLineAsync($"password: {password}");
        }
    }
}
