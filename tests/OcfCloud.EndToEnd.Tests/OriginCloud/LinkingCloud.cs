using OcfCloud.EndToEnd.Harness;

namespace OcfCloud.EndToEnd.OriginCloud;

/// <summary>A cloud of ours as Origin, and the strict target as its linked cloud <c>strict</c>.</summary>
public sealed class LinkingCloud() : CloudFixture(
    "Outbound:AllowedNetworks:0=127.0.0.1/32", "Devices:TwinSpread=00:00:00", "LinkedClouds:PollInterval=00:00:01", "LinkedClouds:RequestTimeout=00:00:03",
    "LinkedClouds:RestTime=00:00:01", "LinkedClouds:ResubscribeDelay=00:00:01", "LinkedClouds:RetryFirst=00:00:00.2", "LinkedClouds:RetryMax=00:00:01", "LinkedClouds:RefreshRetry=00:00:01",
    "LinkedClouds:UnlinkRetryFirst=00:00:00.2", "LinkedClouds:UnlinkRetryMax=00:00:01")
{
    public const string Name = "strict";

    private readonly OwnCertificate _certificate = new($"uuid:{Guid.NewGuid()}");
    private readonly Dictionary<string, Linker> _linkers = new(StringComparer.Ordinal);
    private StrictTarget? _target;

    internal StrictTarget Target => _target ?? throw new InvalidOperationException("The target was not started.");

    public override async ValueTask InitializeAsync()
    {
        await base.InitializeAsync();
        _target = await StrictTarget.StartAsync(_certificate, $"https://localhost:{Cloud.Https.Port}/linked-clouds/{Name}/callback", Cloud.Pki("cloud-ca.pem"));
        var added = (await Cloud.ArrangeAsync(
            "cloud", "add", Name, "--url", Target.Url, "--client-id", StrictTarget.ClientId, "--client-secret", StrictTarget.ClientSecret, "--trust", _certificate.Path)).Succeeded();
        Assert.Contains(added.Output, line => line.Contains($"/linked-clouds/{Name}/callback", StringComparison.Ordinal));
    }

    public override async ValueTask DisposeAsync()
    {
        foreach (var linker in _linkers.Values) await linker.DisposeAsync();
        await base.DisposeAsync();
        if (_target is not null) await _target.DisposeAsync();
        _certificate.Dispose();
        GC.SuppressFinalize(this);
    }

    /// <summary>A user with a browser and a client, made at the first call; nobody has linked anything, the target behaves again and counts anew.</summary>
    internal async Task<Linker> LinkerAsync(string name = "alice")
    {
        await Target.MisbehaveAsync("none");
        await Target.MisbehaveAsync("none", where: "token");
        await Target.SetEventsAsync(true);
        await Target.SetJsonOnlyAsync(false);
        if (!_linkers.TryGetValue(name, out var linker)) _linkers[name] = linker = await Linker.StartAsync(Cloud, Target, Name, name);
        foreach (var one in _linkers.Values)
        {
            await one.ShowAsync();
            if (one.Browser.HasButton("Unlink")) await one.UnlinkAsync();
        }

        await Eventually.EqualAsync((0, 0), async () => await Target.StateAsync() is var state ? (state.AccessTokens, state.RefreshTokens) : default);

        // Of an account whose tokens were refused nothing can be cancelled.
        await Target.ForgetSubscriptionsAsync();
        await Target.ResetAsync();
        return linker;
    }

    /// <summary>The same, freshly linked: its devices are mirrored, its subscriptions made.</summary>
    internal async Task<Linker> LinkedAsync(string name = "alice")
    {
        var linker = await LinkerAsync(name);
        await linker.LinkAsync();
        await linker.WaitForMirrorsAsync();
        await Target.ResetAsync();
        return linker;
    }

    /// <summary>Nothing that the cloud sent broke the official document.</summary>
    internal void AssertNothingRefused() => Assert.Empty(Target.Complaints);
}

/// <summary>Tests that share the two clouds, one after the other: what one does to the target would disturb the other.</summary>
[CollectionDefinition(nameof(LinkingCloud))]
public sealed class LinkingCloudTests : ICollectionFixture<LinkingCloud>;
