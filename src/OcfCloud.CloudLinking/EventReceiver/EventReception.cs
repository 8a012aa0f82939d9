using System.Security.Cryptography;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using OcfCloud.CloudLinking.LinkedAccounts;
using OcfCloud.CloudLinking.Synchronisation;
using OcfCloud.CloudLinking.Targets;
using OcfCloud.Core.Storage;
using OcfCloud.Core.Subscriptions;

namespace OcfCloud.CloudLinking.EventReceiver;

/// <summary>Judges events and keeps those that are right: one look at the store, and one write for what is right (cloud-to-cloud.md, 2).</summary>
internal sealed class EventReception(
    Store store, InboxWriter inbox, CloudEvents events, SealedSecrets secrets, AccountWork work, IOptions<CloudLinkingOptions> options, TimeProvider time)
{
    private readonly CloudLinkingOptions _options = options.Value;

    /// <summary>The subscription that events of this address are of; null where there is none, or it is over.</summary>
    /// <exception cref="StoreUnavailableException">The store does not answer.</exception>
    public Task<RemoteSubscription?> FindAsync(Guid id, CancellationToken cancellationToken) => store.ReadAsync(
        (context, token) => (from s in context.Set<RemoteSubscription>()
                             join a in context.Set<LinkedAccount>() on s.AccountId equals a.Id
                             where s.Id == id && s.State != RemoteSubscriptionState.Ending && a.State != AccountState.Unlinking
                             select s).FirstOrDefaultAsync(token),
        cancellationToken);

    /// <summary>Judges an event, and keeps it where it is right.</summary>
    /// <exception cref="StoreUnavailableException">The store does not answer.</exception>
    public async Task<ReceptionOutcome> ReceiveAsync(RemoteSubscription row, ReceivedEvent received, ReadOnlyMemory<byte> body, CancellationToken cancellationToken)
    {
        // Before its own answer came, the subscription's id is known only from here. Another one is none of ours (its answer was lost, for one): the sender ends it.
        if (row.SubscriptionId is { } id && id != received.SubscriptionId) return ReceptionOutcome.Gone;
        if (!IsSigned(row, received, body.Span)) return ReceptionOutcome.BadSignature;
        var now = time.GetUtcNow();
        var at = DateTimeOffset.FromUnixTimeSeconds(received.Timestamp);
        if (at > now + _options.EventAhead || at < now - _options.EventAge) return ReceptionOutcome.OutOfTime;
        if (received.SequenceNumber < row.NextSequence) return ReceptionOutcome.Accepted;
        if (!ToldEvent.IsWellFormed(row.Level, row.DeviceId, received.EventType, received.ContentType, body)) return ReceptionOutcome.Malformed;
        var outcome = await inbox.KeepAsync(row, received, body, cancellationToken);
        if (outcome != ReceptionOutcome.Accepted) return outcome;
        // Its answer may never come.
        if (row is { State: RemoteSubscriptionState.Making, Level: SubscriptionLevel.Devices }) await events.LearnAsync(row.AccountId, cancellationToken);
        work.Set();
        return outcome;
    }

    private bool IsSigned(RemoteSubscription row, ReceivedEvent received, ReadOnlySpan<byte> body)
    {
        if (secrets.TryOpen(SecretPurpose.SigningSecret, row.SigningSecret) is not { } secret) return false;
        var expected = EventSignature.Of(
            secret, received.ContentType, received.EventType, received.SubscriptionId, received.SequenceNumber, received.Timestamp, body);
        return CryptographicOperations.FixedTimeEquals(Convert.FromHexString(expected), received.Signature);
    }
}
