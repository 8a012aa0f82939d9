using OcfCloud.Identity.Clients;
using OcfCloud.Identity.Tokens;

namespace OcfCloud.Host.Development;

/// <summary>The public client that Development makes, by which users log in from the simulator (RFC 8252): its answer goes to a free loopback port.</summary>
internal sealed class SimulatorClient(CloudClients clients)
{
    public const string ClientId = "simulator";

    private static readonly ClientRegistration Registration = new(
        "Simulator", ["http://127.0.0.1/callback", "http://[::1]/callback", "http://localhost/callback"], CloudScopes.All, IsPublic: true, ClientId);

    public async Task EnsureAsync(CancellationToken cancellation)
    {
        if (await clients.FindAsync(ClientId, cancellation) is null) await clients.AddAsync(Registration, cancellation);
    }
}
