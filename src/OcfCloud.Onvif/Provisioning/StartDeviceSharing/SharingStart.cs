using System.Security.Cryptography;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using OcfCloud.Core.Audit;
using OcfCloud.Core.Events;
using OcfCloud.Core.Storage;
using OcfCloud.Onvif.Cameras;
using OcfCloud.Onvif.ShareTokens;
using OcfCloud.Onvif.Sharing;

namespace OcfCloud.Onvif.Provisioning.StartDeviceSharing;

/// <summary>
/// startDeviceSharing: all is looked at first, cheapest first, and what nobody has proved to be allowed to ask is looked up nowhere. Then all or nothing begins.
/// <code>
///   form ─► tokens ─► configurations ─► levels, recipient, whose uplinks ─► where addresses lead ─► cameras that are online ─► one transaction: tokens used, shares there ─► 200
///             └─ used before: the same configuration is answered 200 and nothing begins, another one is Invalid JWT
/// </code>
/// </summary>
internal sealed partial class SharingStart(
    TokenChecks tokens,
    ConfigurationReader reader,
    ConfigurationChecks configurations,
    ICameraChecks cameras,
    SealedSecrets secrets,
    SharingSignal signal,
    Announcements announcements,
    AuditTrail audit,
    Store store,
    IOptions<OnvifOptions> options,
    TimeProvider time,
    ILogger<SharingStart> logger)
{
    // Of one camera, beside the others: older ones that are over are forgotten, with their tokens.
    private const int MaxEndedFactor = 4;

    private readonly ILogger<SharingStart> _logger = logger;

    /// <summary>Begins what is asked for.</summary>
    /// <returns>Why it does not; null: it does, or did before.</returns>
    /// <exception cref="StoreUnavailableException">The store does not answer.</exception>
    public async Task<SharingRefusal?> RunAsync(IReadOnlyList<RequestedShare> shares, CancellationToken cancellationToken)
    {
        var refusal = await CheckTokensAsync(shares, cancellationToken);
        if (refusal is null)
        {
            refusal = await CheckAsync(shares, cancellationToken);
            if (refusal is null && shares.Any(share => !share.IsRepeat)) refusal = await BeginAsync(shares, cancellationToken);
            if (refusal is not null) refusal = await CheckRepeatAsync(shares, refusal, cancellationToken);
        }

        if (refusal is null) signal.Set();
        else LogRefused(refusal.Reason);
        return refusal;
    }

    private async Task<SharingRefusal?> CheckTokensAsync(IReadOnlyList<RequestedShare> shares, CancellationToken cancellationToken)
    {
        foreach (var share in shares)
        {
            if (await tokens.CheckAsync(share, cancellationToken) is { } refusal) return refusal;
        }

        return null;
    }

    private async Task<SharingRefusal?> CheckAsync(IReadOnlyList<RequestedShare> shares, CancellationToken cancellationToken)
    {
        foreach (var share in shares)
        {
            if (Read(share) is { } refusal) return refusal;
        }

        var asked = shares.Where(share => !share.IsRepeat).ToList();
        foreach (var share in asked)
        {
            if (await configurations.CheckAsync(share, cancellationToken) is { } refusal) return refusal;
        }

        return await configurations.CheckAddressesAsync(asked, cancellationToken) ?? await AskCamerasAsync(asked, cancellationToken);
    }

    // The same request, on another way, may have begun meanwhile, and what was looked at since is what it changed. It is answered as a repeat is.
    private async Task<SharingRefusal?> CheckRepeatAsync(IReadOnlyList<RequestedShare> shares, SharingRefusal refusal, CancellationToken cancellationToken)
    {
        var ids = shares.Select(share => share.Row.Id).ToArray();
        var rows = await store.ReadAsync((context, stop) => context.Set<ShareToken>().Where(row => ids.Contains(row.Id)).ToDictionaryAsync(row => row.Id, stop), cancellationToken);
        var used = shares.Where(share => rows.GetValueOrDefault(share.Row.Id)?.State == ShareTokenState.Used).ToList();
        if (used.Exists(share => !IsOf(rows[share.Row.Id], share))) return SharingRefusal.Token("it was used with another configuration");
        return used.Count == shares.Count ? null : refusal;
    }

    private SharingRefusal? Read(RequestedShare share)
    {
        var (configuration, refusal) = reader.Read(share.Json, share.Token);
        if (configuration is not null)
        {
            share.Configuration = configuration;
            share.ConfigurationHash = ConfigurationText.HashOf(configuration, share.CompactToken);
        }

        if (share.Row.State != ShareTokenState.Used) return refusal;
        share.IsRepeat = configuration is not null && IsOf(share.Row, share);
        return share.IsRepeat ? null : SharingRefusal.Token("it was used with another configuration");
    }

    private async Task<SharingRefusal?> AskCamerasAsync(List<RequestedShare> asked, CancellationToken cancellationToken)
    {
        var answers = await Task.WhenAll(asked.Select(share => cameras.CheckAsync(share.Camera, share.Configuration!, cancellationToken)));
        if (Array.Exists(answers, answer => answer.IsOtherCamera)) return SharingRefusal.Token("the camera says that it is another one now");
        return Array.Find(answers, answer => answer.Refusal is not null) is { } unfit ? SharingRefusal.Configuration(unfit.Refusal!) : null;
    }

    private async Task<SharingRefusal?> BeginAsync(IReadOnlyList<RequestedShare> shares, CancellationToken cancellationToken)
    {
        var begun = new List<Share>();
        var outcome = await store.WriteAsync(
            async (context, stop) =>
            {
                begun.Clear();
                foreach (var user in shares.Select(share => share.Row.UserId).Distinct().OrderBy(user => user.Value))
                {
                    if (!await UserLock.TakeAsync(context, user, stop)) return SharingRefusal.Token("its owner is gone");
                }

                foreach (var share in shares.OrderBy(share => share.Row.Id))
                {
                    if (await BeginAsync(context, share, begun, stop) is { } refusal)
                    {
                        context.ChangeTracker.Clear();
                        return refusal;
                    }
                }

                context.AddRange(begun);
                foreach (var share in begun)
                {
                    announcements.CameraChanged(context, share.UserId, share.CameraId);
                    var actor = new AuditActor($"cloud:{share.ServerAuthority}");
                    audit.Add(context, AuditKind.ShareTokenUsed, $"camera:{share.CameraId}", share.UserId, $"token {share.TokenId}", actor);
                    audit.Add(context, AuditKind.ShareStarted, $"camera:{share.CameraId}", share.UserId, $"share {share.Id}, {SharingText.Of(share.Mode)} with {share.ServerAuthority}", actor);
                }

                return null;
            },
            cancellationToken);
        if (outcome is not null) return outcome;
        foreach (var share in begun) LogBegins(share.Id, share.CameraId, share.Mode, share.ServerAuthority);
        return null;
    }

    private async Task<SharingRefusal?> BeginAsync(CloudDbContext context, RequestedShare asked, List<Share> begun, CancellationToken cancellationToken)
    {
        var row = await ShareTokenRows.LockAsync(context, asked.Row.Id, cancellationToken);
        var camera = row is null ? null : await context.Set<Camera>().FirstOrDefaultAsync(c => c.Id == row.CameraId, cancellationToken);
        if (row is null || camera is null) return SharingRefusal.Token("it is unknown");

        // Used since it was looked at: by the same request on its second way, or by another one.
        if (row.State == ShareTokenState.Used) return IsOf(row, asked) ? null : SharingRefusal.Token("it was used with another configuration");
        if (TokenChecks.CheckOwner(row, camera) is { } refusal) return refusal;
        foreach (var other in begun.Where(share => share.CameraId == camera.Id))
        {
            if (ConfigurationChecks.CheckOther(other, asked.Configuration!) is { } taken) return taken;
        }

        var most = options.Value.MaxSharesPerCamera - begun.Count(share => share.CameraId == camera.Id);
        if (await ConfigurationChecks.CheckOthersAsync(context, camera.Id, asked.Configuration!, most, cancellationToken) is { } conflict) return conflict;
        await ForgetEndedAsync(context, camera.Id, cancellationToken);
        var isOnline = await context.Set<CameraUplink>().AnyAsync(uplink => uplink.CameraId == camera.Id, cancellationToken);
        row.State = ShareTokenState.Used;
        row.ConfigurationHash = asked.ConfigurationHash;
        var now = time.GetUtcNow();
        begun.Add(new Share
        {
            Id = Guid.NewGuid(),
            CameraId = camera.Id,
            UserId = camera.UserId,
            TokenId = row.Id,
            Mode = row.Mode,
            State = isOnline ? ShareState.Configuring : ShareState.Waiting,
            Configuration = ConfigurationText.WithoutToken(asked.Configuration!),
            EchoedToken = secrets.Seal(asked.Token),
            ServerAuthority = CloudAuthority.Of(asked.Configuration!),
            CreatedAt = now,
            DeadlineAt = now + options.Value.ShareTimeout,
            DueAt = now,
        });
        return null;
    }

    private async Task ForgetEndedAsync(CloudDbContext context, Guid camera, CancellationToken cancellationToken)
    {
        var old = await context.Set<Share>()
            .Where(share => share.CameraId == camera && (share.State == ShareState.Failed || share.State == ShareState.Unshared || share.State == ShareState.Transferred)
                && !context.Set<CameraObject>().Any(made => made.ShareId == share.Id))
            .OrderByDescending(share => share.CreatedAt).Skip(options.Value.MaxSharesPerCamera * MaxEndedFactor).Select(share => new { share.Id, share.TokenId }).ToListAsync(cancellationToken);
        if (old.Count == 0) return;
        Guid[] shares = [.. old.Select(share => share.Id)], used = [.. old.Select(share => share.TokenId)];
        await context.Set<ShareToken>().Where(token => used.Contains(token.Id)).ExecuteDeleteAsync(cancellationToken);
        await context.Set<Share>().Where(share => shares.Contains(share.Id)).ExecuteDeleteAsync(cancellationToken);
    }

    private static bool IsOf(ShareToken row, RequestedShare asked) => row.ConfigurationHash is { } used && CryptographicOperations.FixedTimeEquals(used, asked.ConfigurationHash);
}
