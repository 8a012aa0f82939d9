using OcfCloud.EndToEnd.Harness;

namespace OcfCloud.EndToEnd.Linking;

/// <summary>A cloud with a user who has a password.</summary>
public sealed class LinkableCloud() : CloudFixture("Devices:TwinSpread=00:00:00")
{
    public const string UserName = "alice";
    public const string Password = "correct horse";

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
}
