using OcfCloud.EndToEnd.Harness;

namespace OcfCloud.EndToEnd.Linking;

/// <summary>A cloud with a user who has a password. All classes have the same one, at the same time, and each has users of its own.</summary>
public sealed class LinkableCloud(SharedPrograms shared) : CloudFixture
{
    public const string Password = "correct horse";

    private static int _classes;

    private readonly int _class = Interlocked.Increment(ref _classes);

    /// <summary>The user who has the password.</summary>
    internal string UserName => NameOf("alice");

    /// <summary>The address that the cloud calls itself by.</summary>
    internal string Issuer => $"https://localhost:{Cloud.Https.Port}";

    public override async ValueTask InitializeAsync()
    {
        await base.InitializeAsync();
        (await Cloud.ArrangeAsync("user", "add", UserName, "--password", Password)).Succeeded();
    }

    /// <summary>Registers a client.</summary>
    internal async Task<(string Id, string? Secret)> AddClientAsync(string redirectUri, params string[] options)
    {
        var added = (await Cloud.ArrangeAsync(["client", "add", "Peer & Co", "--redirect-uri", redirectUri, .. options, "--json"])).Succeeded().Json;
        return (added.GetProperty("client_id").GetString()!, added.TryGetProperty("client_secret", out var secret) ? secret.GetString() : null);
    }

    private protected override Task<Cloud> OpenAsync() => shared.LinkableCloudAsync();

    private protected override ValueTask CloseAsync(Cloud cloud) => ValueTask.CompletedTask;

    private protected override string NameOf(string name) => $"{name}-{_class}";
}
