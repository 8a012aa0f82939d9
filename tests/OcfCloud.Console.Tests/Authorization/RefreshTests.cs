using System.Net;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Time.Testing;
using Microsoft.IdentityModel.JsonWebTokens;
using OcfCloud.Console.Tests.Support;
using OcfCloud.Core.Storage;
using OcfCloud.Identity.Grants;
using OcfCloud.Testing;
using OpenIddict.EntityFrameworkCore.Models;

namespace OcfCloud.Console.Tests.Authorization;

/// <summary>Rotation of refresh tokens and what the reuse of one means.</summary>
public sealed class RefreshTests(PostgreSqlFixture postgreSql) : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly FakeTimeProvider _time = new(TimeProvider.System.GetUtcNow());

    public void Dispose() => _folder.Dispose();

    [Theory, InlineData(StoreProvider.Sqlite), InlineData(StoreProvider.PostgreSql)]
    public async Task A_superseded_token_is_taken_for_30_seconds_and_then_ends_the_family(StoreProvider provider)
    {
        await using var cloud = await TestCloud.StartAsync(provider, _folder, postgreSql, _time);
        var peer = await AddPeerAsync(cloud);
        var first = await peer.LinkAsync("alice");

        var second = (await peer.RefreshAsync(first.RefreshToken)).Succeeded();
        Assert.NotEqual(first.RefreshToken, second.RefreshToken);
        _time.Advance(TimeSpan.FromSeconds(29));
        var again = (await peer.RefreshAsync(first.RefreshToken)).Succeeded();
        Assert.Equal(HttpStatusCode.OK, await peer.CallAsync(second.AccessToken));

        _time.Advance(TimeSpan.FromSeconds(2));
        Assert.Equal("invalid_grant", (await peer.RefreshAsync(first.RefreshToken)).Error);

        _time.Advance(TimeSpan.FromSeconds(5));
        foreach (var ended in new[] { first, second, again }) Assert.Equal(HttpStatusCode.Unauthorized, await peer.CallAsync(ended.AccessToken));
        foreach (var ended in new[] { second, again }) Assert.Equal("invalid_grant", (await peer.RefreshAsync(ended.RefreshToken)).Error);
    }

    // Tokens of a refresh that is under way come into the store after the others were revoked.
    [Theory, InlineData(StoreProvider.Sqlite), InlineData(StoreProvider.PostgreSql)]
    public async Task Reuse_ends_the_grant_itself(StoreProvider provider)
    {
        await using var cloud = await TestCloud.StartAsync(provider, _folder, postgreSql, _time);
        var peer = await AddPeerAsync(cloud);
        var first = await peer.LinkAsync("alice");
        (await peer.RefreshAsync(first.RefreshToken)).Succeeded();
        _time.Advance(TimeSpan.FromSeconds(31));

        Assert.Equal("invalid_grant", (await peer.RefreshAsync(first.RefreshToken)).Error);

        Assert.Equal(["revoked"], await GrantsAsync(cloud));
    }

    [Fact]
    public async Task Whatever_a_refresh_gets_beside_a_reuse_is_refused()
    {
        await using var cloud = await TestCloud.StartAsync(_folder, _time);
        var peer = await AddPeerAsync(cloud);
        for (var round = 0; round < 6; round++)
        {
            var first = await peer.LinkAsync("alice");
            var second = (await peer.RefreshAsync(first.RefreshToken)).Succeeded();
            _time.Advance(TimeSpan.FromSeconds(31));

            var answers = await Task.WhenAll(peer.RefreshAsync(second.RefreshToken), peer.RefreshAsync(first.RefreshToken), peer.RefreshAsync(second.RefreshToken));

            Assert.Equal("invalid_grant", answers[1].Error);
            _time.Advance(TimeSpan.FromSeconds(5));
            foreach (var got in answers.Where(answer => answer.Error is null))
            {
                Assert.Equal(HttpStatusCode.Unauthorized, await peer.CallAsync(got.AccessToken));
                Assert.Equal("invalid_grant", (await peer.RefreshAsync(got.RefreshToken)).Error);
            }
        }
    }

    [Theory, InlineData(StoreProvider.Sqlite), InlineData(StoreProvider.PostgreSql)]
    public async Task Asking_about_a_superseded_token_ends_nothing(StoreProvider provider)
    {
        await using var cloud = await TestCloud.StartAsync(provider, _folder, postgreSql, _time);
        var peer = await AddPeerAsync(cloud);
        var first = await peer.LinkAsync("alice");
        var second = (await peer.RefreshAsync(first.RefreshToken)).Succeeded();
        _time.Advance(TimeSpan.FromSeconds(31));

        Assert.Equal("False", (await peer.IntrospectAsync(first.RefreshToken))["active"]);

        _time.Advance(TimeSpan.FromSeconds(5));
        Assert.Equal(["valid"], await GrantsAsync(cloud));
        Assert.Equal(HttpStatusCode.OK, await peer.CallAsync(second.AccessToken));
        (await peer.RefreshAsync(second.RefreshToken)).Succeeded();
    }

    [Fact]
    public async Task Reuse_ends_its_own_family_alone()
    {
        await using var cloud = await TestCloud.StartAsync(_folder, _time);
        var peer = await AddPeerAsync(cloud);
        var stolen = await peer.LinkAsync("alice");
        var other = await peer.LinkAsync("alice");
        (await peer.RefreshAsync(stolen.RefreshToken)).Succeeded();
        _time.Advance(TimeSpan.FromSeconds(31));
        Assert.Equal("invalid_grant", (await peer.RefreshAsync(stolen.RefreshToken)).Error);

        _time.Advance(TimeSpan.FromSeconds(5));
        Assert.Equal(HttpStatusCode.OK, await peer.CallAsync(other.AccessToken));
        (await peer.RefreshAsync(other.RefreshToken)).Succeeded();
    }

    [Fact]
    public async Task A_refresh_may_ask_for_less_but_not_for_more()
    {
        await using var cloud = await TestCloud.StartAsync(_folder);
        var peer = await AddPeerAsync(cloud);
        var tokens = await peer.LinkAsync("alice", ("scope", "r:* offline_access"));

        Assert.Equal("invalid_scope", (await peer.RefreshAsync(tokens.RefreshToken, ("scope", "r:* w:*"))).Error);
        var less = (await peer.RefreshAsync(tokens.RefreshToken, ("scope", "r:*"))).Succeeded();

        Assert.Equal("r:*", new JsonWebToken(less.AccessToken).GetClaim("scope").Value);
    }

    [Fact]
    public async Task A_refresh_token_is_of_no_use_to_another_client_nor_as_an_access_token()
    {
        await using var cloud = await TestCloud.StartAsync(_folder);
        var peer = await AddPeerAsync(cloud);
        var other = await cloud.AddPeerAsync();
        var tokens = await peer.LinkAsync("alice");

        Assert.Equal("invalid_grant", (await other.RefreshAsync(tokens.RefreshToken)).Error);
        Assert.Equal("invalid_grant", (await peer.RefreshAsync(tokens.AccessToken)).Error);
        Assert.Equal(HttpStatusCode.Unauthorized, await peer.CallAsync(tokens.RefreshToken));
        (await peer.RefreshAsync(tokens.RefreshToken)).Succeeded();
    }

    [Fact]
    public async Task A_refresh_token_is_good_for_its_lifetime()
    {
        await using var cloud = await TestCloud.StartAsync(_folder, _time);
        var peer = await AddPeerAsync(cloud);
        var tokens = await peer.LinkAsync("alice");

        _time.Advance(TimeSpan.FromDays(89));
        tokens = (await peer.RefreshAsync(tokens.RefreshToken)).Succeeded();
        Assert.Equal(HttpStatusCode.OK, await peer.CallAsync(tokens.AccessToken));
        _time.Advance(TimeSpan.FromDays(91));

        Assert.Equal("invalid_grant", (await peer.RefreshAsync(tokens.RefreshToken)).Error);
    }

    [Theory, InlineData(StoreProvider.Sqlite), InlineData(StoreProvider.PostgreSql)]
    public async Task What_is_over_leaves_the_store_and_what_still_counts_stays(StoreProvider provider)
    {
        await using var cloud = await TestCloud.StartAsync(provider, _folder, postgreSql, _time);
        var peer = await AddPeerAsync(cloud);
        var tokens = await peer.LinkAsync("alice");
        var store = cloud.Services.GetRequiredService<Store>();
        var expired = cloud.Services.GetServices<IHostedService>().OfType<ExpiredGrants>().Single();
        Task<int> CountAsync<T>() where T : class => store.ReadAsync((context, token) => context.Set<T>().CountAsync(token), TestContext.Current.CancellationToken);

        _time.Advance(TimeSpan.FromHours(2));
        await expired.RemoveAsync(TestContext.Current.CancellationToken);
        Assert.Equal((1, 1), (await CountAsync<OpenIddictEntityFrameworkCoreToken>(), await CountAsync<OpenIddictEntityFrameworkCoreAuthorization>()));
        (await peer.RefreshAsync(tokens.RefreshToken)).Succeeded();

        _time.Advance(TimeSpan.FromDays(91));
        await expired.RemoveAsync(TestContext.Current.CancellationToken);
        Assert.Equal((0, 0), (await CountAsync<OpenIddictEntityFrameworkCoreToken>(), await CountAsync<OpenIddictEntityFrameworkCoreAuthorization>()));
    }

    private static Task<List<string?>> GrantsAsync(TestCloud cloud) => cloud.Services.GetRequiredService<Store>().ReadAsync(
        (context, token) => context.Set<OpenIddictEntityFrameworkCoreAuthorization>().Select(grant => grant.Status).ToListAsync(token), TestContext.Current.CancellationToken);

    private static async Task<OAuthPeer> AddPeerAsync(TestCloud cloud)
    {
        await cloud.AddUserAsync("alice");
        return await cloud.AddPeerAsync();
    }
}
