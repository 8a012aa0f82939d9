using System.Globalization;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using OcfCloud.CloudLinking.LinkedClouds;
using OcfCloud.CloudLinking.Synchronisation;
using OcfCloud.CloudLinking.Targets;
using OcfCloud.Core.Devices;
using OcfCloud.Core.Storage;

namespace OcfCloud.CloudLinking.LinkedAccounts;

/// <summary>
/// Links a user's account of another cloud by the authorization code grant (cloud-to-cloud.md, 2; RFC 6749, 4.1; RFC 7636; RFC 9207).
/// <code>
///   Link ──► attempt: hash of state, hash of the browser's cookie, sealed verifier ──► the other cloud's authorization endpoint
///   callback ──► the attempt of this state, user, cloud and browser, once ──► iss ──► error? code? ──► the code is exchanged
///            ──► in one transaction: the former account is left to be cleaned up, the new one to be retrieved
/// </code>
/// </summary>
public sealed partial class AccountLinking
{
    private const string NotOurs =
        "This answer of another cloud does not belong to a link that you started in this browser, or it came too late or twice. " + AuthorizationErrors.Again;

    private readonly LinkedCloudStore _clouds;
    private readonly LinkAttempts _attempts;
    private readonly ITokenCalls _calls;
    private readonly SealedSecrets _secrets;
    private readonly AccountReplacement _accounts;
    private readonly AccountWork _work;
    private readonly CloudLinkingOptions _cloud;
    private readonly LinkedAccountOptions _options;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;

    internal AccountLinking(
        LinkedCloudStore clouds, LinkAttempts attempts, ITokenCalls calls, SealedSecrets secrets, AccountReplacement accounts, AccountWork work,
        IOptions<CloudLinkingOptions> cloud, IOptions<LinkedAccountOptions> options, TimeProvider time, ILogger<AccountLinking> logger)
    {
        _clouds = clouds;
        _attempts = attempts;
        _calls = calls;
        _secrets = secrets;
        _accounts = accounts;
        _work = work;
        _cloud = cloud.Value;
        _options = options.Value;
        _time = time;
        _logger = logger;
    }

    /// <summary>How long the browser has to keep its cookie.</summary>
    public TimeSpan AttemptLifetime => _options.AttemptLifetime;

    /// <summary>Begins a link.</summary>
    /// <param name="user">The user who is logged in.</param>
    /// <param name="cloudName">The linked cloud.</param>
    /// <param name="browser">What the browser brought of an earlier begin; anything else than such a value is replaced.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="StoreUnavailableException">The store does not answer.</exception>
    public async Task<LinkStart> StartAsync(UserId user, string cloudName, string? browser, CancellationToken cancellationToken)
    {
        if (await _clouds.FindAsync(cloudName, cancellationToken) is not { } cloud) return NoSuchCloud();

        // Links that are begun in several windows of one browser share its cookie: none of them makes another fail.
        var held = LinkSecrets.IsOne(browser) ? browser! : LinkSecrets.Make();
        var (state, verifier) = (LinkSecrets.Make(), LinkSecrets.Make());
        var attempt = new LinkAttempt
        {
            StateHash = LinkSecrets.Hash(state),
            UserId = user,
            LinkedCloudId = cloud.Id,
            BrowserHash = LinkSecrets.Hash(held),
            Verifier = _secrets.Seal(SecretPurpose.CodeVerifier, verifier),
            RedirectUri = string.Create(CultureInfo.InvariantCulture, $"{_cloud.PublicUrl}/linked-clouds/{cloud.Name}/callback"),
            ExpiresAt = _time.GetUtcNow() + _options.AttemptLifetime,
        };
        if (!await _attempts.AddAsync(attempt, cancellationToken)) return NoSuchCloud();

        // RFC 6749, 3.1: a query that the endpoint has stays.
        var location = QueryHelpers.AddQueryString(cloud.AuthorizationEndpoint, new Dictionary<string, string?>(StringComparer.Ordinal)
        {
            ["response_type"] = "code",
            ["client_id"] = cloud.ClientId,
            ["redirect_uri"] = attempt.RedirectUri,
            ["scope"] = cloud.Scope,
            ["state"] = state,
            ["code_challenge"] = LinkSecrets.ChallengeOf(verifier),
            ["code_challenge_method"] = "S256",
        });
        return new LinkStart(location, held, Refusal: null);

        static LinkStart NoSuchCloud() => new(null, null, "There is no linked cloud of this name (any more).");
    }

    /// <summary>Ends a link with the answer that the browser brought.</summary>
    /// <param name="user">The user who is logged in.</param>
    /// <param name="cloudName">The linked cloud whose callback was called.</param>
    /// <param name="browser">The value of the browser's cookie; null: it has none.</param>
    /// <param name="answer">The answer.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="StoreUnavailableException">The store does not answer.</exception>
    public async Task<LinkOutcome> CompleteAsync(UserId user, string cloudName, string? browser, LinkAnswer answer, CancellationToken cancellationToken)
    {
        if (answer.IsRepeated || !LinkSecrets.IsOne(answer.State) || !LinkSecrets.IsOne(browser)
            || await _clouds.FindAsync(cloudName, cancellationToken) is not { } cloud
            || await _attempts.TakeAsync(answer.State!, user, cloud.Id, browser!, CancellationToken.None) is not { } attempt)
        {
            return new LinkOutcome(NotOurs);
        }

        // The attempt is used up and the code too: a browser that leaves or loads the page anew does not take the link along. The calls end by their own time limits.
        return await CompleteAsync(cloud, attempt, answer, CancellationToken.None) with { Cloud = cloud.Name };
    }

    private async Task<LinkOutcome> CompleteAsync(LinkedCloud cloud, LinkAttempt attempt, LinkAnswer answer, CancellationToken cancellationToken)
    {
        if (!IsFrom(cloud, answer.Issuer))
        {
            // RFC 9207, 2.4: nothing of such an answer is used, its code least of all.
            LogOtherIssuer(cloud.Name);
            return new LinkOutcome("The answer did not come from the cloud that you were sent to. " + AuthorizationErrors.Again);
        }

        if (answer.Error is { Length: > 0 } error) return new LinkOutcome(AuthorizationErrors.OfAuthorization(error), AuthorizationErrors.Said(answer.ErrorDescription));
        if (answer.Code is not { Length: > 0 } code) return new LinkOutcome("The answer of the other cloud lacks its permission (code). " + AuthorizationErrors.Again);
        if (_secrets.TryOpen(SecretPurpose.CodeVerifier, attempt.Verifier) is not { } verifier)
            return new LinkOutcome("This cloud's keys were changed in between. " + AuthorizationErrors.Again);
        var exchanged = await _calls.ExchangeCodeAsync(cloud, code, verifier, attempt.RedirectUri, cancellationToken);
        return exchanged.Tokens is { } tokens
            ? await KeepAsync(attempt.UserId, cloud, tokens, cancellationToken)
            : new LinkOutcome(AuthorizationErrors.OfToken(exchanged.Error, exchanged.Words));
    }

    // RFC 9207, 2.4: compared as texts. Without metadata there is nothing to compare with.
    private static bool IsFrom(LinkedCloud cloud, string? issuer) => issuer is null ? !cloud.SendsIssuer : cloud.Issuer is null || string.Equals(cloud.Issuer, issuer, StringComparison.Ordinal);

    private async Task<LinkOutcome> KeepAsync(UserId user, LinkedCloud cloud, ReceivedTokens tokens, CancellationToken cancellationToken)
    {
        var now = _time.GetUtcNow();
        var account = new LinkedAccount
        {
            Id = Guid.NewGuid(),
            UserId = user,
            LinkedCloudId = cloud.Id,
            State = AccountState.Linked,
            AccessToken = _secrets.Seal(SecretPurpose.AccessToken, tokens.AccessToken),
            RefreshToken = tokens.RefreshToken is { } refresh ? _secrets.Seal(SecretPurpose.RefreshToken, refresh) : null,
            ExpiresAt = now + tokens.ExpiresIn,

            // RFC 6749, 5.1: left out where it is what was asked for.
            Scope = tokens.Scope ?? cloud.Scope,
            LinkedAt = now,
            NeedsRetrieval = true,
            DueAt = now,
        };
        try
        {
            if (await _accounts.ReplaceAsync(account, cancellationToken))
            {
                _work.Set();
                LogLinked(user, cloud.Name);
                return LinkOutcome.Linked;
            }
        }
        catch (StoreUnavailableException)
        {
            await GiveBackAsync(cloud, tokens, cancellationToken);
            throw;
        }

        await GiveBackAsync(cloud, tokens, cancellationToken);
        return new LinkOutcome("The other cloud was removed from this one in between. Nothing was linked.");
    }

    // Tokens that nobody keeps are of use to nobody but who finds them.
    private async Task GiveBackAsync(LinkedCloud cloud, ReceivedTokens tokens, CancellationToken cancellationToken)
    {
        if (tokens.RefreshToken is { } refresh) await _calls.RevokeAsync(cloud, refresh, isRefreshToken: true, cancellationToken);
        await _calls.RevokeAsync(cloud, tokens.AccessToken, isRefreshToken: false, cancellationToken);
    }
}
