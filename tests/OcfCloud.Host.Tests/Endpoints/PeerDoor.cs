using OcfCloud.Host.Tests.Composition;

namespace OcfCloud.Host.Tests.Endpoints;

/// <summary>A running host with a door of peer clouds, an authority whose certificates open it, and another of the same name.</summary>
public sealed class PeerDoor : IAsyncLifetime
{
    private readonly Installation _installation = new();

    internal PeerAuthority Authority { get; } = new("Peers");

    internal PeerAuthority Stranger { get; } = new("Peers");

    internal RunningHost Host { get; private set; } = null!;

    internal string Data => _installation.Data;

    /// <summary>The folder of its trust anchors.</summary>
    internal string Anchors => _installation["peers"];

    public async ValueTask InitializeAsync()
    {
        Directory.CreateDirectory(Anchors);
        await File.WriteAllTextAsync(Path.Combine(Anchors, "peers.pem"), Authority.Pem, TestContext.Current.CancellationToken);
        Host = await RunningHost.StartAsync(
            _installation,
            "--OcfCloud:Endpoints:MutualTls=127.0.0.1:0",
            $"--OcfCloud:PeerClouds:TrustAnchors:0={Anchors}",
            "--OcfCloud:Certificates:ReloadInterval=00:00:00.1");
    }

    public async ValueTask DisposeAsync()
    {
        await Host.DisposeAsync();
        Authority.Dispose();
        Stranger.Dispose();
        _installation.Dispose();
    }
}
