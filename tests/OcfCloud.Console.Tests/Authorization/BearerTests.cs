using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;
using OcfCloud.Console.Tests.Support;
using OcfCloud.Core.Devices;
using OcfCloud.Identity.SigningKeys;
using OcfCloud.Identity.Tokens;

namespace OcfCloud.Console.Tests.Authorization;

/// <summary>Which bearer tokens the APIs take (RFC 6750, RFC 9068, 4).</summary>
public sealed class BearerTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly FakeTimeProvider _time = new(TimeProvider.System.GetUtcNow());

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Tokens_that_are_missing_forged_or_meant_for_others_are_401()
    {
        await using var cloud = await TestCloud.StartAsync(_folder, _time);
        var alice = await cloud.AddUserAsync("alice");
        var peer = await cloud.AddPeerAsync();
        var good = (await peer.LinkAsync("alice")).AccessToken;
        Assert.Equal(HttpStatusCode.OK, await peer.CallAsync(good));
        var ours = await cloud.Services.GetRequiredService<TokenSigningKeys>().CurrentAsync(Cancellation);
        using var pair = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var theirs = new SigningCredentials(new ECDsaSecurityKey(pair) { KeyId = ours.Key.KeyId }, SecurityAlgorithms.EcdsaSha256);
        var publicKey = new SymmetricSecurityKey(((ECDsaSecurityKey)ours.Key).ECDsa.ExportSubjectPublicKeyInfo()) { KeyId = ours.Key.KeyId };
        var parts = good.Split('.');
        string Signed(SigningCredentials credentials, string type = "at+jwt", string audience = "ocfcloud", string? issuer = null, string? subject = null) => new JsonWebTokenHandler().CreateToken(new SecurityTokenDescriptor
        {
            TokenType = type,
            Issuer = issuer ?? cloud.Issuer,
            Audience = audience,
            // By the cloud's clock, which stands still: the test may take longer than the difference of clocks that is allowed.
            IssuedAt = _time.GetUtcNow().UtcDateTime,
            NotBefore = _time.GetUtcNow().UtcDateTime,
            Expires = _time.GetUtcNow().UtcDateTime.AddMinutes(5),
            SigningCredentials = credentials,
            Claims = new Dictionary<string, object> { ["sub"] = subject ?? alice.Id.ToString(), ["client_id"] = "x", ["scope"] = "r:*" },
        });
        Assert.Equal(HttpStatusCode.OK, await peer.CallAsync(Signed(ours)));
        Dictionary<string, string?> bad = new()
        {
            ["missing"] = null,
            ["empty"] = "",
            ["no JWT"] = "abc",
            ["another key of the same name"] = Signed(theirs),
            ["HS256 with the public key as the secret"] = Signed(new SigningCredentials(publicKey, SecurityAlgorithms.HmacSha256)),
            ["alg none"] = $"{Encode("{\"alg\":\"none\",\"typ\":\"at+jwt\"}")}.{parts[1]}.",
            ["no signature"] = $"{parts[0]}.{parts[1]}.",
            ["changed payload"] = $"{parts[0]}.{Encode(Base64UrlEncoder.Decode(parts[1]).Replace("r:*", "x:*", StringComparison.Ordinal))}.{parts[2]}",
            ["no access token"] = Signed(ours, type: "JWT"),
            ["another audience"] = Signed(ours, audience: "others"),
            ["another issuer"] = Signed(ours, issuer: "https://evil.example"),
            ["no such user"] = Signed(ours, subject: Guid.NewGuid().ToString()),
        };

        foreach (var (why, token) in bad)
        {
            using var answer = await peer.RequestAsync(token);

            Assert.Equal((why, HttpStatusCode.Unauthorized), (why, answer.StatusCode));
            var challenge = answer.Headers.WwwAuthenticate.ToString();
            Assert.StartsWith("Bearer realm=\"ocfcloud\"", challenge, StringComparison.Ordinal);
            Assert.Equal((why, why is not "missing" and not "empty"), (why, challenge.Contains("error=\"invalid_token\"", StringComparison.Ordinal)));
            var problem = await ProblemAsync(answer);
            Assert.Contains("access token", problem, StringComparison.Ordinal);
            Assert.Contains("scope \"r:*\"", problem, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Without_the_scope_the_answer_says_which_is_missing()
    {
        await using var cloud = await TestCloud.StartAsync(_folder, _time);
        await cloud.AddUserAsync("alice");
        var peer = await cloud.AddPeerAsync();
        var tokens = await peer.LinkAsync("alice", ("scope", "w:*"));

        using var answer = await peer.RequestAsync(tokens.AccessToken);

        Assert.Equal(HttpStatusCode.Forbidden, answer.StatusCode);
        Assert.Equal("Bearer realm=\"ocfcloud\", error=\"insufficient_scope\", scope=\"r:*\"", answer.Headers.WwwAuthenticate.ToString());
        Assert.Contains("lacks the scope \"r:*\"", await ProblemAsync(answer), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_token_is_taken_for_30_seconds_past_its_end()
    {
        await using var cloud = await TestCloud.StartAsync(_folder, _time);
        await cloud.AddUserAsync("alice");
        var peer = await cloud.AddPeerAsync();
        var tokens = await peer.LinkAsync("alice");
        Assert.Equal("600", tokens["expires_in"]);

        _time.Advance(TimeSpan.FromSeconds(600 + 28));
        Assert.Equal(HttpStatusCode.OK, await peer.CallAsync(tokens.AccessToken));
        _time.Advance(TimeSpan.FromSeconds(4));
        Assert.Equal(HttpStatusCode.Unauthorized, await peer.CallAsync(tokens.AccessToken));
    }

    [Fact]
    public async Task What_a_command_issues_is_taken_beside_what_users_allowed()
    {
        await using var cloud = await TestCloud.StartAsync(_folder, _time);
        var alice = await cloud.AddUserAsync("alice");
        var peer = await cloud.AddPeerAsync();
        Assert.True(ScopeSet.TryParse("r:*", out var scopes));

        var issued = await cloud.Services.GetRequiredService<AccessTokens>().IssueAsync(new UserId(alice.Id), "alice", "ocfcloud-command", scopes, null, Cancellation);

        Assert.Equal(HttpStatusCode.OK, await peer.CallAsync(issued.Text));
    }

    [Fact]
    public async Task Tokens_of_a_rotated_key_verify_until_they_end_and_the_key_set_shows_both()
    {
        await using var cloud = await TestCloud.StartAsync(_folder, _time);
        await cloud.AddUserAsync("alice");
        var peer = await cloud.AddPeerAsync();
        var first = await peer.LinkAsync("alice");

        // The key signs for 90 days: the last token before that outlives it.
        _time.Advance(TimeSpan.FromDays(89));
        var last = (await peer.RefreshAsync(first.RefreshToken)).Succeeded();
        _time.Advance(TimeSpan.FromDays(1) - TimeSpan.FromMinutes(1));
        var old = (await peer.RefreshAsync(last.RefreshToken)).Succeeded();
        _time.Advance(TimeSpan.FromMinutes(2));
        var fresh = (await peer.RefreshAsync(old.RefreshToken)).Succeeded();

        Assert.NotEqual(new JsonWebToken(old.AccessToken).Kid, new JsonWebToken(fresh.AccessToken).Kid);
        Assert.Equal(HttpStatusCode.OK, await peer.CallAsync(old.AccessToken));
        Assert.Equal(HttpStatusCode.OK, await peer.CallAsync(fresh.AccessToken));
        Assert.Equal("True", (await peer.IntrospectAsync(old.AccessToken))["active"]);
        using var http = cloud.CreateClient();
        var keys = new JsonWebKeySet(await http.GetStringAsync("/.well-known/jwks.json", Cancellation));
        Assert.Equal([new JsonWebToken(fresh.AccessToken).Kid, new JsonWebToken(old.AccessToken).Kid], keys.Keys.Select(key => key.Kid));
        Assert.All(keys.Keys, key => Assert.Null(key.D));

        // Anybody can verify a token by the published key.
        var verdict = await new JsonWebTokenHandler().ValidateTokenAsync(old.AccessToken, new TokenValidationParameters
        {
            IssuerSigningKeys = keys.GetSigningKeys(),
            ValidIssuer = cloud.Issuer,
            ValidAudience = "ocfcloud",
            ValidateLifetime = false,
        });
        Assert.True(verdict.IsValid, verdict.Exception?.Message);
    }

    private static async Task<string> ProblemAsync(HttpResponseMessage answer)
    {
        Assert.Equal("application/problem+json", answer.Content.Headers.ContentType?.MediaType);
        using var problem = JsonDocument.Parse(await answer.Content.ReadAsStringAsync(Cancellation));
        Assert.Equal((int)answer.StatusCode, problem.RootElement.GetProperty("status").GetInt32());
        return problem.RootElement.GetProperty("detail").GetString()!;
    }

    private static string Encode(string json) => Base64UrlEncoder.Encode(Encoding.UTF8.GetBytes(json));
}
