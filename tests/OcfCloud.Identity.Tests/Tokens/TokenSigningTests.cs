using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;
using OcfCloud.Identity.Tokens;

namespace OcfCloud.Identity.Tests.Tokens;

public sealed class TokenSigningTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task What_one_node_signs_another_one_verifies()
    {
        await using var signer = await IdentityRoom.OnSqliteAsync(_folder.Path);
        await using var verifier = await IdentityRoom.OnSqliteAsync(_folder.Path);

        var token = await SigningOf(signer).SignAsync("JWT", new Dictionary<string, object> { ["jti"] = "1", ["exp"] = 1L }, Cancellation);
        var read = await SigningOf(verifier).VerifyAsync(token, Cancellation);

        Assert.Equal("JWT", read!.Typ);
        Assert.Equal("ES256", read.Alg);
        Assert.Equal("1", read.GetPayloadValue<string>("jti"));
        Assert.Equal(["exp", "jti"], read.Claims.Select(claim => claim.Type).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task What_others_signed_or_changed_is_not_ours()
    {
        await using var room = await IdentityRoom.OnSqliteAsync(_folder.Path);
        var signing = SigningOf(room);
        var good = await signing.SignAsync("JWT", new Dictionary<string, object> { ["jti"] = "1" }, Cancellation);
        var parts = good.Split('.');
        var keyId = new JsonWebToken(good).Kid;
        using var foreign = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        string[] bad =
        [
            "",
            "a.b.c",
            new string('a', 100_000),
            $"{parts[0]}.{Written("""{"jti":"2"}""")}.{parts[2]}",
            $"{Written("""{"alg":"none","typ":"JWT"}""")}.{parts[1]}.",
            $"{Written($$"""{"alg":"HS256","typ":"JWT","kid":"{{keyId}}"}""")}.{parts[1]}.{parts[2]}",
            $"{parts[0]}.{parts[1]}",
            $"{good}.a.b",
            Signed(foreign, keyId, null),
            Signed(foreign, "unknown", null),
        ];

        Assert.NotNull(await signing.VerifyAsync(good, Cancellation));
        foreach (var token in bad) Assert.Null(await signing.VerifyAsync(token, Cancellation));
    }

    private static string Signed(ECDsa key, string keyId, string? payload) => new JsonWebTokenHandler().CreateToken(
        payload ?? """{"jti":"1"}""", new SigningCredentials(new ECDsaSecurityKey(key) { KeyId = keyId }, SecurityAlgorithms.EcdsaSha256));

    private static string Written(string json) => Base64UrlEncoder.Encode(Encoding.UTF8.GetBytes(json));

    private static TokenSigning SigningOf(IdentityRoom room) => room.Services.GetRequiredService<TokenSigning>();
}
