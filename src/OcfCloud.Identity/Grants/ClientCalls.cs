using System.Collections.Concurrent;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using OcfCloud.Core.Devices;
using OcfCloud.Core.Storage;
using OcfCloud.Identity.AuthorizationServer;

namespace OcfCloud.Identity.Grants;

/// <summary>Notes when clients call for users, in memory, and writes the newest of each now and then: a call costs no transaction.</summary>
internal sealed partial class ClientCalls(Store store, IOptions<AuthorizationServerOptions> options, TimeProvider time, ILogger<ClientCalls> logger) : BackgroundService
{
    private const int MaxPairs = 10_000;

    private readonly ConcurrentDictionary<(Guid User, string Client), DateTimeOffset> _calls = new();

    public void Note(UserId user, string client)
    {
        // More than can be kept are not kept: a time of day that nobody needs exactly.
        if (_calls.Count < MaxPairs || _calls.ContainsKey((user.Value, client))) _calls[(user.Value, client)] = time.GetUtcNow();
    }

    /// <summary>Writes what was noted since the last time.</summary>
    internal async Task WriteAsync(CancellationToken cancellationToken)
    {
        var noted = _calls.ToArray();
        if (noted.Length == 0) return;
        await store.WriteAsync(
            async (context, token) =>
            {
                foreach (var ((user, client), at) in noted.OrderBy(call => call.Key.User).ThenBy(call => call.Key.Client, StringComparer.Ordinal))
                {
                    var known = await context.Set<ClientCall>().Where(call => call.UserId == user && call.ClientId == client)
                        .ExecuteUpdateAsync(set => set.SetProperty(call => call.At, at), token);
                    if (known == 0) context.Add(new ClientCall { UserId = user, ClientId = client, At = at });
                }
            },
            cancellationToken);
        foreach (var call in noted) _calls.TryRemove(call);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(options.Value.CallWritePeriod, time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                await WriteAsync(stoppingToken);
            }
            catch (StoreUnavailableException e)
            {
                LogNotWritten(e.Message);
            }
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The times of clients' calls were not written, next time they are: {Reason}")]
    private partial void LogNotWritten(string reason);
}
