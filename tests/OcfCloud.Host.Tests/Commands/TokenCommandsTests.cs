using System.Text.Json;
using Microsoft.IdentityModel.JsonWebTokens;

namespace OcfCloud.Host.Tests.Commands;

public sealed class TokenCommandsTests : IAsyncLifetime
{
    private readonly Installation _installation = new();
    private string _id = "";

    public async ValueTask InitializeAsync() => _id = (await _installation.RunAsync("user", "add", "alice", "--json")).Json.GetProperty("id").GetString()!;

    public ValueTask DisposeAsync()
    {
        _installation.Dispose();
        return ValueTask.CompletedTask;
    }

    [Fact]
    public async Task The_token_stands_alone_on_the_last_line()
    {
        var token = new JsonWebToken((await _installation.RunAsync("token", "create", "--user", "alice")).Done().LastLine);

        Assert.Equal(_id, token.Subject);
        Assert.Equal("r:* w:* mediator cameras", token.GetPayloadValue<string>("scope"));
        Assert.Equal(TimeSpan.FromMinutes(10), token.ValidTo - token.IssuedAt);
        Assert.Equal("https://localhost:8443", token.Issuer);
    }

    [Fact]
    public async Task Scope_lifetime_and_issuer_are_as_asked()
    {
        var result = await _installation.RunAsync(
            "token", "create", "--user", "alice", "--scope", "mediator", "--lifetime", "1.00:00:05", "--json", "--OcfCloud:PublicUrl=https://cloud.example");
        var token = new JsonWebToken(result.Done().Json.GetString());

        Assert.Equal("mediator", token.GetPayloadValue<string>("scope"));
        Assert.Equal(TimeSpan.FromSeconds(86_405), token.ValidTo - token.IssuedAt);
        Assert.Equal("https://cloud.example", token.Issuer);
    }

    [Fact]
    public async Task No_token_lives_longer_than_the_key_that_signs_it()
    {
        var refusal = (await _installation.RunAsync("token", "create", "--user", "alice", "--lifetime", "91.00:00:00")).Refusal(1);

        Assert.Equal("A token lives no longer than the key that signs it, 90.00:00:00 (OcfCloud:Tokens:SigningKeyLifetime).", refusal);
    }

    [Fact]
    public async Task A_list_without_devices_is_an_empty_array() =>
        Assert.Equal(JsonValueKind.Array, (await _installation.RunAsync("device", "list", "--user", "alice", "--json")).Done().Json.ValueKind);
}
