using System.Diagnostics.Metrics;
using Microsoft.EntityFrameworkCore;
using OcfCloud.CloudLinking.EventReceiver;
using OcfCloud.CloudLinking.LinkedAccounts;
using OcfCloud.CloudLinking.Targets;
using OcfCloud.Core.Metrics;
using OcfCloud.Core.Storage;

namespace OcfCloud.CloudLinking.Metrics;

/// <summary>What this room measures: requests to linked clouds, their events, and how the links stand.</summary>
internal sealed class CloudLinkingMetrics : IRoomMetrics, IStoreSample
{
    private readonly Meter _meter;
    private readonly Tally<LinkedRequestResult> _requests;
    private readonly Tally<ReceptionOutcome> _events;
    private readonly Levels<AccountState> _accounts;

    public CloudLinkingMetrics(IMeterFactory? meters = null)
    {
        _meter = RoomMeter.Create(meters, "CloudLinking");
        _requests = new(_meter, "ocfcloud.linking.requests", "result", "{request}", "Requests to linked clouds.");
        _events = new(_meter, "ocfcloud.linking.events", "result", "{event}", "Events that linked clouds sent.");
        _accounts = new(_meter, "ocfcloud.linking.accounts", "state", "{account}", "Linked accounts.");
    }

    /// <summary>A request to a linked cloud ended.</summary>
    public void Asked(TargetAnswer answer) => _requests.Count(answer.Outcome switch
    {
        TargetOutcome.Answered => answer.Status switch
        {
            < 400 => LinkedRequestResult.Succeeded,
            < 500 => LinkedRequestResult.Refused,
            _ => LinkedRequestResult.ServerError,
        },
        TargetOutcome.Unreachable => LinkedRequestResult.Unreachable,
        TargetOutcome.TimedOut => LinkedRequestResult.TimedOut,
        TargetOutcome.Unavailable => LinkedRequestResult.NotSent,
        TargetOutcome.NeedsLinking => LinkedRequestResult.NeedsLinking,
        _ => LinkedRequestResult.Unreadable,
    });

    /// <summary>An event came.</summary>
    public ReceptionOutcome Received(ReceptionOutcome outcome)
    {
        _events.Count(outcome);
        return outcome;
    }

    public async Task ReadAsync(CloudDbContext context, CancellationToken cancellationToken) => _accounts.Set(
        await context.Set<LinkedAccount>().GroupBy(account => account.State).Select(group => new { group.Key, Count = group.LongCount() })
            .ToDictionaryAsync(group => group.Key, group => group.Count, cancellationToken));

    public void Dispose() => _meter.Dispose();
}
