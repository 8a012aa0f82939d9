using OcfCloud.Host.Files;
using OcfCloud.Identity.Users;

namespace OcfCloud.Host.Development;

/// <summary>The user that Development makes at its first start.</summary>
internal sealed class DemoUser(UserAccounts users, DataFolder data)
{
    public const string Name = "demo";

    /// <summary>Makes it and prints its password, the only time that it is to be seen.</summary>
    public async Task EnsureAsync(TextWriter output, CancellationToken cancellation)
    {
        // Commands may have added users before the first start; one that the operator removed after it stays removed.
        if (Directory.Exists(data.Simulator) && await users.AnyAsync(cancellation))
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
