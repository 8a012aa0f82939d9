using OcfCloud.Core.Devices;
using OcfCloud.Core.Storage;
using OcfCloud.Host.Files;
using OcfCloud.Identity.Tokens;
using OcfCloud.Identity.Users;

namespace OcfCloud.Host.Development;

/// <summary>Keeps <c>simulator/token</c> fresh: the demo user's bearer token, with which the simulator on this machine needs no flags.</summary>
internal sealed partial class SimulatorToken(DataFolder data, UserAccounts users, AccessTokens tokens, TimeProvider time, ILogger<SimulatorToken> logger) : BackgroundService
{
    private const string Client = "simulator";

    private static readonly TimeSpan Retry = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan LongestRest = TimeSpan.FromHours(1);

    private TimeSpan _rest = Retry;

    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        // The first one is there before the doors open: who sees host.json finds it.
        await WriteAsync(cancellationToken);
        await base.StartAsync(cancellationToken);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (true)
        {
            await Task.Delay(_rest, time, stoppingToken);
            await WriteAsync(stoppingToken);
        }
    }

    private async Task WriteAsync(CancellationToken cancellation)
    {
        _rest = Retry;
        try
        {
            if (await users.FindAsync(DemoUser.Name, cancellation) is not { } demo)
            {
                return;
            }

            _ = ScopeSet.TryParse("r:* w:* mediator cameras", out var scopes);
            var token = await tokens.IssueAsync(new UserId(demo.Id), DemoUser.Name, Client, scopes!, lifetime: null, cancellation);
            AtomicFile.CreatePrivateFolder(data.Simulator);
            AtomicFile.WriteSecret(data.SimulatorToken, token.Text + "\n");
            var half = token.Lifetime / 2;
            _rest = half < LongestRest ? half : LongestRest;
        }
        catch (Exception e) when (e is StoreUnavailableException or IOException or UnauthorizedAccessException)
        {
            LogNotWritten(data.SimulatorToken, e.Message);
        }
    }
}
