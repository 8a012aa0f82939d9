using System.Net;
using System.Text.Json;
using Microsoft.IdentityModel.JsonWebTokens;
using OcfCloud.Core.Storage;
using OcfCloud.Onvif.Cameras;
using OcfCloud.Onvif.Tests.Sharing;
using OcfCloud.Testing;

namespace OcfCloud.Onvif.Tests.ShareTokens;

/// <summary><c>/api/v1/cameras/{id}/share-tokens</c> as an owner calls it.</summary>
public sealed class ShareTokensApiTests(PostgreSqlFixture postgreSql, SharedCloud shared) : IClassFixture<SharedCloud>
{
    private readonly SharingCloud _cloud = shared.Cloud;

    private static CancellationToken Ending => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(StoreProvider.Sqlite)]
    [InlineData(StoreProvider.PostgreSql)]
    public async Task A_token_has_the_claims_of_the_specification_and_is_shown_once(StoreProvider store)
    {
        await using var cloud = await SharingCloud.StartAsync(store, postgreSql);
        var camera = await cloud.AddCameraAsync(await cloud.AddUserAsync());
        using var owner = await cloud.AsAsync(camera.UserId);
        using var answer = await owner.PostAsync(PathOf(camera), """{"mode": "transfer", "userLevel": "Administrator", "lifetime": "02:00:00", "recipient": "ocs.example.com"}""");
        var issued = await answer.JsonAsync(HttpStatusCode.Created);
        Assert.Equal(["id", "shareToken", "mode", "userLevel", "expires"], issued.EnumerateObject().Select(member => member.Name));
        Assert.Equal("no-store", answer.Headers.CacheControl?.ToString());
        var token = new JsonWebToken(issued.GetProperty("shareToken").GetString());

        Assert.Equal(("ES256", "JWT"), (token.Alg, token.Typ));
        Assert.NotEmpty(token.Kid);
        var claims = JsonDocument.Parse(System.Buffers.Text.Base64Url.DecodeFromChars(token.EncodedPayload)).RootElement;
        Assert.Equal(
            ["aud", "exp", "iat", "iss", "jti", "max_user_level", "mode", "nbf", "onvif:manufacturer", "onvif:model", "onvif:sn", "onvif:xaddr", "sub"],
            claims.EnumerateObject().Select(member => member.Name).Order(StringComparer.Ordinal));
        Assert.Equal(cloud.Url, claims.GetProperty("iss").GetString());
        Assert.Equal(cloud.Xaddr, claims.GetProperty("aud").GetString());
        Assert.Equal(cloud.Xaddr, claims.GetProperty("onvif:xaddr").GetString());
        Assert.Equal(camera.Id.ToString("D"), claims.GetProperty("sub").GetString());
        Assert.Equal(issued.GetProperty("id").GetString(), claims.GetProperty("jti").GetString());
        Assert.Equal(("Acme", "AC-2000", camera.SerialNumber), (claims.GetProperty("onvif:manufacturer").GetString(), claims.GetProperty("onvif:model").GetString(), claims.GetProperty("onvif:sn").GetString()));
        Assert.Equal(("transfer", "Administrator"), (claims.GetProperty("mode").GetString(), claims.GetProperty("max_user_level").GetString()));
        Assert.Equal(7200, claims.GetProperty("exp").GetInt64() - claims.GetProperty("iat").GetInt64());
        Assert.Equal(claims.GetProperty("iat").GetInt64(), claims.GetProperty("nbf").GetInt64());
        Assert.Equal(token.ValidTo, issued.GetProperty("expires").GetDateTimeOffset().UtcDateTime);

        var text = await owner.GetStringAsync(PathOf(camera), Ending);
        Assert.DoesNotContain(token.EncodedSignature, text, StringComparison.Ordinal);
        var entry = Assert.Single(JsonDocument.Parse(text).RootElement.EnumerateArray());
        Assert.Equal(("open", "transfer", "ocs.example.com"), (entry.GetProperty("state").GetString(), entry.GetProperty("mode").GetString(), entry.GetProperty("recipient").GetString()));

        cloud.Clock.Advance(TimeSpan.FromHours(2));
        Assert.Equal("expired", Assert.Single((await cloud.Desk.ListAsync(camera.UserId, camera.Id, Ending))!).State);
    }

    [Fact]
    public async Task Without_a_body_it_is_a_share_at_Administrator_for_the_lifetime_of_the_setting()
    {
        var camera = await _cloud.AddCameraAsync(await _cloud.AddUserAsync());
        using var owner = await _cloud.AsAsync(camera.UserId);
        using var answer = await owner.PostAsync(PathOf(camera));
        var issued = await answer.JsonAsync(HttpStatusCode.Created);
        Assert.Equal(("share", "Administrator"), (issued.GetProperty("mode").GetString(), issued.GetProperty("userLevel").GetString()));
        Assert.InRange(issued.GetProperty("expires").GetDateTimeOffset() - _cloud.Clock.GetUtcNow(), TimeSpan.FromMinutes(59), TimeSpan.FromMinutes(60));
    }

    [Theory]
    [InlineData("24:00:00")]
    [InlineData("1.00:00:00")]
    public async Task A_day_is_the_longest_lifetime_in_both_ways_to_write_it(string lifetime)
    {
        var camera = await _cloud.AddCameraAsync(await _cloud.AddUserAsync());
        using var owner = await _cloud.AsAsync(camera.UserId);
        using var answer = await owner.PostAsync(PathOf(camera), $$"""{"lifetime": "{{lifetime}}"}""");
        var issued = await answer.JsonAsync(HttpStatusCode.Created);
        Assert.InRange(issued.GetProperty("expires").GetDateTimeOffset() - _cloud.Clock.GetUtcNow(), TimeSpan.FromHours(23.9), TimeSpan.FromHours(24));
    }

    [Theory]
    [InlineData("""{"lifetime": "24:00:01"}""", "lifetime")]
    [InlineData("""{"lifetime": "1.00:00:01"}""", "lifetime")]
    [InlineData("""{"lifetime": "25:00:00"}""", "lifetime")]
    [InlineData("""{"lifetime": "00:00:00"}""", "lifetime")]
    [InlineData("""{"lifetime": 60}""", "lifetime")]
    [InlineData("""{"mode": "Share"}""", "mode")]
    [InlineData("""{"mode": 1}""", "mode")]
    [InlineData("""{"userLevel": "administrator"}""", "userLevel")]
    [InlineData("""{"mode": "transfer", "userLevel": "Operator"}""", "userLevel")]
    [InlineData("""{"recipient": "https://ocs.example.com"}""", "recipient")]
    [InlineData("""{"recipient": "ocs.example.com:443"}""", "recipient")]
    [InlineData("""{"recipient": ""}""", "recipient")]
    [InlineData("""[]""", null)]
    [InlineData("""{""", null)]
    public async Task What_cannot_be_ordered_is_400_and_names_the_field(string body, string? field)
    {
        var camera = await _cloud.AddCameraAsync(await _cloud.AddUserAsync());
        using var owner = await _cloud.AsAsync(camera.UserId);
        using var answer = await owner.PostAsync(PathOf(camera), body);
        var problem = await answer.JsonAsync(HttpStatusCode.BadRequest);
        Assert.Equal(field, problem.TryGetProperty("field", out var named) ? named.GetString() : null);
    }

    [Theory]
    [InlineData(CameraState.Waiting)]
    [InlineData(CameraState.Quarantined)]
    [InlineData(CameraState.Transferred)]
    public async Task A_camera_that_is_not_here_as_itself_is_409(CameraState state)
    {
        var camera = await _cloud.AddCameraAsync(await _cloud.AddUserAsync(), state);
        using var owner = await _cloud.AsAsync(camera.UserId);
        using var answer = await owner.PostAsync(PathOf(camera), "{}");
        await answer.JsonAsync(HttpStatusCode.Conflict);
    }

    [Fact]
    public async Task Others_cameras_are_404_and_the_scope_is_asked_for()
    {
        var camera = await _cloud.AddCameraAsync(await _cloud.AddUserAsync());
        var token = await _cloud.TokenOfAsync(camera);
        using var stranger = await _cloud.AsAsync(await _cloud.AddUserAsync());
        using var withoutScope = await _cloud.AsAsync(camera.UserId, "r:* w:* mediator");
        var path = $"{PathOf(camera)}/{token.Id}";

        Assert.Equal(HttpStatusCode.NotFound, (await stranger.PostAsync(PathOf(camera))).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await stranger.GetAsync(PathOf(camera), Ending)).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await stranger.DeleteAsync(path, Ending)).StatusCode);
        Assert.Equal(HttpStatusCode.Forbidden, (await withoutScope.PostAsync(PathOf(camera))).StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, (await _cloud.Http.PostAsync(PathOf(camera))).StatusCode);
    }

    [Fact]
    public async Task A_revoked_token_stays_revoked_and_a_used_one_cannot_be_revoked()
    {
        var camera = await _cloud.AddCameraAsync(await _cloud.AddUserAsync());
        using var owner = await _cloud.AsAsync(camera.UserId);
        var (revoked, used) = (await _cloud.TokenOfAsync(camera), await _cloud.TokenOfAsync(camera));
        Assert.Equal(HttpStatusCode.NoContent, (await owner.DeleteAsync($"{PathOf(camera)}/{revoked.Id}", Ending)).StatusCode);
        Assert.Equal(HttpStatusCode.NoContent, (await owner.DeleteAsync($"{PathOf(camera)}/{revoked.Id}", Ending)).StatusCode);
        await _cloud.StartAsync(SharingRequests.Configuration(used.Text)).TakenAsync();
        Assert.Equal(HttpStatusCode.Conflict, (await owner.DeleteAsync($"{PathOf(camera)}/{used.Id}", Ending)).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await owner.DeleteAsync($"{PathOf(camera)}/{Guid.NewGuid()}", Ending)).StatusCode);

        var states = (await _cloud.Desk.ListAsync(camera.UserId, camera.Id, Ending))!.ToDictionary(token => token.Id, token => token.State);
        Assert.Equal(("revoked", "used"), (states[revoked.Id], states[used.Id]));
    }

    [Fact]
    public async Task More_open_tokens_than_allowed_are_429_until_some_end()
    {
        await using var cloud = await SharingCloud.StartAsync(StoreProvider.Sqlite, postgreSql, options => options.MaxOpenShareTokens = 2);
        var camera = await cloud.AddCameraAsync(await cloud.AddUserAsync());
        using var owner = await cloud.AsAsync(camera.UserId);
        var first = await cloud.TokenOfAsync(camera);
        await cloud.TokenOfAsync(camera);
        Assert.Equal(HttpStatusCode.TooManyRequests, (await owner.PostAsync(PathOf(camera))).StatusCode);
        await owner.DeleteAsync($"{PathOf(camera)}/{first.Id}", Ending);
        Assert.Equal(HttpStatusCode.Created, (await owner.PostAsync(PathOf(camera))).StatusCode);
    }

    private static string PathOf(Camera camera) => $"/api/v1/cameras/{camera.Id}/share-tokens";
}
