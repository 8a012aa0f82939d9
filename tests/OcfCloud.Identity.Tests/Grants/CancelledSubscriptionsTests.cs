using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using OcfCloud.Core.Devices;
using OcfCloud.Core.Events;
using OcfCloud.Core.Storage;
using OcfCloud.Core.Subscriptions;
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
        Assert.Empty(await room.Services.GetRequiredService<UserGrants>().ListAsync(alice, Cancellation));
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
                Id = Guid.NewGuid().ToString(), Application = application, Subject = user.ToString(), Status = Statuses.Valid, Type = AuthorizationTypes.Permanent, Scopes = "[\"r:*\"]",
                CreationDate = DateTime.UtcNow,
            };
            context.Add(grant);
            context.Add(new OpenIddictEntityFrameworkCoreToken
            {
                Id = Guid.NewGuid().ToString(), Application = application, Authorization = grant, Subject = user.ToString(), Status = Statuses.Valid, Type = TokenTypeIdentifiers.RefreshToken,
                CreationDate = DateTime.UtcNow, ExpirationDate = DateTime.UtcNow + (lifetime ?? TimeSpan.FromHours(1)),
            });
            return grant.Id!;
        },
        Cancellation);
}
