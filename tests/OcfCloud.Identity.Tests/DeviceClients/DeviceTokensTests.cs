using System.Security.Cryptography;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using OcfCloud.Core.Devices;
using OcfCloud.Core.Storage;
using OcfCloud.Identity.DeviceClients;
using OcfCloud.Identity.Tokens;

namespace OcfCloud.Identity.Tests.DeviceClients;

public sealed class DeviceTokensTests : IDisposable
{
    private const string Audience = "https://cloud.test:8444/onvif/uplink";

    private readonly TemporaryFolder _folder = new();
    private readonly FakeTimeProvider _time = new(TimeProvider.System.GetUtcNow());

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_token_is_good_as_long_as_its_time_and_its_client_last()
    {
        await using var room = await OpenAsync();
        var client = await RegisterAsync(room);
        var token = await TokenAsync(room, client);

        Assert.Equal(new DeviceTokenCheck(client, true), await TokensOf(room).CheckAsync(token, Cancellation));
        _time.Advance(TimeSpan.FromHours(2));
        Assert.Null((await TokensOf(room).CheckAsync(token, Cancellation)).ClientId);

        var another = await TokenAsync(room, client);
        await room.Services.GetRequiredService<Store>().WriteAsync(
            (context, stop) => room.Services.GetRequiredService<DeviceClientRegister>().RemoveAsync(context, client, stop), Cancellation);
        Assert.Null((await TokensOf(room).CheckAsync(another, Cancellation)).ClientId);
    }

    [Fact]
    public async Task A_token_without_the_scope_says_whose_it_is_and_no_more()
    {
        await using var room = await OpenAsync();
        var client = await RegisterAsync(room);

        Assert.Equal(new DeviceTokenCheck(client, false), await TokensOf(room).CheckAsync(await TokenAsync(room, client, scope: "r:*"), Cancellation));
    }

    [Fact]
    public async Task Tokens_for_anything_else_are_not_taken()
    {
        await using var room = await OpenAsync();
        var client = await RegisterAsync(room);
        Assert.True(ScopeSet.TryParse(DeviceClientOptions.Scope, out var scope));
        string[] bad =
        [
            "",
            "opaque",
            await TokenAsync(room, client, audience: AccessTokens.Audience),
            await TokenAsync(room, client, type: "JWT"),
            await TokenAsync(room, client, issuer: "https://other.test"),
            await TokenAsync(room, "cam-unknown"),
            (await room.Tokens.IssueAsync(new UserId(Guid.NewGuid()), "somebody", client, scope, null, Cancellation)).Text,
        ];

        foreach (var token in bad) Assert.Equal(new DeviceTokenCheck(null, false), await TokensOf(room).CheckAsync(token, Cancellation));
    }

    private async Task<IdentityRoom> OpenAsync()
    {
        var room = await IdentityRoom.OnSqliteAsync(_folder.Path, _time);
        room.Services.GetRequiredService<IOptions<DeviceClientOptions>>().Value.Audience = Audience;
        return room;
    }

    private static async Task<string> RegisterAsync(IdentityRoom room)
    {
        using var pair = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var (client, key) = (DeviceClientRegister.NewId(), DeviceKey.Read(Requests.Of(pair), out _)!);
        await room.Services.GetRequiredService<Store>().WriteAsync(
            (context, token) => room.Services.GetRequiredService<DeviceClientRegister>().RegisterAsync(context, client, key, token), Cancellation);
        return client;
    }

    private Task<string> TokenAsync(
        IdentityRoom room, string client, string scope = DeviceClientOptions.Scope, string audience = Audience, string type = AccessTokens.Type, string issuer = IdentityRoom.Issuer) =>
        room.Services.GetRequiredService<TokenSigning>().SignAsync(
            type,
            new Dictionary<string, object>
            {
                ["iss"] = issuer,
                ["aud"] = audience,
                ["sub"] = client,
                ["client_id"] = client,
                ["scope"] = scope,
                ["iat"] = _time.GetUtcNow().ToUnixTimeSeconds(),
                ["exp"] = _time.GetUtcNow().AddHours(1).ToUnixTimeSeconds(),
            },
            Cancellation);

    private static DeviceTokens TokensOf(IdentityRoom room) => room.Services.GetRequiredService<DeviceTokens>();
}
