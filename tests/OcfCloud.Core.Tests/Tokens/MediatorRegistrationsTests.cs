using Microsoft.EntityFrameworkCore;
using OcfCloud.Core.Devices;
using OcfCloud.Core.Storage;
using OcfCloud.Core.Tests.Support;
using OcfCloud.Core.Tokens;

namespace OcfCloud.Core.Tests.Tokens;

/// <summary>device-to-cloud.md, 9: rotation as in 5.</summary>
public sealed class MediatorRegistrationsTests(Stores stores) : StoreTests(stores)
{
    [Theory, InlineData(StoreProvider.Sqlite), InlineData(StoreProvider.PostgreSql)]
    public async Task A_mediator_rotates_its_refresh_token_and_a_lost_answer_does_no_harm(StoreProvider provider)
    {
        var registrations = (await Stores.OnAsync(provider)).Get<MediatorRegistrations>();
        var user = UserId.New();
        var first = (await registrations.RegisterAsync(user, Ending))!;

        Assert.NotNull(await registrations.RefreshAsync(first.RefreshToken, Ending));
        var second = (await registrations.RefreshAsync(first.RefreshToken, Ending))!;
        var third = (await registrations.RefreshAsync(second.RefreshToken, Ending))!;

        Assert.Equal([user, user, user], [first.UserId, second.UserId, third.UserId]);
        Assert.NotNull(await registrations.RefreshAsync(third.RefreshToken, Ending));
    }

    [Theory, InlineData(StoreProvider.Sqlite), InlineData(StoreProvider.PostgreSql)]
    public async Task Reuse_revokes_that_registration_and_no_other(StoreProvider provider)
    {
        var node = await Stores.OnAsync(provider);
        var registrations = node.Get<MediatorRegistrations>();
        var user = UserId.New();
        var (stolen, other) = ((await registrations.RegisterAsync(user, Ending))!, (await registrations.RegisterAsync(user, Ending))!);
        var second = (await registrations.RefreshAsync(stolen.RefreshToken, Ending))!;
        var third = (await registrations.RefreshAsync(second.RefreshToken, Ending))!;

        Assert.Null(await registrations.RefreshAsync(stolen.RefreshToken, Ending));

        Assert.Null(await registrations.RefreshAsync(third.RefreshToken, Ending));
        Assert.NotNull(await registrations.RefreshAsync(other.RefreshToken, Ending));
        Assert.Contains(node.Log.Lines, line => line.Contains(user.ToString(), StringComparison.Ordinal));
    }

    [Theory, InlineData(StoreProvider.Sqlite), InlineData(StoreProvider.PostgreSql)]
    public async Task A_devices_tokens_and_a_mediators_are_not_each_others(StoreProvider provider)
    {
        var node = await Stores.OnAsync(provider);
        var device = await node.RegisterAsync();
        var mediator = (await node.Get<MediatorRegistrations>().RegisterAsync(device.User, Ending))!;

        Assert.Null(await node.Get<MediatorRegistrations>().RefreshAsync(device.RefreshToken, Ending));
        Assert.Null(await node.Get<MediatorRegistrations>().RefreshAsync("wrong", Ending));
        Assert.False((await node.Accounts.RefreshAsync(device.Id, device.User, mediator.RefreshToken, Ending)).Accepted);
        Assert.NotNull(await node.Get<MediatorRegistrations>().RefreshAsync(mediator.RefreshToken, Ending));
    }

    [Theory, InlineData(StoreProvider.Sqlite), InlineData(StoreProvider.PostgreSql)]
    public async Task The_oldest_registration_goes_when_there_are_too_many(StoreProvider provider)
    {
        var node = await Stores.OnAsync(provider);
        var registrations = node.Get<MediatorRegistrations>();
        var user = UserId.New();
        var tokens = new List<string>();
        for (var i = 0; i <= MediatorRegistrations.MaxPerUser; i++)
        {
            node.Clock.Advance(TimeSpan.FromMilliseconds(1));
            tokens.Add((await registrations.RegisterAsync(user, Ending))!.RefreshToken);
        }

        Assert.Null(await registrations.RefreshAsync(tokens[0], Ending));
        Assert.NotNull(await registrations.RefreshAsync(tokens[1], Ending));
        Assert.Equal(
            MediatorRegistrations.MaxPerUser,
            await node.Store.ReadAsync((context, token) => context.Set<TokenFamily>().CountAsync(f => f.UserId == user, token), Ending));
    }

    [Theory, InlineData(StoreProvider.Sqlite), InlineData(StoreProvider.PostgreSql)]
    public async Task No_token_is_stored_as_it_is(StoreProvider provider)
    {
        var node = await Stores.OnAsync(provider);
        var device = await node.RegisterAsync();

        var hashes = await node.Store.ReadAsync(
            (context, token) => context.Set<TokenGeneration>().Where(g => g.Family.DeviceId == device.Id).SingleAsync(token), Ending);

        Assert.Equal(System.Security.Cryptography.SHA256.HashData(System.Text.Encoding.ASCII.GetBytes(device.AccessToken)), hashes.AccessHash);
        Assert.Equal(System.Security.Cryptography.SHA256.HashData(System.Text.Encoding.ASCII.GetBytes(device.RefreshToken)), hashes.RefreshHash);
    }

    [Fact]
    public void A_token_is_32_random_bytes()
    {
        var made = Enumerable.Range(0, 100).Select(_ => OpaqueToken.New()).ToArray();

        Assert.All(made, token => Assert.Equal(32, System.Buffers.Text.Base64Url.DecodeFromChars(token.Text).Length));
        Assert.Equal(100, made.Select(token => token.Text).Distinct(StringComparer.Ordinal).Count());
        Assert.All(made, token => Assert.Equal(token.Hash, OpaqueToken.HashOf(token.Text)));
    }
}
