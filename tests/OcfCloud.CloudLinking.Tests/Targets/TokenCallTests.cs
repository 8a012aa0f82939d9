using System.Text;
using Microsoft.AspNetCore.Http;
using OcfCloud.CloudLinking.LinkedClouds;
using OcfCloud.CloudLinking.Targets;

namespace OcfCloud.CloudLinking.Tests.Targets;

/// <summary>Calls to authorization servers, good and bad ones.</summary>
public sealed class TokenCallTests : IAsyncLifetime
{
    private OriginNode _node = null!;
    private TestTarget _target = null!;
    private LinkedCloud _cloud = null!;

    private static CancellationToken Ending => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _node = await OriginNode.OnSqliteAsync(options => (options.TokenTimeout, options.RestAfter) = (TimeSpan.FromSeconds(60), 1_000));
        _target = await TestTarget.StartAsync();
        _cloud = await _node.AddCloudAsync(_target);
    }

    public async ValueTask DisposeAsync()
    {
        await _node.DisposeAsync();
        await _target.DisposeAsync();
    }

    [Fact]
    public async Task A_code_is_exchanged_with_Basic_of_form_urlencoded_id_and_secret()
    {
        var outcome = await ExchangeAsync();

        var request = Assert.Single(_target.TokenRequests);
        Assert.Equal("our+client:s3cret%3A%2F%2B+%C3%A9", Encoding.UTF8.GetString(Convert.FromBase64String(request.Headers["Authorization"]["Basic ".Length..])));
        Assert.Equal("application/x-www-form-urlencoded", request.Headers["Content-Type"]);
        Assert.Equal(
            new Dictionary<string, string>
            {
                ["grant_type"] = "authorization_code",
                ["code"] = "c0de",
                ["redirect_uri"] = "https://origin.example/linked-clouds/x/callback",
                ["code_verifier"] = "verifier",
                ["scope"] = "r:* w:* offline_access",
            },
            request.Form);
        Assert.Equal(new ReceivedTokens("access-2", "refresh-2", TimeSpan.FromMinutes(10), Scope: null), outcome.Tokens);
    }

    [Fact]
    public async Task An_exchange_that_is_malformed_by_its_scope_is_tried_once_without()
    {
        _target.AnswerToken = (call, context) => call.Form.ContainsKey("scope") ? RefuseAsync(context, 400, "invalid_request") : _target.IssueAsync(call, context);

        Assert.NotNull((await ExchangeAsync()).Tokens);
        Assert.Equal(2, _target.TokenRequests.Count);
    }

    [Theory]
    [InlineData("invalid_request", 2)]
    [InlineData("invalid_grant", 1)]
    public async Task Any_other_refusal_is_final(string error, int requests)
    {
        _target.AnswerToken = (_, context) => RefuseAsync(context, 400, error);

        Assert.Equal(error, (await ExchangeAsync()).Error);
        Assert.Equal(requests, _target.TokenRequests.Count);
    }

    [Fact]
    public async Task Without_offline_access_no_scope_goes_out()
    {
        _cloud.Scope = "r:* w:*";

        await ExchangeAsync();

        Assert.False(Assert.Single(_target.TokenRequests).Form.ContainsKey("scope"));
    }

    [Theory]
    [InlineData("""{"access_token": "a", "token_type": "bearer"}""", null)]
    [InlineData("""{"access_token": "a", "token_type": "BEARER", "expires_in": 12.5, "refresh_token": null, "scope": null, "more": [1]}""", null)]
    [InlineData("""{"access_token": "a", "token_type": "Bearer", "expires_in": 1e300}""", null)]
    [InlineData("""{"access_token": "a"}""", "what kind")]
    [InlineData("""{"access_token": "a", "token_type": "DPoP"}""", "another kind")]
    [InlineData("""{"access_token": "a", "token_type": ["Bearer"]}""", "what kind")]
    [InlineData("""{"token_type": "Bearer"}""", "no access token")]
    [InlineData("""{"access_token": "", "token_type": "Bearer"}""", "no access token")]
    [InlineData("""{"access_token": "a\r\nX-Evil: b", "token_type": "Bearer"}""", "no access token")]
    [InlineData("""{"access_token": 17, "token_type": "Bearer"}""", "no access token")]
    [InlineData("""{"access_token": "a", "token_type": "Bearer", "refresh_token": {}}""", "refresh token")]
    [InlineData("""{"access_token": "a", "token_type": "Bearer", "expires_in": "600"}""", "lifetime")]
    [InlineData("""{"access_token": "a", "token_type": "Bearer", "expires_in": -1}""", "lifetime")]
    [InlineData("""{"access_token": "a", "token_type": "Bearer", "scope": ["r:*"]}""", "scope")]
    [InlineData("""["access_token"]""", "no JSON object")]
    [InlineData("<html>", "no JSON")]
    [InlineData("", "no JSON")]
    [InlineData("""{"access_token": "\ud800", "token_type": "Bearer"}""", "no JSON")]
    [InlineData("[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[1]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]", "no JSON")]
    public async Task An_answer_is_read_strictly(string body, string? wrong)
    {
        _target.AnswerToken = (_, context) => context.Response.WriteAsync(body);

        var outcome = await _node.Tokens.RefreshAsync(_cloud, "refresh-1", Ending);

        Assert.Equal(wrong is null, outcome.Tokens is not null);
        Assert.Null(outcome.Error);
        if (wrong is not null) Assert.Contains(wrong, outcome.Words, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(400, """{"error": "invalid_grant"}""", "invalid_grant")]
    [InlineData(401, "", "invalid_client")]
    [InlineData(401, """{"error": 5}""", "invalid_client")]
    [InlineData(400, """{"error": "<script>alert(1)</script>"}""", null)]
    [InlineData(400, "no JSON", null)]
    [InlineData(503, """{"error": "invalid_grant"}""", null)]
    public async Task A_refusal_is_one_that_says_why(int status, string body, string? error)
    {
        _target.AnswerToken = (_, context) =>
        {
            context.Response.StatusCode = status;
            return context.Response.WriteAsync(body);
        };

        var outcome = await _node.Tokens.RefreshAsync(_cloud, "refresh-1", Ending);

        Assert.Equal(error, outcome.Error);
        Assert.NotNull(outcome.Words);
        Assert.DoesNotContain("script", outcome.Words, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_endless_answer_is_cut()
    {
        _target.AnswerToken = async (_, context) =>
        {
            while (true) await context.Response.Body.WriteAsync(new byte[4096], context.RequestAborted);
        };

        var outcome = await _node.Tokens.RefreshAsync(_cloud, "refresh-1", Ending);

        Assert.Equal("The other cloud's answer is too large.", outcome.Words);
    }

    [Theory]
    [InlineData(200, true)]
    [InlineData(400, true)]
    [InlineData(401, true)]
    [InlineData(429, false)]
    [InlineData(503, false)]
    public async Task A_revocation_is_done_unless_it_is_worth_another_try(int status, bool done)
    {
        _target.AnswerToken = (_, context) =>
        {
            context.Response.StatusCode = status;
            return Task.CompletedTask;
        };

        Assert.Equal(done, await _node.Tokens.RevokeAsync(_cloud, "refresh-1", isRefreshToken: true, Ending));
        var request = Assert.Single(_target.TokenRequests);
        Assert.Equal(("/revoke", "refresh-1", "refresh_token"), (request.Target, request.Form["token"], request.Form["token_type_hint"]));
        Assert.StartsWith("Basic ", request.Headers["Authorization"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Where_nothing_can_be_revoked_it_is_done_and_where_nobody_answers_it_is_not()
    {
        await _target.StopAsync();
        Assert.False(await _node.Tokens.RevokeAsync(_cloud, "refresh-1", isRefreshToken: true, Ending));

        _cloud.RevocationEndpoint = null;
        Assert.True(await _node.Tokens.RevokeAsync(_cloud, "refresh-1", isRefreshToken: true, Ending));
    }

    [Fact]
    public async Task A_token_endpoint_on_another_host_that_metadata_named_goes_through_the_guard()
    {
        var cloud = await _node.AddCloudAsync(_target, cloud =>
        {
            cloud.Issuer = cloud.Url;
            cloud.TokenEndpoint = cloud.TokenEndpoint.Replace("localhost", "127.0.0.1", StringComparison.Ordinal);
        });

        Assert.Equal("The other cloud's address is not allowed.", (await _node.Tokens.RefreshAsync(cloud, "refresh-1", Ending)).Words);
        Assert.Empty(_target.TokenRequests);
    }

    private Task<TokenOutcome> ExchangeAsync() => _node.Tokens.ExchangeCodeAsync(_cloud, "c0de", "verifier", "https://origin.example/linked-clouds/x/callback", Ending);

    private static Task RefuseAsync(HttpContext context, int status, string error)
    {
        context.Response.StatusCode = status;
        return context.Response.WriteAsync($$"""{"error": "{{error}}"}""");
    }
}
