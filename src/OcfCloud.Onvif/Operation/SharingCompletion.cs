using System.Security.Cryptography;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;
using OcfCloud.Core.Audit;
using OcfCloud.Core.Events;
using OcfCloud.Core.Storage;
using OcfCloud.Identity.DeviceClients;
using OcfCloud.Onvif.Cameras;
using OcfCloud.Onvif.Sharing;

namespace OcfCloud.Onvif.Operation;

/// <summary>
/// deviceSharingCompleted: who knows the secret address and the token is the cloud that was asked. Its camera's key is registered for the client id that this share had from its start, and the
/// camera is in its user's account, in one transaction. Whether it is the one that was promised shows at its first uplink.
/// </summary>
internal sealed partial class SharingCompletion(DeviceClientRegister clients, Announcements announcements, AuditTrail audit, Store store, TimeProvider time, ILogger<SharingCompletion> logger)
{
    private readonly ILogger<SharingCompletion> _logger = logger;

    /// <summary>Completes a share.</summary>
    /// <param name="nonce">The last segment of the address.</param>
    /// <param name="token">The share token as it was echoed.</param>
    /// <param name="certificationRequest">The camera's PKCS#10 request as base64 of DER; white space does not count.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="StoreUnavailableException">The store does not answer.</exception>
    public async Task<CompletionOutcome> RunAsync(string nonce, string token, string certificationRequest, CancellationToken cancellationToken)
    {
        var hash = IncomingShares.HashOf(nonce);
        var seen = await store.ReadAsync((context, stop) => context.Set<IncomingShare>().FirstOrDefaultAsync(share => share.NonceHash == hash, stop), cancellationToken);

        // Nothing costs more than this before it is known who calls.
        if (seen is null || !IsEchoed(seen, token) || seen.State == IncomingShareState.Proposed) return CompletionOutcome.Unknown;
        if (IsTooLate(seen)) return CompletionOutcome.TooLate;
        if (ReadKey(certificationRequest, out var refusal) is not { } key)
        {
            LogBadKey(seen.Id, refusal);
            return CompletionOutcome.BadKey;
        }

        var (outcome, isNew) = await store.WriteAsync((context, stop) => CompleteAsync(context, seen, key, stop), cancellationToken);
        if (isNew) LogCompleted(seen.Id, seen.ClientId, key.Subject);
        else if (outcome == CompletionOutcome.BadKey) LogBadKey(seen.Id, "It is another camera's, or another one than was registered.");
        return outcome;
    }

    private async Task<(CompletionOutcome Outcome, bool IsNew)> CompleteAsync(CloudDbContext context, IncomingShare seen, DeviceKey key, CancellationToken cancellationToken)
    {
        if (!await UserLock.TakeAsync(context, seen.UserId, cancellationToken)) return (CompletionOutcome.Unknown, false);
        if (await IncomingShareRows.LockAsync(context, seen.Id, cancellationToken) is not { } share) return (CompletionOutcome.Unknown, false);
        if (share.KeyThumbprint is { } registered) return (registered == key.Thumbprint ? CompletionOutcome.Completed : CompletionOutcome.BadKey, false);
        if (IsTooLate(share)) return (CompletionOutcome.TooLate, false);
        if (!await clients.RegisterAsync(context, share.ClientId, key, cancellationToken)) return (CompletionOutcome.BadKey, false);
        var camera = new Camera
        {
            Id = Guid.NewGuid(),
            UserId = share.UserId,
            ClientId = share.ClientId,
            State = CameraState.Waiting,
            IncomingShareId = share.Id,
            CreatedAt = time.GetUtcNow(),
        };
        context.Add(camera);
        audit.Add(context, AuditKind.CameraEnrolled, $"camera:{camera.Id}", share.UserId, $"shared by {share.Xaddr}");
        share.State = IncomingShareState.Completed;
        share.Reason = null;
        share.DueAt = null;
        share.CameraId = camera.Id;
        share.KeyThumbprint = key.Thumbprint;
        announcements.CameraChanged(context, share.UserId, camera.Id);
        return (CompletionOutcome.Completed, true);
    }

    private bool IsTooLate(IncomingShare share) => share.KeyThumbprint is null && (share.State == IncomingShareState.TimedOut || share.DeadlineAt <= time.GetUtcNow());

    // Either form of the one token that was sent.
    private static bool IsEchoed(IncomingShare share, string token) =>
        ShareTokenText.CompactOf(token) is { } compact && CryptographicOperations.FixedTimeEquals(share.TokenHash, ShareTokenText.HashOf(compact));

    private DeviceKey? ReadKey(string text, out string? refusal)
    {
        var der = new byte[text.Length];
        if (Convert.TryFromBase64String(text, der, out var length)) return clients.ReadKey(der.AsSpan(0, length), out refusal);
        refusal = "It is no base64.";
        return null;
    }
}
