using System.Net;
using System.Text.Json;
using Microsoft.IdentityModel.JsonWebTokens;

namespace OcfCloud.CloudApi.Tests.Mediator;

public sealed class TokenRefreshTests : IAsyncLifetime
{
    private CloudApiHost _host = null!;

    public async ValueTask InitializeAsync() => _host = await CloudApiHost.StartAsync();

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    [Fact]
    public async Task A_refresh_needs_no_bearer_token_and_hands_out_new_tokens()
    {
        var registered = await RegisterAsync("alice");

        using var answer = await RefreshAsync(registered.Text("refreshtoken"));

        var body = await answer.JsonAsync(HttpStatusCode.OK);
        Assert.Equal(["uid", "accesstoken", "refreshtoken", "expiresin"], body.Members());
        Assert.Equal(registered.Text("uid"), body.Text("uid"));
        Assert.NotEqual(registered.Text("refreshtoken"), body.Text("refreshtoken"));
        Assert.Equal(600, body.GetProperty("expiresin").GetInt32());
        Assert.True(answer.Headers.CacheControl!.NoStore);
        Assert.Equal("mediator", new JsonWebTokenHandler().ReadJsonWebToken(body.Text("accesstoken")).GetPayloadValue<string>("scope"));
    }

    [Fact]
    public async Task The_access_token_of_a_refresh_opens_the_mediator_API()
    {
        var registered = await RegisterAsync("alice");
        _host.Time.Advance(TimeSpan.FromHours(1));
        using var refreshed = await RefreshAsync(registered.Text("refreshtoken"));

        using var mediator = _host.As((await refreshed.JsonAsync(HttpStatusCode.OK)).Text("accesstoken"));
        using var answer = await mediator.GetAsync("/mediator/v1/devices", TestContext.Current.CancellationToken);

        await answer.JsonAsync(HttpStatusCode.OK);
    }

    [Fact]
    public async Task The_previous_token_is_good_until_the_new_one_was_used()
    {
        var first = (await RegisterAsync("alice")).Text("refreshtoken");

        // The answer got lost: the same token again.
        var lost = await RefreshedAsync(first);
        var second = await RefreshedAsync(first);
        Assert.NotEqual(lost, second);

        await RefreshedAsync(second);
        using var reused = await RefreshAsync(first);
        await reused.RefusedAsync(HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task Reuse_of_an_older_token_ends_the_registration()
    {
        var first = (await RegisterAsync("alice")).Text("refreshtoken");
        var second = await RefreshedAsync(first);
        var third = await RefreshedAsync(second);

        using var reused = await RefreshAsync(first);
        using var newest = await RefreshAsync(third);

        await reused.RefusedAsync(HttpStatusCode.Unauthorized);
        await newest.RefusedAsync(HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task Reuse_leaves_other_registrations_alone()
    {
        using var alice = await _host.MediatorOfAsync("alice");
        var (stolen, other) = (await RegisterAsync(alice), await RegisterAsync(alice));
        var second = await RefreshedAsync(stolen.Text("refreshtoken"));
        await RefreshedAsync(second);
        using var reused = await RefreshAsync(stolen.Text("refreshtoken"));
        await reused.RefusedAsync(HttpStatusCode.Unauthorized);

        await RefreshedAsync(other.Text("refreshtoken"));
    }

    [Fact]
    public async Task A_removed_users_registration_is_refused()
    {
        var token = (await RegisterAsync("alice")).Text("refreshtoken");
        await _host.Users.RemoveAsync("alice", TestContext.Current.CancellationToken);

        using var answer = await RefreshAsync(token);

        await answer.RefusedAsync(HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task A_token_that_is_unknown_is_refused_with_a_challenge()
    {
        using var answer = await RefreshAsync(new string('a', 43));

        Assert.Equal("The refresh token is not valid.", await answer.RefusedAsync(HttpStatusCode.Unauthorized));
        Assert.Equal("Bearer realm=\"ocfcloud\", error=\"invalid_token\"", Assert.Single(answer.Headers.WwwAuthenticate).ToString());
    }

    [Fact]
    public async Task A_devices_refresh_token_is_no_mediators()
    {
        var user = await _host.AddUserAsync("alice");
        var token = await _host.AddDeviceTokensAsync(user);

        using var answer = await RefreshAsync(token.RefreshToken);

        await answer.RefusedAsync(HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task A_body_without_a_token_is_refused()
    {
        string?[] bodies =
        [
            null,
            "{}",
            "[]",
            "\"text\"",
            """{"refreshtoken": 5}""",
            """{"refreshtoken": null}""",
            """{"refreshtoken": ""}""",
            """{"refreshtoken": "\ud800"}""",
        ];
        foreach (var body in bodies)
        {
            using var answer = await _host.Http.PostAsync("/mediator/v1/tokenrefresh", body);

            Assert.Equal("refreshtoken has to be a text of 1 to 512 characters.", await answer.RefusedAsync(HttpStatusCode.BadRequest));
        }
    }

    [Fact]
    public async Task A_token_too_long_to_be_one_is_refused()
    {
        using var answer = await RefreshAsync(new string('a', 513));

        await answer.RefusedAsync(HttpStatusCode.BadRequest);
    }

    private async Task<JsonElement> RegisterAsync(string user)
    {
        using var mediator = await _host.MediatorOfAsync(user);
        return await RegisterAsync(mediator);
    }

    private static async Task<JsonElement> RegisterAsync(HttpClient mediator)
    {
        using var answer = await mediator.PostAsync("/mediator/v1/registrations");
        return await answer.JsonAsync(HttpStatusCode.Created);
    }

    private Task<HttpResponseMessage> RefreshAsync(string token) =>
        _host.Http.PostAsync("/mediator/v1/tokenrefresh", JsonSerializer.Serialize(new { refreshtoken = token }));

    private async Task<string> RefreshedAsync(string token)
    {
        using var answer = await RefreshAsync(token);
        return (await answer.JsonAsync(HttpStatusCode.OK)).Text("refreshtoken");
    }
}
