using System.Globalization;
using System.Net.Security;
using System.Security.Cryptography;
using Microsoft.Extensions.Options;
using OcfCloud.CloudLinking.Targets;

namespace OcfCloud.CloudLinking.LinkedClouds;

/// <summary>Looks at a cloud as far as can be seen without a user's account, and says what it found in words.</summary>
internal sealed class CloudProbe(TargetPipelines pipelines, CloudDiscovery discovery, TokenCalls calls, TimeProvider time, IOptions<CloudLinkingOptions> options)
{
    private const int MaxAnswer = 1024 * 1024;

    /// <summary>Metadata and certificate of a cloud that is to be added; its API too.</summary>
    public async Task<Found> LookAsync(LinkedCloud cloud, bool hasMetadata, CancellationToken cancellationToken)
    {
        var presented = new PresentedCertificate();
        using var pipeline = pipelines.Create(cloud, presented.Note);
        var (metadata, words) = hasMetadata ? await discovery.FindAsync(pipeline.Cloud.Url, place => GetAsync(pipeline, place, cancellationToken), cancellationToken) : (null, null);
        var api = await ApiAsync(pipeline, cancellationToken);
        List<CloudFinding> findings = [];
        if (hasMetadata) findings.Add(metadata is null ? new("metadata", IsGood: false, words!) : Of(metadata));
        findings.Add(Tls(presented));
        findings.Add(api);
        return new Found(metadata, presented.First, findings);
    }

    /// <summary>A cloud that was added: all of that, what changed since, and whether it takes our credentials.</summary>
    public async Task<CloudTest> TestAsync(LinkedCloud cloud, CancellationToken cancellationToken)
    {
        var found = await LookAsync(cloud, hasMetadata: cloud.Issuer is not null, cancellationToken);
        List<CloudFinding> findings = [.. found.Findings];
        if (found.Metadata is { } metadata && !SaysTheSame(metadata, cloud))
        {
            findings[0] = new("metadata", IsGood: false, "The metadata document names other endpoints than when the cloud was added: add it again with the same name and URL.");
        }

        using var pipeline = pipelines.Create(cloud, presented: null);
        findings.Add(await ClientAsync(pipeline, cloud, cancellationToken));
        return new CloudTest(findings);
    }

    private async Task<TargetAnswer> GetAsync(TargetPipeline pipeline, string url, CancellationToken cancellationToken, string? token = null)
    {
        using var deadline = new CancellationTokenSource(options.Value.RequestTimeout, time);
        using var request = new HttpRequestMessage(HttpMethod.Get, url);
        TargetHttp.Prepare(request);
        request.Headers.TryAddWithoutValidation("Accept", "application/json");
        request.Headers.TryAddWithoutValidation("Correlation-ID", Guid.NewGuid().ToString("D"));
        if (token is not null) request.Headers.TryAddWithoutValidation("Authorization", $"Bearer {token}");
        return await pipeline.SendAsync(TargetLane.Background, request, MaxAnswer, TargetSubject.Cloud, cancellationToken, deadline.Token);
    }

    private async Task<CloudFinding> ApiAsync(TargetPipeline pipeline, CancellationToken cancellationToken)
    {
        // A request without a token is none of the API's (cloud-to-cloud.md, 2): it is asked with one that nobody was given.
        var answer = await GetAsync(pipeline, pipeline.Cloud.Url + TargetPath.Devices, cancellationToken, NoToken());
        return answer switch
        {
            { Outcome: not TargetOutcome.Answered } => Api(isGood: false, answer.Detail ?? "The API does not answer."),
            { Status: 401 } => Api(isGood: true, "The Devices API is there and checks tokens."),
            { Status: >= 200 and < 300 } => Api(isGood: false, "The Devices API takes a token that was never issued: this is no cloud to trust."),
            { Status: 404 } => Api(isGood: false, $"There is no Devices API: {TargetPath.Devices} below the URL is not found."),
            _ => Api(isGood: false, $"The Devices API answers a token that was never issued with status {answer.Status} instead of 401."),
        };

        static CloudFinding Api(bool isGood, string words) => new("API", isGood, words);
    }

    // A refresh token that nobody was given: who complains of the token has accepted the client (RFC 6749, 5.2).
    private async Task<CloudFinding> ClientAsync(TargetPipeline pipeline, LinkedCloud cloud, CancellationToken cancellationToken)
    {
        var outcome = TokenCalls.Read(await calls.PostAsync(
            pipeline, cloud, cloud.TokenEndpoint, [new("grant_type", "refresh_token"), new("refresh_token", NoToken())], cancellationToken));
        return outcome switch
        {
            { Error: TokenErrors.InvalidGrant } => new("client", IsGood: true, "The client id and secret are accepted."),
            { Error: TokenErrors.InvalidClient } => new("client", IsGood: false, "The client id and secret are not accepted."),
            { Error: { } error } => new("client", IsGood: true, $"The client id and secret are not refused, as far as can be seen ({error})."),
            { Tokens: not null } => new("client", IsGood: false, "The token endpoint issues tokens for a refresh token that was never issued."),
            _ => new("client", IsGood: false, outcome.Words ?? "The token endpoint does not answer."),
        };
    }

    private static string NoToken() => Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16));

    private static CloudFinding Of(CloudMetadata metadata)
    {
        var words = $"The metadata document of {metadata.Issuer} names its endpoints.";
        // 30118-10, 7.1: Basic is what a client uses.
        return metadata.ClientAuthentication.Contains("client_secret_basic")
            ? new("metadata", IsGood: true, words)
            : new("metadata", IsGood: false, $"{words} But clients cannot authenticate by HTTP Basic there.");
    }

    private static CloudFinding Tls(PresentedCertificate presented) => presented.First switch
    {
        null => new("TLS", IsGood: false, "There was no TLS handshake."),
        { Errors: SslPolicyErrors.None } seen => new(
            "TLS", IsGood: true, $"The certificate of \"{Visible(seen.Name)}\" is trusted, until {seen.NotAfter.ToString("u", CultureInfo.InvariantCulture)}."),
        { } seen => new("TLS", IsGood: false, $"There is no trusted TLS: {PresentedCertificate.WordsOf(seen.Errors)}."),
    };

    // The other end wrote it, and a terminal would obey it.
    private static string Visible(string name) => string.Concat(name.Take(128).Select(c => char.IsControl(c) ? '?' : c));

    private static bool SaysTheSame(CloudMetadata metadata, LinkedCloud cloud) =>
        metadata.Issuer == cloud.Issuer && metadata.AuthorizationEndpoint == cloud.AuthorizationEndpoint && metadata.TokenEndpoint == cloud.TokenEndpoint
        && metadata.RevocationEndpoint == cloud.RevocationEndpoint && metadata.SendsIssuer == cloud.SendsIssuer;

    /// <summary>What was found at a cloud.</summary>
    internal sealed record Found(CloudMetadata? Metadata, PresentedCertificate.Seen? Certificate, IReadOnlyList<CloudFinding> Findings);
}
