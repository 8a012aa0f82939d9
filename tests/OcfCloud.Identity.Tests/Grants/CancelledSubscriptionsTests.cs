using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using OcfCloud.Core.Devices;
using OcfCloud.Core.Events;
using OcfCloud.Core.Storage;
using OcfCloud.Core.Subscriptions;
using OcfCloud.Identity.Bearer;
using OcfCloud.Identity.Clients;
using OcfCloud.Identity.Grants;
using OcfCloud.Testing;
using OpenIddict.EntityFrameworkCore.Models;
using static OpenIddict.Abstractions.OpenIddictConstants;

namespace OcfCloud.Identity.Tests.Grants;

/// <summary>cloud-to-cloud.md, 1.2 and 1.4: whoever is let in no more hears no more.</summary>
public sealed class CancelledSubscriptionsTests(PostgreSqlFixture postgreSql) : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Theory, InlineData(StoreProvider.Sqlite), InlineData(StoreProvider.PostgreSql)]
    public async Task Revoking_a_client_cancels_its_subscriptions_of_this_user_alone(StoreProvider provider)
    {
        await using var room = await IdentityRoom.OnAsync(provider, _folder, postgreSql);
        var (alice, bob) = (UserId.New(), UserId.New());
        var (peer, other) = (await AddClientAsync(room), await AddClientAsync(room));
        await GrantAsync(room, alice, peer);
        var revoked = await SubscribeAsync(room, alice, peer);
        var (others, bobs) = (await SubscribeAsync(room, alice, other), await SubscribeAsync(room, bob, peer));
        var grants = room.Services.GetRequiredService<UserGrants>();

        Assert.True(await grants.RevokeAsync(alice, peer, Cancellation));

        Assert.False(await IsLiveAsync(room, revoked, alice, peer));
        Assert.True(await IsLiveAsync(room, others, alice, other));
        Assert.True(await IsLiveAsync(room, bobs, bob, peer));
        Assert.False(await grants.RevokeAsync(alice, peer, Cancellation));
        // Bob's tokens ran out; what goes out to the client he can still stop.
        Assert.True(await grants.RevokeAsync(bob, peer, Cancellation));
        Assert.False(await IsLiveAsync(room, bobs, bob, peer));
    }

    [Theory, InlineData(StoreProvider.Sqlite), InlineData(StoreProvider.PostgreSql)]
    public async Task A_removed_client_is_told_nothing_more_of_any_user(StoreProvider provider)
    {
        await using var room = await IdentityRoom.OnAsync(provider, _folder, postgreSql);
        var (alice, bob) = (UserId.New(), UserId.New());
        var (peer, other) = (await AddClientAsync(room), await AddClientAsync(room));
        await GrantAsync(room, alice, peer);
        Guid[] ended = [await SubscribeAsync(room, alice, peer), await SubscribeAsync(room, bob, peer)];
        var others = await SubscribeAsync(room, alice, other);

        Assert.Null((await room.Services.GetRequiredService<CloudClients>().RemoveAsync(peer, Cancellation)).Refusal);

        Assert.False(await IsLiveAsync(room, ended[0], alice, peer));
        Assert.False(await IsLiveAsync(room, ended[1], bob, peer));
        Assert.True(await IsLiveAsync(room, others, alice, other));
        Assert.Equal([other], (await room.Services.GetRequiredService<UserGrants>().ListAsync(alice, Cancellation)).Select(access => access.ClientId));
    }

    [Theory, InlineData(StoreProvider.Sqlite), InlineData(StoreProvider.PostgreSql)]
    public async Task A_refresh_token_given_up_cancels_them_with_the_last_grant(StoreProvider provider)
    {
        await using var room = await IdentityRoom.OnAsync(provider, _folder, postgreSql);
        var (alice, peer) = (UserId.New(), await AddClientAsync(room));
        var (first, second) = (await GrantAsync(room, alice, peer), await GrantAsync(room, alice, peer));
        // One whose tokens are over lets nobody in.
        await GrantAsync(room, alice, peer, TimeSpan.FromHours(-1));
        var subscription = await SubscribeAsync(room, alice, peer);
        var grants = room.Services.GetRequiredService<UserGrants>();

        await grants.RevokeFamilyAsync(first, Cancellation);
        Assert.True(await IsLiveAsync(room, subscription, alice, peer));
        await grants.RevokeFamilyAsync(second, Cancellation);
        Assert.False(await IsLiveAsync(room, subscription, alice, peer));
    }

    [Theory, InlineData(StoreProvider.Sqlite), InlineData(StoreProvider.PostgreSql)]
    public async Task Of_the_last_two_grants_given_up_at_once_one_cancels_them(StoreProvider provider)
    {
        await using var room = await IdentityRoom.OnAsync(provider, _folder, postgreSql);
        var peer = await AddClientAsync(room);
        var grants = room.Services.GetRequiredService<UserGrants>();
        for (var i = 0; i < 10; i++)
        {
            var alice = UserId.New();
            var (first, second) = (await GrantAsync(room, alice, peer), await GrantAsync(room, alice, peer));
            var subscription = await SubscribeAsync(room, alice, peer);

            await Task.WhenAll(new[] { first, second }.Select(grant => Task.Run(() => grants.RevokeFamilyAsync(grant, Cancellation), Cancellation)));

            Assert.False(await IsLiveAsync(room, subscription, alice, peer));
        }
    }

    [Theory, InlineData(StoreProvider.Sqlite), InlineData(StoreProvider.PostgreSql)]
    public async Task Whoever_was_revoked_while_the_token_still_passes_gets_no_subscription(StoreProvider provider)
    {
        await using var room = await IdentityRoom.OnAsync(provider, _folder, postgreSql);
        var (alice, bob) = (UserId.New(), UserId.New());
        var (peer, removed) = (await AddClientAsync(room), await AddClientAsync(room));
        foreach (var client in new[] { peer, removed })
        {
            await GrantAsync(room, alice, client);
            await GrantAsync(room, bob, client);
            Assert.Equal(SubscribeRefusal.None, await PostAsync(room, alice, client));
        }
        var grants = room.Services.GetRequiredService<UserGrants>();

        Assert.True(await grants.RevokeAsync(alice, peer, Cancellation));
        Assert.Null((await room.Services.GetRequiredService<CloudClients>().RemoveAsync(removed, Cancellation)).Refusal);

        Assert.Equal(SubscribeRefusal.NotLetIn, await PostAsync(room, alice, peer));
        Assert.Equal(SubscribeRefusal.None, await PostAsync(room, bob, peer));
        Assert.Equal(SubscribeRefusal.NotLetIn, await PostAsync(room, bob, removed));
        await GrantAsync(room, alice, peer);
        Assert.Equal(SubscribeRefusal.None, await PostAsync(room, alice, peer));
        // A command's or an external authority's.
        Assert.Null(grants.StillLetsIn(new Caller(alice, peer, null)));
        Assert.Null(grants.StillLetsIn(new Caller(alice, null, null)));
    }

    [Theory, InlineData(StoreProvider.Sqlite), InlineData(StoreProvider.PostgreSql)]
    public async Task A_subscription_that_is_being_made_while_its_client_is_removed_ends(StoreProvider provider)
    {
        await using var room = await IdentityRoom.OnAsync(provider, _folder, postgreSql);
        var (alice, peer) = (UserId.New(), await AddClientAsync(room));
        await GrantAsync(room, alice, peer);
        var check = Check(room, alice, peer);
        Task? removing = null;

        var outcome = await Subscriptions(room).SubscribeAsync(
            Asked(alice, peer),
            async (context, token) =>
            {
                var isLetIn = await check(context, token);
                removing ??= Task.Run(() => room.Services.GetRequiredService<CloudClients>().RemoveAsync(peer, Cancellation), token);
                await UntilSomebodyWaitsAsync(room, provider);
                return isLetIn;
            },
            Cancellation);
        await removing!;

        Assert.Equal(SubscribeRefusal.None, outcome.Refusal);
        Assert.False(await IsLiveAsync(room, outcome.Id, alice, peer));
    }

    [Fact]
    public async Task Whoever_gives_up_a_grant_takes_the_users_lock_before_the_grants()
    {
        await using var room = await IdentityRoom.OnAsync(StoreProvider.PostgreSql, _folder, postgreSql);
        var (alice, peer) = (UserId.New(), await AddClientAsync(room));
        var (first, second) = (await GrantAsync(room, alice, peer), await GrantAsync(room, alice, peer));
        var grants = room.Services.GetRequiredService<UserGrants>();
        foreach (var (grant, revoke) in new (string, Func<Task>)[] { (first, () => grants.RevokeFamilyAsync(first, Cancellation)), (second, () => grants.RevokeAsync(alice, peer, Cancellation)) })
        {
            Task? revoking = null;
            await room.Services.GetRequiredService<Store>().WriteAsync(
                async (context, token) =>
                {
                    await UserLock.TakeAsync(context, alice, token);
                    revoking ??= Task.Run(revoke, token);
                    await UntilSomebodyWaitsAsync(room, StoreProvider.PostgreSql);
                    // Fails where it holds the grant while it waits for the user.
                    await context.Database.ExecuteSqlAsync($"""SELECT 1 FROM oauth_grants WHERE "Id" = {grant} FOR UPDATE NOWAIT""", token);
                },
                Cancellation);
            await revoking!;
        }
    }

    [Theory, InlineData(StoreProvider.Sqlite), InlineData(StoreProvider.PostgreSql)]
    public async Task A_user_sees_who_hears_although_the_tokens_ran_out_and_stops_it(StoreProvider provider)
    {
        await using var room = await IdentityRoom.OnAsync(provider, _folder, postgreSql);
        var alice = UserId.New();
        var (peer, other) = (await AddClientAsync(room), await AddClientAsync(room));
        await GrantAsync(room, alice, peer);
        await GrantAsync(room, alice, other, TimeSpan.FromHours(-1));
        foreach (var client in new[] { peer, other, "of another authority" }) await SubscribeAsync(room, alice, client);
        await SubscribeAsync(room, UserId.New(), "of another user");
        var grants = room.Services.GetRequiredService<UserGrants>();

        var listed = (await grants.ListAsync(alice, Cancellation)).ToDictionary(access => access.ClientId);

        Assert.Equal(3, listed.Count);
        Assert.Equal(["r:*"], listed[peer].Scopes);
        Assert.Empty(listed[other].Scopes);
        Assert.StartsWith("Peer ", listed[other].ClientName, StringComparison.Ordinal);
        Assert.Equal("of another authority", listed["of another authority"].ClientName);
        Assert.True(DateTimeOffset.UtcNow - listed[other].Since < TimeSpan.FromMinutes(5));
        foreach (var client in listed.Keys) Assert.True(await grants.RevokeAsync(alice, client, Cancellation));
        Assert.Empty(await grants.ListAsync(alice, Cancellation));
    }

    [Theory, InlineData(StoreProvider.Sqlite), InlineData(StoreProvider.PostgreSql)]
    public async Task A_removed_user_takes_the_subscriptions_along(StoreProvider provider)
    {
        await using var room = await IdentityRoom.OnAsync(provider, _folder, postgreSql);
        var alice = new UserId((await room.Users.AddAsync("alice", "correct horse", administrator: false, Cancellation)).User!.Id);
        var peer = await AddClientAsync(room);
        var subscription = await SubscribeAsync(room, alice, peer);

        Assert.Null((await room.Users.RemoveAsync("alice", Cancellation)).Refusal);

        Assert.False(await IsLiveAsync(room, subscription, alice, peer));
        Assert.Equal(SubscribeRefusal.UnknownTarget, (await Subscriptions(room).SubscribeAsync(Asked(alice, peer), Cancellation)).Refusal);
    }

    private static SubscriptionStore Subscriptions(IdentityRoom room) => room.Services.GetRequiredService<SubscriptionStore>();

    private static NewSubscription Asked(UserId user, string client) =>
        new(user, client, default, [EventKind.DeviceOnline], "https://peer.example/events", [1], NotificationEncoding.Json, "correlation");

    private static async Task<Guid> SubscribeAsync(IdentityRoom room, UserId user, string client)
    {
        var outcome = await Subscriptions(room).SubscribeAsync(Asked(user, client), Cancellation);
        Assert.Equal(SubscribeRefusal.None, outcome.Refusal);
        return outcome.Id;
    }

    private static Func<CloudDbContext, CancellationToken, Task<bool>> Check(IdentityRoom room, UserId user, string client) =>
        room.Services.GetRequiredService<UserGrants>().StillLetsIn(new Caller(user, client, null) { IsGranted = true })!;

    // As the door does with a token of the authorization server.
    private static async Task<SubscribeRefusal> PostAsync(IdentityRoom room, UserId user, string client) =>
        (await Subscriptions(room).SubscribeAsync(Asked(user, client), Check(room, user, client), Cancellation)).Refusal;

    // On SQLite whoever wants to write waits for the one who does.
    private static async Task UntilSomebodyWaitsAsync(IdentityRoom room, StoreProvider provider)
    {
        if (provider == StoreProvider.Sqlite) return;
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        limit.CancelAfter(TimeSpan.FromSeconds(15));
        while (await room.Services.GetRequiredService<Store>().ReadAsync(
            (context, token) => context.Database.SqlQuery<int>(
                $"""SELECT count(*)::int AS "Value" FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'""").SingleAsync(token),
            limit.Token) == 0)
        {
            await Task.Delay(5, limit.Token);
        }
    }

    private static async Task<bool> IsLiveAsync(IdentityRoom room, Guid id, UserId user, string client) =>
        await Subscriptions(room).FindAsync(id, user, client, default, Cancellation) is not null;

    private static async Task<string> AddClientAsync(IdentityRoom room) => (await room.Services.GetRequiredService<CloudClients>()
        .AddAsync(new ClientRegistration($"Peer {Guid.NewGuid()}", ["https://peer.example/cb"], ["r:*"], IsPublic: false), Cancellation)).Client!.ClientId;

    // As the authorization server leaves it: a grant and a refresh token of it.
    private static Task<string> GrantAsync(IdentityRoom room, UserId user, string client, TimeSpan? lifetime = null) => room.Services.GetRequiredService<Store>().WriteAsync(
        async (context, token) =>
        {
            var application = await context.Set<OpenIddictEntityFrameworkCoreApplication>().SingleAsync(row => row.ClientId == client, token);
            var grant = new OpenIddictEntityFrameworkCoreAuthorization
            {
                Id = Guid.NewGuid().ToString(),
                Application = application,
                Subject = user.ToString(),
                Status = Statuses.Valid,
                Type = AuthorizationTypes.Permanent,
                Scopes = "[\"r:*\"]",
                CreationDate = DateTime.UtcNow,
            };
            context.Add(grant);
            context.Add(new OpenIddictEntityFrameworkCoreToken
            {
                Id = Guid.NewGuid().ToString(),
                Application = application,
                Authorization = grant,
                Subject = user.ToString(),
                Status = Statuses.Valid,
                Type = TokenTypeIdentifiers.RefreshToken,
                CreationDate = DateTime.UtcNow,
                ExpirationDate = DateTime.UtcNow + (lifetime ?? TimeSpan.FromHours(1)),
            });
            return grant.Id!;
        },
        Cancellation);
}
