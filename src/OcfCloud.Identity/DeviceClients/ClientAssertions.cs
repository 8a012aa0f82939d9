using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using OcfCloud.Core.Storage;
using OcfCloud.Identity.AuthorizationServer;
using OcfCloud.Identity.Tokens;

namespace OcfCloud.Identity.DeviceClients;

/// <summary>Checks what devices prove by a signature that they are who they are (<c>private_key_jwt</c>). Each assertion is good once.</summary>
internal sealed partial class ClientAssertions(
    Store store, IOptions<AccessTokenOptions> tokens, IOptions<DeviceClientOptions> options, TimeProvider time, ILogger<ClientAssertions> logger)
{
    // Clocks of cameras are what they are.
    private static readonly TimeSpan Skew = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan MostAhead = TimeSpan.FromMinutes(10);

    /// <summary>Takes an assertion.</summary>
    /// <param name="text">The JWS.</param>
    /// <param name="clientId">The client that the request names beside it; null: none.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The client's id; null where it proves nothing.</returns>
    /// <exception cref="StoreUnavailableException">The store does not answer.</exception>
    public async Task<string?> AcceptAsync(string text, string? clientId, CancellationToken cancellationToken)
    {
        if (ClientAssertion.Read(text) is not { } assertion) return Refuse(clientId, "it is not read");
        var client = assertion.ClientId;
        if (clientId is not null && clientId != client) return Refuse(clientId, "it is another client's");
        if (!IsForUs(assertion.Audience)) return Refuse(client, "it is for another audience");
        var now = time.GetUtcNow();
        if (assertion.ExpiresAt <= Seconds(now - Skew)) return Refuse(client, "it is over");
        if (assertion.ExpiresAt > Seconds(now + MostAhead + Skew)) return Refuse(client, "its end is too far ahead");
        if (assertion.NotBefore > Seconds(now + Skew)) return Refuse(client, "its beginning is ahead");
        var keys = await store.ReadAsync((context, token) => context.Set<DeviceClientKey>().Where(key => key.ClientId == client).ToListAsync(token), cancellationToken);

        // One that signed under this name before comes first; the name alone decides nothing.
        var signer = keys.OrderByDescending(key => key.KeyId is not null && key.KeyId == assertion.KeyId).FirstOrDefault(key => assertion.IsSignedBy(key.Jwk));
        if (signer is null) return Refuse(client, keys.Count == 0 ? "the client has no key" : "none of the client's keys signed it");
        return await UseUpAsync(assertion, signer.Thumbprint, now, cancellationToken) is { } refusal ? Refuse(client, refusal) : client;
    }

    /// <summary>Uses an assertion up; why it is of no use any more, or null.</summary>
    private Task<string?> UseUpAsync(ClientAssertion assertion, string thumbprint, DateTimeOffset now, CancellationToken cancellationToken) => store.WriteAsync(
        async (context, token) =>
        {
            var used = context.Set<UsedAssertion>();
            if (await used.AnyAsync(row => row.ClientId == assertion.ClientId && row.Jti == assertion.Jti, token)) return "it was used before";
            if (await used.CountAsync(row => row.ClientId == assertion.ClientId && row.ExpiresAt > now, token) >= options.Value.MaxLiveAssertions) return "the client has used too many";
            if (await context.Set<DeviceClientKey>().SingleOrDefaultAsync(key => key.Thumbprint == thumbprint && key.ClientId == assertion.ClientId, token) is not { } signer)
                return "the client was removed";
            signer.KeyId ??= assertion.KeyId;
            used.Add(new UsedAssertion
            {
                ClientId = assertion.ClientId,
                Jti = assertion.Jti,
                ExpiresAt = DateTimeOffset.FromUnixTimeSeconds((long)assertion.ExpiresAt + 1) + Skew,
            });
            return (string?)null;
        },
        cancellationToken);

    // draft-ietf-oauth-rfc7523bis names the issuer, OpenID Connect Core the token endpoint.
    private bool IsForUs(string audience) =>
        audience == tokens.Value.Issuer || audience == tokens.Value.Issuer + OAuthPaths.Token || (options.Value.MutualTlsTokenEndpoint is { } alias && audience == alias);

    private string? Refuse(string? clientId, string reason)
    {
        LogRefused(LoggedId.Of(clientId), reason);
        return null;
    }

    private static double Seconds(DateTimeOffset at) => at.ToUnixTimeMilliseconds() / 1000.0;

    [LoggerMessage(Level = LogLevel.Information, Message = "An assertion of the client {ClientId} is not taken: {Reason}")]
    private partial void LogRefused(string clientId, string reason);
}
