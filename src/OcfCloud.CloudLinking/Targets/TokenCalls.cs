using Duende.IdentityModel.Client;
using Microsoft.Extensions.Options;
using OcfCloud.CloudLinking.LinkedClouds;

namespace OcfCloud.CloudLinking.Targets;

/// <summary>See <see cref="ITokenCalls"/>. Once sent, a request comes to its end even where its caller leaves: a Target that issued tokens holds the old ones for used.</summary>
internal sealed class TokenCalls(TargetPipelines pipelines, SealedSecrets secrets, IOptions<CloudLinkingOptions> options, TimeProvider time) : ITokenCalls
{
    private const int MaxAnswer = 64 * 1024;

    public async Task<TokenOutcome> ExchangeCodeAsync(LinkedCloud cloud, string code, string verifier, string redirectUri, CancellationToken cancellationToken)
    {
        List<KeyValuePair<string, string>> form =
        [
            new("grant_type", "authorization_code"), new("code", code), new("redirect_uri", redirectUri), new("code_verifier", verifier),
        ];

        // 30118-10, 7.1: the scope again. RFC 6749, 4.1.3 knows no such parameter here, and some servers refuse it.
        if (!cloud.Scope.Split(' ').Contains("offline_access")) return await RequestAsync(cloud, form, cancellationToken);
        var outcome = await RequestAsync(cloud, [.. form, new("scope", cloud.Scope)], cancellationToken);
        return outcome.Error == TokenErrors.InvalidRequest ? await RequestAsync(cloud, form, cancellationToken) : outcome;
    }

    public Task<TokenOutcome> RefreshAsync(LinkedCloud cloud, string refreshToken, CancellationToken cancellationToken) =>
        RequestAsync(cloud, [new("grant_type", "refresh_token"), new("refresh_token", refreshToken)], cancellationToken);

    public async Task<bool> RevokeAsync(LinkedCloud cloud, string token, bool isRefreshToken, CancellationToken cancellationToken)
    {
        if (cloud.RevocationEndpoint is not { } endpoint) return true;
        var answer = await PostAsync(
            cloud, endpoint, [new("token", token), new("token_type_hint", isRefreshToken ? "refresh_token" : "access_token")], cancellationToken);

        // RFC 7009, 2.2: 200 also for a token that is none. Another refusal would come again; 5xx and 429 may not (2.2.1).
        return answer is { Outcome: TargetOutcome.Answered, Status: < 500 and not (408 or 429) };
    }

    /// <summary>Reads what a token endpoint answered.</summary>
    public static TokenOutcome Read(TargetAnswer answer)
    {
        if (answer.Outcome != TargetOutcome.Answered) return new TokenOutcome(Tokens: null) { Words = answer.Detail, RetryAfter = answer.RetryAfter };
        if (answer.Status == 200)
        {
            var (tokens, words) = TokenAnswer.Read(answer.Body);
            return new TokenOutcome(tokens) { Words = words };
        }

        if (answer.Status is 400 or 401 or 403 && TokenErrors.CodeOf(answer.Body) is { } error) return Refused(error);
        // RFC 6749, 5.2: 401 is for a client that was not accepted, whatever else the body says.
        if (answer.Status == 401) return Refused(TokenErrors.InvalidClient);
        return new TokenOutcome(Tokens: null)
        {
            RetryAfter = answer.RetryAfter,
            Words = answer.Status switch
            {
                429 or >= 500 => $"The other cloud cannot issue tokens now (status {answer.Status}).",
                >= 300 and < 400 => "The other cloud's token endpoint sends us elsewhere, which is not followed.",
                _ => $"The other cloud's token endpoint answers with status {answer.Status} and nothing that can be read.",
            },
        };
    }

    private static TokenOutcome Refused(string error) => new(Tokens: null) { Error = error, Words = TokenErrors.WordsOf(error) };

    private async Task<TokenOutcome> RequestAsync(LinkedCloud cloud, IEnumerable<KeyValuePair<string, string>> form, CancellationToken cancellationToken) =>
        Read(await PostAsync(cloud, cloud.TokenEndpoint, form, cancellationToken));

    private async Task<TargetAnswer> PostAsync(LinkedCloud cloud, string endpoint, IEnumerable<KeyValuePair<string, string>> form, CancellationToken cancellationToken)
    {
        if (await pipelines.TakeAsync(cloud.Id, cancellationToken) is not { } use) return new TargetAnswer(TargetOutcome.Unreachable) { Detail = "The other cloud was removed." };
        return await PostAsync(use, cloud, endpoint, form, cancellationToken).WaitAsync(cancellationToken);
    }

    private async Task<TargetAnswer> PostAsync(
        SharedPipeline.Use use, LinkedCloud cloud, string endpoint, IEnumerable<KeyValuePair<string, string>> form, CancellationToken queue)
    {
        using (use)
        {
            return await PostAsync(use.Pipeline, cloud, endpoint, form, queue);
        }
    }

    /// <summary>The same on a pipeline of the caller's.</summary>
    internal async Task<TargetAnswer> PostAsync(
        TargetPipeline pipeline, LinkedCloud cloud, string endpoint, IEnumerable<KeyValuePair<string, string>> form, CancellationToken queue)
    {
        if (secrets.TryOpen(SecretPurpose.ClientSecret, cloud.ClientSecret) is not { } secret)
        {
            return new TargetAnswer(TargetOutcome.Unreachable)
            {
                Detail = "This cloud can no longer read its client secret for the other one: an administrator has to add that cloud again.",
            };
        }

        using var deadline = new CancellationTokenSource(options.Value.TokenTimeout, time);
        using var request = new HttpRequestMessage(HttpMethod.Post, endpoint) { Content = new FormUrlEncodedContent(form) };
        TargetHttp.Prepare(request);
        // RFC 6749, 2.3.1: both form-urlencoded before they are joined.
        request.Headers.Authorization = new BasicAuthenticationOAuthHeaderValue(cloud.ClientId, secret);
        request.Headers.TryAddWithoutValidation("Accept", "application/json");
        request.Headers.TryAddWithoutValidation("Correlation-ID", Guid.NewGuid().ToString("D"));
        return await pipeline.SendAsync(TargetLane.Tokens, request, MaxAnswer, TargetSubject.Cloud, queue, deadline.Token);
    }
}
