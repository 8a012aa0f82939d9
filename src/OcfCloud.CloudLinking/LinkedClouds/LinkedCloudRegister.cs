using System.Net.Security;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using OcfCloud.CloudLinking.LinkedAccounts;
using OcfCloud.CloudLinking.Synchronisation;
using OcfCloud.CloudLinking.Targets;
using OcfCloud.Core.Audit;
using OcfCloud.Core.Mirrors;
using OcfCloud.Core.Storage;

namespace OcfCloud.CloudLinking.LinkedClouds;

/// <summary>The administrator's work on linked clouds (cloud-to-cloud.md, 2): the commands' and the console's. Reading is <see cref="LinkedCloudStore"/>'s.</summary>
public sealed class LinkedCloudRegister
{
    private const string DefaultScope = "r:* w:*";
    private const string OfflineAccess = "offline_access";
    private const string Itself = "The URL, or an endpoint, is this cloud's own: a cloud is not linked with itself.";

    private readonly Store _store;
    private readonly LinkedCloudStore _clouds;
    private readonly CloudProbe _probe;
    private readonly SealedSecrets _secrets;
    private readonly MirrorStore _mirrors;
    private readonly AccountWork _work;
    private readonly UnlinkingSignal _unlinking;
    private readonly AuditTrail _audit;
    private readonly CloudLinkingOptions _options;
    private readonly TimeProvider _time;

    internal LinkedCloudRegister(
        Store store, LinkedCloudStore clouds, CloudProbe probe, SealedSecrets secrets, MirrorStore mirrors, AccountWork work, UnlinkingSignal unlinking,
        AuditTrail audit, IOptions<CloudLinkingOptions> options, TimeProvider time)
    {
        _store = store;
        _clouds = clouds;
        _probe = probe;
        _secrets = secrets;
        _mirrors = mirrors;
        _work = work;
        _unlinking = unlinking;
        _audit = audit;
        _options = options.Value;
        _time = time;
    }

    /// <summary>The URI that the other cloud has to send users back to: to be registered there.</summary>
    public string RedirectUriOf(string name) => $"{_options.PublicUrl}/linked-clouds/{name}/callback";

    /// <summary>Looks at what the cloud says of itself and keeps it. One that is there by the same name, URL and client id is changed and keeps its accounts: secret, scope,
    /// endpoints, trust roots, certificate and UUID are then as they would be if it were added anew.</summary>
    /// <exception cref="StoreUnavailableException">The store does not answer.</exception>
    public async Task<CloudChange> AddAsync(CloudRegistration registration, CancellationToken cancellationToken)
    {
        if (RegistrationRules.RefusalOf(registration) is { } wrong) return CloudChange.Refused(wrong);
        if (IsOurs(registration.Url) || IsOurs(registration.AuthorizationEndpoint) || IsOurs(registration.TokenEndpoint)) return CloudChange.Refused(Itself);
        var draft = DraftOf(registration);
        if (await _clouds.FindAnyAsync(draft.Name, cancellationToken) is { } known && RefusalOf(known, draft) is { } taken) return CloudChange.Refused(taken);

        var hasMetadata = registration.TokenEndpoint is null;
        var found = await _probe.LookAsync(draft, hasMetadata, cancellationToken);
        if (hasMetadata && found.Metadata is null) return CloudChange.Refused(RefusalOf(found), found.Findings);
        if (found.Certificate is not { Errors: SslPolicyErrors.None }) return CloudChange.Refused(RefusalOf(found), found.Findings);

        var cloud = Complete(draft, registration, found);
        if (cloud.CloudId == _options.CloudId) return CloudChange.Refused("The other cloud has this cloud's UUID: a cloud is not linked with itself.", found.Findings);
        if (IsOurs(cloud.AuthorizationEndpoint) || IsOurs(cloud.TokenEndpoint)) return CloudChange.Refused(Itself, found.Findings);
        var change = await _store.WriteAsync((context, token) => KeepAsync(context, cloud, token), cancellationToken);
        if (change.IsUpdate) _work.Set();
        return change with { Findings = found.Findings };
    }

    /// <summary>Looks at a cloud again: its metadata, TLS, API and whether it takes our client's credentials. Changes nothing.</summary>
    /// <returns>What was found; null where there is no such cloud.</returns>
    /// <exception cref="StoreUnavailableException">The store does not answer.</exception>
    public async Task<CloudTest?> TestAsync(string name, CancellationToken cancellationToken) =>
        await _clouds.FindAsync(name, cancellationToken) is { } cloud ? await _probe.TestAsync(cloud, cancellationToken) : null;

    /// <summary>Removes a cloud: its devices go now, its accounts are unlinked there as soon as it answers, then its row goes.</summary>
    /// <returns>The cloud that was removed, or why none was.</returns>
    /// <exception cref="StoreUnavailableException">The store does not answer.</exception>
    public async Task<CloudChange> RemoveAsync(string name, CancellationToken cancellationToken)
    {
        var removed = await _store.WriteAsync((context, token) => RemoveAsync(context, name, token), cancellationToken);
        if (removed is null) return CloudChange.Refused($"There is no linked cloud \"{name}\".");
        _unlinking.Set();
        return new CloudChange(removed, Refusal: null);
    }

    private async Task<LinkedCloud?> RemoveAsync(CloudDbContext context, string name, CancellationToken cancellationToken)
    {
        if (await context.Set<LinkedCloud>().Where(c => c.Name == name && !c.Removing).Select(c => (Guid?)c.Id).SingleOrDefaultAsync(cancellationToken) is not { } id) return null;
        var accounts = context.Set<LinkedAccount>().Where(account => account.LinkedCloudId == id);

        // Users in order of id and before the cloud, as everybody locks them.
        var users = await accounts.Select(account => account.UserId).Distinct().OrderBy(user => user).ToListAsync(cancellationToken);
        foreach (var user in users) await _mirrors.RemoveAllAsync(context, user, id, cancellationToken);
        if (await CloudLock.TakeAsync(context, id, cancellationToken) is not { } cloud) return null;
        cloud.Removing = true;
        _audit.Add(context, AuditKind.CloudRemoved, $"cloud:{cloud.Name}", user: null, cloud.Url);
        await context.Set<LinkAttempt>().Where(attempt => attempt.LinkedCloudId == id).ExecuteDeleteAsync(cancellationToken);

        // Those that were replaced before included: their tokens were kept till now. Whoever linked after the users were read is not locked, and left to the sweep.
        await AccountEnding.BeginAsync(accounts.Where(account => users.Contains(account.UserId)), _time.GetUtcNow(), cancellationToken);
        if (!await accounts.AnyAsync(cancellationToken)) context.Remove(cloud);
        return cloud;
    }

    private async Task<CloudChange> KeepAsync(CloudDbContext context, LinkedCloud cloud, CancellationToken cancellationToken)
    {
        var known = await context.Set<LinkedCloud>().AsNoTracking().SingleOrDefaultAsync(one => one.Name == cloud.Name, cancellationToken);
        if (known is null)
        {
            context.Add(cloud);
            _audit.Add(context, AuditKind.CloudAdded, $"cloud:{cloud.Name}", user: null, cloud.Url);
            return new CloudChange(cloud, Refusal: null);
        }

        if (RefusalOf(known, cloud) is { } refusal) return CloudChange.Refused(refusal);

        // Before its accounts, as everybody locks them; somebody may have begun to remove it meanwhile.
        if (await CloudLock.TakeAsync(context, known.Id, cancellationToken) is not { } former) return CloudChange.Refused(BeingRemoved(known));
        former.TakeOver(cloud);
        _audit.Add(context, AuditKind.CloudChanged, $"cloud:{former.Name}", user: null, former.Url);

        // What came to nothing by what was wrong is tried again now.
        var accounts = context.Set<LinkedAccount>().Where(account => account.LinkedCloudId == former.Id);
        await accounts.Where(account => account.RefreshNode == null && account.RefreshUntil != null)
            .ExecuteUpdateAsync(row => row.SetProperty(account => account.RefreshUntil, (DateTimeOffset?)null), cancellationToken);
        var now = _time.GetUtcNow();
        await accounts.Where(account => account.State == AccountState.Linked && account.Trouble != null)
            .ExecuteUpdateAsync(row => row.SetProperty(account => account.DueAt, now), cancellationToken);
        return new CloudChange(former, Refusal: null) { IsUpdate = true };
    }

    private static string BeingRemoved(LinkedCloud cloud) => $"The linked cloud \"{cloud.Name}\" is still being removed: its accounts are being unlinked there.";

    // Accounts and their devices are that cloud's, and their tokens our client's: with another of either they would be worth nothing.
    private static string? RefusalOf(LinkedCloud former, LinkedCloud wanted) => former switch
    {
        { Removing: true } => BeingRemoved(former),
        _ when former.Url != wanted.Url => $"There is a linked cloud \"{former.Name}\" already, at another URL: remove it first.",
        _ when former.ClientId != wanted.ClientId => $"There is a linked cloud \"{former.Name}\" already, with another client id, which its accounts' tokens are bound to: remove it first.",
        _ => null,
    };

    // By another name of this cloud its metadata has another issuer than the URL, which is refused.
    private bool IsOurs(string? url) => !string.IsNullOrEmpty(url) && _options.PublicUrl.Length > 0 && new Uri(url) is var other && new Uri(_options.PublicUrl) is var own
        && string.Equals(other.IdnHost, own.IdnHost, StringComparison.OrdinalIgnoreCase) && other.Port == own.Port;

    private static string RefusalOf(CloudProbe.Found found)
    {
        var tls = found.Findings.First(finding => finding.Subject == "TLS");
        return found.Certificate is null || tls.IsGood ? found.Findings.First(finding => !finding.IsGood && finding.Subject != "TLS").Words : tls.Words;
    }

    private LinkedCloud DraftOf(CloudRegistration registration)
    {
        var key = registration.ClientCertificate is null ? null : registration.ClientKey ?? registration.ClientCertificate;
        return new LinkedCloud
        {
            Id = Guid.CreateVersion7(),
            Name = registration.Name,
            Url = RegistrationRules.UrlOf(registration),
            ClientId = registration.ClientId,
            ClientSecret = _secrets.Seal(SecretPurpose.ClientSecret, registration.ClientSecret),
            Scope = registration.Scope ?? $"{DefaultScope} {OfflineAccess}",
            AuthorizationEndpoint = registration.AuthorizationEndpoint ?? "",
            TokenEndpoint = registration.TokenEndpoint ?? "",
            RevocationEndpoint = registration.RevocationEndpoint,
            TrustAnchors = RegistrationRules.CertificatesOf(registration.TrustAnchors),
            ClientCertificate = RegistrationRules.CertificatesOf(registration.ClientCertificate),
            ClientKey = key is null ? null : _secrets.Seal(SecretPurpose.ClientKey, key),
            CreatedAt = _time.GetUtcNow(),
        };
    }

    private static LinkedCloud Complete(LinkedCloud cloud, CloudRegistration registration, CloudProbe.Found found)
    {
        cloud.CloudId = registration.CloudId ?? found.Certificate?.CloudId ?? NamedUuid.OfUrl(cloud.Url);
        if (found.Metadata is not { } metadata) return cloud;
        cloud.Issuer = metadata.Issuer;
        cloud.SendsIssuer = metadata.SendsIssuer;
        cloud.AuthorizationEndpoint = metadata.AuthorizationEndpoint;
        cloud.TokenEndpoint = metadata.TokenEndpoint;
        cloud.RevocationEndpoint = metadata.RevocationEndpoint;
        if (registration.Scope is null && metadata.Scopes is { } scopes && !scopes.Contains(OfflineAccess)) cloud.Scope = DefaultScope;
        return cloud;
    }
}
