using System.Net;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using OcfCloud.Core.Audit;
using OcfCloud.Core.Devices;
using OcfCloud.Core.Storage;
using OcfCloud.Identity.Tokens;
using OcfCloud.Onvif.Cameras;
using OcfCloud.Onvif.Sharing;

namespace OcfCloud.Onvif.ShareTokens;

/// <summary>Issues, lists and revokes the share tokens of cameras: one-time JWTs that their owner carries to another cloud.</summary>
public sealed partial class ShareTokenDesk
{
    // Of one camera, beside the open ones: older ones that came to nothing are forgotten.
    private const int MaxEndedFactor = 10;

    private readonly TokenSigning _signing;
    private readonly Store _store;
    private readonly AuditTrail _audit;
    private readonly OnvifOptions _options;
    private readonly TimeProvider _time;
    private readonly ILogger<ShareTokenDesk> _logger;

    internal ShareTokenDesk(TokenSigning signing, Store store, AuditTrail audit, IOptions<OnvifOptions> options, TimeProvider time, ILogger<ShareTokenDesk> logger)
    {
        _signing = signing;
        _store = store;
        _audit = audit;
        _options = options.Value;
        _time = time;
        _logger = logger;
    }

    /// <summary>Issues one.</summary>
    /// <param name="owner">Who has to own the camera; null: anybody, for an administrator at the command line.</param>
    /// <param name="camera">The camera.</param>
    /// <param name="order">What it is for.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="StoreUnavailableException">The store does not answer.</exception>
    public async Task<ShareTokenOutcome> IssueAsync(UserId? owner, Guid camera, ShareTokenOrder order, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(order);
        var lifetime = order.Lifetime ?? _options.ShareTokenLifetime;
        if (lifetime < TimeSpan.FromSeconds(1) || lifetime > ShareToken.MaxLifetime) return Refused(ShareTokenRefusal.Lifetime);
        if (order.Mode == ShareMode.Transfer && order.UserLevel != UserLevel.Administrator) return Refused(ShareTokenRefusal.TransferLevel);
        string? recipient = null;
        if (order.Recipient is not null && (recipient = HostOf(order.Recipient)) is null) return Refused(ShareTokenRefusal.Recipient);
        var seen = await _store.ReadAsync((context, token) => FindAsync(context, owner, camera, token), cancellationToken);
        if (Judge(seen) is var refusal and not ShareTokenRefusal.None) return Refused(refusal);

        var issued = DateTimeOffset.FromUnixTimeSeconds(_time.GetUtcNow().ToUnixTimeSeconds());
        var (id, expires) = (Guid.NewGuid(), issued + lifetime);
        var text = await _signing.SignAsync("JWT", Claims(seen!, order, id, issued, expires), cancellationToken);
        var row = new ShareToken
        {
            Id = id,
            CameraId = camera,
            UserId = seen!.UserId,
            Mode = order.Mode,
            UserLevel = order.UserLevel,
            Recipient = recipient,
            TokenHash = ShareTokenText.HashOf(text),
            CreatedAt = issued,
            ExpiresAt = expires,
        };
        refusal = await _store.WriteAsync((context, token) => AddAsync(context, row, token), cancellationToken);
        if (refusal != ShareTokenRefusal.None) return Refused(refusal);
        LogIssued(id, camera, order.Mode, order.UserLevel);
        return new ShareTokenOutcome(ShareTokenRefusal.None, new IssuedShareToken(id, text, order.Mode, order.UserLevel, expires));
    }

    /// <summary>The tokens of a camera, newest first.</summary>
    /// <returns>Null where the user has no such camera.</returns>
    /// <exception cref="StoreUnavailableException">The store does not answer.</exception>
    public Task<IReadOnlyList<ShareTokenSummary>?> ListAsync(UserId owner, Guid camera, CancellationToken cancellationToken) => _store.ReadAsync<IReadOnlyList<ShareTokenSummary>?>(
        async (context, token) =>
        {
            if (await FindAsync(context, owner, camera, token) is null) return null;
            var rows = await context.Set<ShareToken>().Where(t => t.CameraId == camera).OrderByDescending(t => t.CreatedAt).ThenBy(t => t.Id).ToListAsync(token);
            return [.. rows.Select(row => new ShareTokenSummary(row.Id, row.Mode, row.UserLevel, row.Recipient, StateOf(row), row.CreatedAt, row.ExpiresAt))];
        },
        cancellationToken);

    /// <summary>Takes one back.</summary>
    /// <exception cref="StoreUnavailableException">The store does not answer.</exception>
    public async Task<RevokeOutcome> RevokeAsync(UserId owner, Guid camera, Guid token, CancellationToken cancellationToken)
    {
        var outcome = await _store.WriteAsync(
            async (context, stop) =>
            {
                if (await FindAsync(context, owner, camera, stop) is null) return RevokeOutcome.Unknown;
                if (await ShareTokenRows.LockAsync(context, token, stop) is not { } row || row.CameraId != camera) return RevokeOutcome.Unknown;
                if (row.State == ShareTokenState.Used) return RevokeOutcome.Used;
                if (row.State == ShareTokenState.Revoked) return RevokeOutcome.Revoked;
                row.State = ShareTokenState.Revoked;
                _audit.Add(context, AuditKind.ShareTokenRevoked, $"camera:{camera}", owner, $"token {token}");
                return RevokeOutcome.Revoked;
            },
            cancellationToken);
        if (outcome == RevokeOutcome.Revoked) LogRevoked(token, camera);
        return outcome;
    }

    private async Task<ShareTokenRefusal> AddAsync(CloudDbContext context, ShareToken row, CancellationToken cancellationToken)
    {
        // Under the user's lock, so that two at once are counted as two, and none is made for a user that is going.
        if (!await UserLock.TakeAsync(context, row.UserId, cancellationToken)) return ShareTokenRefusal.UnknownCamera;
        if (Judge(await FindAsync(context, row.UserId, row.CameraId, cancellationToken)) is var refusal and not ShareTokenRefusal.None) return refusal;
        var now = _time.GetUtcNow();
        var unused = context.Set<ShareToken>().Where(t => t.CameraId == row.CameraId && t.State != ShareTokenState.Used);
        if (await unused.CountAsync(t => t.State == ShareTokenState.Open && t.ExpiresAt > now, cancellationToken) >= _options.MaxOpenShareTokens) return ShareTokenRefusal.TooMany;
        var old = await unused.Where(t => t.State == ShareTokenState.Revoked || t.ExpiresAt <= now).OrderByDescending(t => t.CreatedAt)
            .Skip(_options.MaxOpenShareTokens * MaxEndedFactor).ToListAsync(cancellationToken);
        context.RemoveRange(old);
        context.Add(row);
        _audit.Add(context, AuditKind.ShareTokenIssued, $"camera:{row.CameraId}", row.UserId, $"token {row.Id}, {SharingText.Of(row.Mode)}, {SharingText.Of(row.UserLevel)}, for {row.Recipient ?? "anybody"}");
        return ShareTokenRefusal.None;
    }

    private Dictionary<string, object> Claims(Camera camera, ShareTokenOrder order, Guid id, DateTimeOffset issued, DateTimeOffset expires) => new(StringComparer.Ordinal)
    {
        ["iss"] = _options.PublicUrl,
        ["aud"] = _options.Xaddr,
        ["sub"] = camera.Id.ToString("D"),
        ["jti"] = id.ToString("D"),
        ["iat"] = issued.ToUnixTimeSeconds(),
        ["nbf"] = issued.ToUnixTimeSeconds(),
        ["exp"] = expires.ToUnixTimeSeconds(),
        [ShareTokenClaims.Xaddr] = _options.Xaddr,
        [ShareTokenClaims.SerialNumber] = camera.SerialNumber!,
        [ShareTokenClaims.Model] = camera.Model!,
        [ShareTokenClaims.Manufacturer] = camera.Manufacturer!,
        [ShareTokenClaims.Mode] = SharingText.Of(order.Mode),
        [ShareTokenClaims.MaxUserLevel] = SharingText.Of(order.UserLevel),
    };

    private string StateOf(ShareToken row) => row.State switch
    {
        ShareTokenState.Used => "used",
        ShareTokenState.Revoked => "revoked",
        _ => row.ExpiresAt <= _time.GetUtcNow() ? "expired" : "open",
    };

    private static Task<Camera?> FindAsync(CloudDbContext context, UserId? owner, Guid camera, CancellationToken cancellationToken) =>
        context.Set<Camera>().FirstOrDefaultAsync(c => c.Id == camera && (owner == null || c.UserId == owner), cancellationToken);

    private static ShareTokenRefusal Judge(Camera? camera) => camera switch
    {
        null => ShareTokenRefusal.UnknownCamera,
        { State: CameraState.Quarantined } => ShareTokenRefusal.Quarantined,
        { State: CameraState.Transferred } => ShareTokenRefusal.Transferred,
        { State: CameraState.Active, SerialNumber: not null, Model: not null, Manufacturer: not null } => ShareTokenRefusal.None,
        _ => ShareTokenRefusal.NeverConnected,
    };

    private static string? HostOf(string text)
    {
        if (text.Length is 0 or > ShareToken.MaxRecipientLength) return null;
        if (IPAddress.TryParse(text.Trim('[', ']'), out var address)) return address.ToString();
        return Uri.CheckHostName(text) == UriHostNameType.Dns && Uri.TryCreate($"https://{text}/", UriKind.Absolute, out var uri) && uri.IdnHost.Length <= ShareToken.MaxRecipientLength
            ? uri.IdnHost.TrimEnd('.').ToLowerInvariant()
            : null;
    }

    private static ShareTokenOutcome Refused(ShareTokenRefusal refusal) => new(refusal, null);
}
