using System.Diagnostics;
using System.Net;
using OcfCloud.Console.Tests.Support;
using OcfCloud.Testing;

namespace OcfCloud.Console.Tests.Authorization;

/// <summary>Two nodes on one database are one authorization server: neither knows anything that the other does not.</summary>
public sealed class NodesTests(PostgreSqlFixture postgreSql) : IDisposable
{
    private readonly TemporaryFolder _one = new();
    private readonly TemporaryFolder _two = new();

    public void Dispose()
    {
        _one.Dispose();
        _two.Dispose();
    }

    [Fact]
    public async Task What_one_node_gave_the_other_takes_and_what_one_revoked_the_other_refuses()
    {
        postgreSql.Require();
        var connection = await postgreSql.CreateMigratedDatabaseAsync();
        await using var first = await TestCloud.StartNodeAsync(connection, _one);
        await using var second = await TestCloud.StartNodeAsync(connection, _two, first);
        await first.AddUserAsync("alice");
        var here = await first.AddPeerAsync();
        var there = new OAuthPeer(second, here.ClientId, here.Secret, TestCloud.RedirectUri);
        using var browser = first.Browse();
        await browser.LogInAsync("alice");

        // The code of one is redeemed at the other, the token of that one used at the first, and refreshed there.
        var tokens = (await there.RedeemAsync((await here.AllowAsync(browser)).Answer["code"])).Succeeded();
        Assert.Equal(HttpStatusCode.OK, await here.CallAsync(tokens.AccessToken));
        Assert.Equal(HttpStatusCode.OK, await there.CallAsync(tokens.AccessToken));
        var refreshed = (await here.RefreshAsync(tokens.RefreshToken)).Succeeded();
        Assert.Equal(HttpStatusCode.OK, await there.CallAsync(refreshed.AccessToken));

        await here.RevokeAsync(refreshed.RefreshToken);

        var since = Stopwatch.StartNew();
        using var poll = new PeriodicTimer(TimeSpan.FromMilliseconds(50));
        while (await there.CallAsync(tokens.AccessToken) == HttpStatusCode.OK && await poll.WaitForNextTickAsync(TestContext.Current.CancellationToken))
            Assert.True(since.Elapsed < TimeSpan.FromSeconds(5), "The other node took a revoked token for more than five seconds.");
        Assert.Equal("invalid_grant", (await there.RefreshAsync(refreshed.RefreshToken)).Error);
    }
}
