using OcfCloud.EndToEnd.Harness;
using OcfCloud.Testing;

namespace OcfCloud.EndToEnd.Cameras;

/// <summary>Three clouds A, B and C for all tests of cameras, at the same time: each test has users and a camera of its own. Who stops a cloud takes another.</summary>
internal sealed class CameraClouds(PostgreSqlFixture postgreSql) : IAsyncDisposable
{
    private readonly Lock _lock = new();
    private readonly SharedAuthority[] _authorities = [new(), new(), new()];
    private readonly OwnCertificate _listener = new();
    private readonly Dictionary<int, Task<CameraCloud>> _clouds = [];

    /// <summary>On SQLite.</summary>
    public Task<CameraCloud> A => CloudAsync(0, "alice");

    /// <summary>On PostgreSQL where there is one.</summary>
    public Task<CameraCloud> B => CloudAsync(1, "bob");

    /// <summary>On SQLite.</summary>
    public Task<CameraCloud> C => CloudAsync(2, "carol");

    /// <summary>The certificate of listeners of the tests, which all three believe.</summary>
    public OwnCertificate Listener => _listener;

    /// <summary>Starts another one beside the three, on SQLite, for tests that stop it; they dispose of it. It has A's authority: B and C believe it as they do A.</summary>
    public Task<CameraCloud> StartAnotherAsync() => CameraCloud.StartAsync("victor", _authorities[0], TestStore.Sqlite, TrustedBy(0), isShared: false);

    public async ValueTask DisposeAsync()
    {
        foreach (var cloud in _clouds.Values)
        {
            // One that did not come up has left nothing.
            if (cloud.IsCompletedSuccessfully) await (await cloud).DisposeAsync();
        }

        foreach (var authority in _authorities) authority.Dispose();
        _listener.Dispose();
    }

    private Task<CameraCloud> CloudAsync(int number, string name)
    {
        lock (_lock)
        {
            return _clouds.TryGetValue(number, out var cloud) ? cloud : _clouds[number] = StartAsync(number, name);
        }
    }

    private async Task<CameraCloud> StartAsync(int number, string name) => await CameraCloud.StartAsync(
        name,
        _authorities[number],
        number == 1 && postgreSql.IsAvailable ? new TestStore("PostgreSql", await postgreSql.CreateMigratedDatabaseAsync()) : TestStore.Sqlite,
        TrustedBy(number),
        isShared: true);

    private string[] TrustedBy(int number) => [.. _authorities.Where((_, n) => n != number).Select(authority => authority.CertificatePath), _listener.Path];
}
