using System.Net;
using Microsoft.IdentityModel.JsonWebTokens;

namespace OcfCloud.CloudApi.Tests.Mediator;

public sealed class RegistrationsTests : IAsyncLifetime
{
    private CloudApiHost _host = null!;

    public async ValueTask InitializeAsync() => _host = await CloudApiHost.StartAsync();

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    [Fact]
    public async Task A_registration_hands_out_uid_and_tokens()
    {
        var user = await _host.AddUserAsync("alice");
        using var alice = _host.As(await _host.TokenAsync(user));

        using var answer = await alice.PostAsync("/mediator/v1/registrations");

        var body = await answer.JsonAsync(HttpStatusCode.Created);
        Assert.Equal(["uid", "accesstoken", "refreshtoken", "expiresin"], body.Members());
        Assert.Equal(user.ToString(), body.Text("uid"));
        Assert.Matches("^[A-Za-z0-9_-]{43}$", body.Text("refreshtoken"));
        Assert.Equal(600, body.GetProperty("expiresin").GetInt32());
        Assert.True(answer.Headers.CacheControl!.NoStore);
    }

    [Fact]
    public async Task All_mediators_of_a_user_get_the_same_uid_and_tokens_of_their_own()
    {
        using var alice = await _host.MediatorOfAsync("alice");
        using var bob = await _host.MediatorOfAsync("bob");

        var first = await RegisterAsync(alice);
        var second = await RegisterAsync(alice);
        var other = await RegisterAsync(bob);

        Assert.Equal(first.Uid, second.Uid);
        Assert.NotEqual(first.Uid, other.Uid);
        Assert.NotEqual(first.Refresh, second.Refresh);
        Assert.NotEqual(first.Access, second.Access);
    }

    [Fact]
    public async Task The_registrations_token_carries_the_scope_mediator_alone()
    {
        using var alice = await _host.MediatorOfAsync("alice");

        var token = new JsonWebTokenHandler().ReadJsonWebToken((await RegisterAsync(alice)).Access);

        Assert.Equal("mediator", token.GetPayloadValue<string>("scope"));
        Assert.Equal(CloudApiHost.Issuer, token.Issuer);
        Assert.Equal("at+jwt", token.Typ);
        Assert.Equal("test-client", token.GetPayloadValue<string>("client_id"));
    }

    [Fact]
    public async Task The_registrations_token_opens_the_mediator_API()
    {
        using var alice = await _host.MediatorOfAsync("alice");
        using var mediator = _host.As((await RegisterAsync(alice)).Access);

        using var answer = await mediator.PostAsync("/mediator/v1/device-tokens");

        await answer.JsonAsync(HttpStatusCode.Created);
    }

    [Fact]
    public async Task A_body_is_not_asked_for_but_has_to_be_JSON()
    {
        using var alice = await _host.MediatorOfAsync("alice");

        using var any = await alice.PostAsync("/mediator/v1/registrations", """{"anything": [1, 2]}""");
        using var broken = await alice.PostAsync("/mediator/v1/registrations", "{");

        await any.JsonAsync(HttpStatusCode.Created);
        await broken.RefusedAsync(HttpStatusCode.BadRequest);
    }

    [Fact]
    public async Task A_user_that_is_removed_registers_no_more()
    {
        using var alice = await _host.MediatorOfAsync("alice");
        await RegisterAsync(alice);
        await _host.Users.RemoveAsync("alice", TestContext.Current.CancellationToken);

        using var answer = await alice.PostAsync("/mediator/v1/registrations");

        await answer.RefusedAsync(HttpStatusCode.Unauthorized);
        Assert.Equal("Bearer", Assert.Single(answer.Headers.WwwAuthenticate).Scheme);
    }

    private static async Task<(string Uid, string Access, string Refresh)> RegisterAsync(HttpClient caller)
    {
        using var answer = await caller.PostAsync("/mediator/v1/registrations");
        var body = await answer.JsonAsync(HttpStatusCode.Created);
        return (body.Text("uid"), body.Text("accesstoken"), body.Text("refreshtoken"));
    }
}
