namespace OcfCloud.EndToEnd.Harness;

/// <summary>One cloud for all tests of a class, and users in it. Each test has devices of its own; who changes what belongs to a user takes a user of its own.</summary>
public abstract class CloudFixture(params string[] settings) : IAsyncLifetime
{
    /// <summary>Bearer tokens that outlive the tests.</summary>
    internal const string LongTokens = "Tokens:AccessTokenLifetime=01:00:00";

    private readonly SemaphoreSlim _adding = new(1);
    private readonly Dictionary<string, CloudUser> _users = new(StringComparer.Ordinal);
    private Cloud? _cloud;
    private CloudUser? _user;

    internal Cloud Cloud => _cloud ?? throw new InvalidOperationException("The cloud was not started.");

    /// <summary>The user of the tests that need no other.</summary>
    internal CloudUser User => _user ?? throw new InvalidOperationException("The cloud was not started.");

    public virtual async ValueTask InitializeAsync()
    {
        _cloud = await OpenAsync();
        _user = await FirstUserAsync(_cloud);
    }

    public virtual async ValueTask DisposeAsync()
    {
        if (_cloud is not null)
        {
            await CloseAsync(_cloud);
        }

        _adding.Dispose();
        GC.SuppressFinalize(this);
    }

    /// <summary>A further user, made at the first call.</summary>
    internal async Task<CloudUser> AnotherUserAsync(string name = "bob")
    {
        await _adding.WaitAsync();
        try
        {
            return _users.TryGetValue(name, out var known) ? known : _users[name] = await Cloud.AddUserAsync(NameOf(name));
        }
        finally
        {
            _adding.Release();
        }
    }

    private protected virtual async Task<Cloud> OpenAsync()
    {
        string[] all = [LongTokens, .. settings, .. MoreSettings()];
        return HasProcess ? await Cloud.StartAsync(await StoreAsync(), all) : await Cloud.StartSharedAsync(await StoreAsync(), all);
    }

    /// <summary>Whether the cloud has a process of its own: tests read its log.</summary>
    private protected virtual bool HasProcess => false;

    private protected virtual ValueTask CloseAsync(Cloud cloud) => cloud.DisposeAsync();

    /// <summary>The user whom Development makes.</summary>
    private protected virtual Task<CloudUser> FirstUserAsync(Cloud cloud) => cloud.DemoUserAsync();

    private protected virtual string NameOf(string name) => name;

    private protected virtual IEnumerable<string> MoreSettings() => [];

    /// <summary>Which store the cloud has.</summary>
    private protected virtual Task<TestStore> StoreAsync() => Task.FromResult(TestStore.Sqlite);
}
