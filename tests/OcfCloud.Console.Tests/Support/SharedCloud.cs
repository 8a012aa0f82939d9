using OcfCloud.Identity.Users;

namespace OcfCloud.Console.Tests.Support;

/// <summary>One cloud for all tests of a class, and one user, who is an administrator: for tests that change nothing that another one looks at.</summary>
public sealed class SharedCloud : IAsyncLifetime
{
    private readonly TemporaryFolder _folder = new();

    internal TestCloud Cloud { get; private set; } = null!;

    internal User Alice { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        Cloud = await TestCloud.StartAsync(_folder);
        Alice = await Cloud.AddUserAsync("alice", administrator: true);
    }

    public async ValueTask DisposeAsync()
    {
        await Cloud.DisposeAsync();
        _folder.Dispose();
    }
}
