using System.Security.Cryptography;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;
using OcfCloud.Core.Storage;
using OcfCloud.Identity.AuthorizationServer;
using OcfCloud.Identity.DeviceClients;
using OcfCloud.Identity.Grants;
using OcfCloud.Identity.Tokens;
using OcfCloud.Testing;

namespace OcfCloud.Identity.Tests.DeviceClients;

public sealed class UsedAssertionsTests(PostgreSqlFixture postgreSql) : IDisposable
{
    private const string Client = "cam-1";

    private readonly TemporaryFolder _folder = new();
    private readonly FakeTimeProvider _time = new(TimeProvider.System.GetUtcNow());
    private readonly ECDsa _pair = ECDsa.Create(ECCurve.NamedCurves.nistP256);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        _pair.Dispose();
        _folder.Dispose();
    }

    [Theory]
    [InlineData(StoreProvider.Sqlite)]
    [InlineData(StoreProvider.PostgreSql)]
    public async Task Of_several_nodes_that_get_one_assertion_one_takes_it(StoreProvider provider)
    {
        // A write that met another one rests before it is done again: by a clock that goes.
        await using var room = await OpenAsync(provider, isMoving: true);
        var assertion = Assertion("1");

        var taken = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => AssertionsOf(room).AcceptAsync(assertion, Client, Cancellation)));

        Assert.Single(taken, client => client == Client);
    }

    [Theory]
    [InlineData(StoreProvider.Sqlite)]
    [InlineData(StoreProvider.PostgreSql)]
    public async Task What_was_used_is_forgotten_when_it_would_not_be_taken_any_more(StoreProvider provider)
    {
        await using var room = await OpenAsync(provider);
        var assertions = AssertionsOf(room);
        var assertion = Assertion("1");
        Assert.Equal(Client, await assertions.AcceptAsync(assertion, null, Cancellation));

        await SweepAsync(room);
        Assert.Null(await assertions.AcceptAsync(assertion, null, Cancellation));

        // Its five minutes and those of the skew are over, here: another node's clock may be behind.
        _time.Advance(TimeSpan.FromMinutes(10.1));
        await SweepAsync(room);
        Assert.Equal(1, await CountAsync(room));
        _time.Advance(TimeSpan.FromHours(1));
        await SweepAsync(room);
        Assert.Equal(0, await CountAsync(room));
        Assert.Null(await assertions.AcceptAsync(assertion, null, Cancellation));
    }

    [Fact]
    public async Task One_client_cannot_fill_the_store()
    {
        await using var room = await OpenAsync(StoreProvider.Sqlite);
        var assertions = AssertionsOf(room, most: 2);

        Assert.NotNull(await assertions.AcceptAsync(Assertion("1"), null, Cancellation));
        Assert.NotNull(await assertions.AcceptAsync(Assertion("2"), null, Cancellation));
        Assert.Null(await assertions.AcceptAsync(Assertion("3"), null, Cancellation));
        _time.Advance(TimeSpan.FromMinutes(11));
        Assert.NotNull(await assertions.AcceptAsync(Assertion("4"), null, Cancellation));
    }

    [Fact]
    public async Task The_name_that_a_key_first_signs_under_is_kept()
    {
        await using var room = await OpenAsync(StoreProvider.Sqlite);
        var assertions = AssertionsOf(room);

        await assertions.AcceptAsync(Assertion("1", keyId: null), null, Cancellation);
        await assertions.AcceptAsync(Assertion("2", keyId: "key_8"), null, Cancellation);
        await assertions.AcceptAsync(Assertion("3", keyId: "key_9"), null, Cancellation);

        Assert.Equal("key_8", await room.Services.GetRequiredService<Store>().ReadAsync(
            (context, token) => context.Set<DeviceClientKey>().Select(key => key.KeyId).SingleAsync(token), Cancellation));
    }

    private async Task<IdentityRoom> OpenAsync(StoreProvider provider, bool isMoving = false)
    {
        var room = await IdentityRoom.OnAsync(provider, _folder, postgreSql, isMoving ? null : _time);
        var key = DeviceKey.Read(Requests.Of(_pair), out _)!;
        await room.Services.GetRequiredService<Store>().WriteAsync(
            (context, token) => room.Services.GetRequiredService<DeviceClientRegister>().RegisterAsync(context, Client, key, token), Cancellation);
        return room;
    }

    private ClientAssertions AssertionsOf(IdentityRoom room, int most = 100) => new(
        room.Services.GetRequiredService<Store>(),
        room.Services.GetRequiredService<IOptions<AccessTokenOptions>>(),
        Options.Create(new DeviceClientOptions { MaxLiveAssertions = most }),
        _time,
        NullLogger<ClientAssertions>.Instance);

    private async Task SweepAsync(IdentityRoom room)
    {
        using var expired = new ExpiredGrants(
            room.Services.GetRequiredService<Store>(), Options.Create(new AuthorizationServerOptions()), _time, NullLogger<ExpiredGrants>.Instance);
        await expired.RemoveAsync(Cancellation);
    }

    private static Task<int> CountAsync(IdentityRoom room) =>
        room.Services.GetRequiredService<Store>().ReadAsync((context, token) => context.Set<UsedAssertion>().CountAsync(token), Cancellation);

    private string Assertion(string id, string? keyId = "key_8") => new JsonWebTokenHandler { SetDefaultTimesOnTokenCreation = false }.CreateToken(new SecurityTokenDescriptor
    {
        SigningCredentials = new SigningCredentials(new ECDsaSecurityKey(_pair) { KeyId = keyId }, SecurityAlgorithms.EcdsaSha256),
        Claims = new Dictionary<string, object>
        {
            ["iss"] = Client,
            ["sub"] = Client,
            ["aud"] = IdentityRoom.Issuer,
            ["jti"] = id,
            ["exp"] = _time.GetUtcNow().AddMinutes(5).ToUnixTimeSeconds(),
        },
    });
}
