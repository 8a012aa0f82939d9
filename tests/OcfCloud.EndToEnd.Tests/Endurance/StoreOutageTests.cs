using System.Net;
using Npgsql;
using OcfCloud.EndToEnd.Devices;
using OcfCloud.EndToEnd.Harness;
using OcfCloud.EndToEnd.Wire;
using OcfCloud.Testing;

namespace OcfCloud.EndToEnd.Endurance;

/// <summary>The database is away, or slow: what needs no store goes on, what does is told so, and nothing that was confirmed is lost.</summary>
public sealed class StoreOutageTests(PostgreSqlFixture postgreSql)
{
    [Fact]
    public async Task While_the_database_is_away_routing_and_observing_go_on_and_afterwards_everything_does()
    {
        var (relay, store) = await RelayedAsync();
        await using var _ = relay;
        await using var cloud = await Cloud.StartAsync(store, "Events:RetryPeriod=00:00:00.2");
        var user = await cloud.AddUserAsync("alice");
        await using var pair = await Pair.JoinAsync(user);
        await using var newcomer = new TestDevice(cloud, ("/fan", "oic.r.fan"));
        await newcomer.ConnectAsync();
        var oneTime = await user.CreateDeviceTokenAsync(newcomer.Id);
        var observed = await pair.Client.ObserveAsync(pair.PathOf("/light"));
        Assert.Equal(false, (await observed.NextMapAsync())["value"]);

        var said = cloud.Host.Output.Count;
        relay.Cut();
        for (var attempt = 1; attempt <= 3; attempt++)
        {
            await cloud.Host.WaitForAsync("connection that hears of other nodes' changes is lost", said);
            said = cloud.Host.Output.Count;
            Assert.Equal("2.05", (await pair.Client.RequestAsync("GET", pair.PathOf("/light"))).CodeText);
            pair.Press(attempt);
            Assert.Equal((long)attempt, (await observed.NextMapAsync())["value"]);
        }

        var signUp = await newcomer.TrySignUpAsync(oneTime);
        Assert.Equal("5.03", signUp.CodeText);
        Assert.Equal(5u, signUp.Find(WireOption.MaxAge));
        Assert.Equal("5.03", (await pair.Device.TryPublishAsync()).CodeText);
        Assert.Equal("5.03", (await pair.Client.RequestAsync("GET", "/oic/res")).CodeText);
        using (var refused = await cloud.HttpClientOf(user.Bearer).GetAsync(new Uri("/api/v1/devices", UriKind.Relative), TestContext.Current.CancellationToken))
        {
            Assert.Equal(HttpStatusCode.ServiceUnavailable, refused.StatusCode);
            Assert.NotNull(refused.Headers.RetryAfter);
        }

        relay.Heal();
        await Eventually.EqualAsync("2.04", async () => (await newcomer.TrySignUpAsync(oneTime)).CodeText);
        await newcomer.SignInAsync();
        await newcomer.PublishAsync();
        Assert.Contains(newcomer.PathOf("/fan"), await pair.Client.DiscoverAsync());
        // Nobody was sent away by it: the same connections, and the observation that began before.
        pair.Press(4);
        Assert.Equal(4L, (await observed.NextMapAsync())["value"]);
        Assert.Equal("2.05", (await pair.Client.RequestAsync("GET", pair.PathOf("/light"))).CodeText);
        await Eventually.EqualAsync("online", () => StatusAsync(cloud, pair.Device.Id));
    }

    [Fact]
    public async Task A_slow_database_holds_nobody_up_who_does_not_need_it()
    {
        var (relay, store) = await RelayedAsync();
        await using var _ = relay;
        await using var cloud = await Cloud.StartAsync(store);
        var user = await cloud.AddUserAsync("alice");
        await using var pair = await Pair.JoinAsync(user);
        await using var newcomer = new TestDevice(cloud);
        await newcomer.ConnectAsync();
        var oneTime = await user.CreateDeviceTokenAsync(newcomer.Id);

        relay.Delay = TimeSpan.FromMilliseconds(200);
        var signingUp = newcomer.TrySignUpAsync(oneTime);
        for (var i = 0; i < 20; i++)
        {
            Assert.Equal("2.05", (await pair.Client.RequestAsync("GET", pair.PathOf("/light"))).CodeText);
        }

        Assert.False(signingUp.IsCompleted, "twenty routed requests took longer than one sign-up by a store that is slow");
        Assert.Equal("2.04", (await signingUp).CodeText);
    }

    private static async Task<string?> StatusAsync(Cloud cloud, Guid device)
    {
        var listed = (await cloud.ArrangeAsync("device", "list", "--json")).Succeeded().Json.EnumerateArray();
        return listed.First(d => d.GetProperty("di").GetGuid() == device).GetProperty("status").GetString();
    }

    private async Task<(TcpRelay Relay, TestStore Store)> RelayedAsync()
    {
        postgreSql.Require();
        var server = new NpgsqlConnectionStringBuilder(await postgreSql.CreateMigratedDatabaseAsync());
        var relay = new TcpRelay(new IPEndPoint(IPAddress.Loopback, server.Port));
        (server.Host, server.Port) = (relay.Endpoint.Address.ToString(), relay.Endpoint.Port);
        return (relay, new TestStore("PostgreSql", server.ConnectionString));
    }
}
