using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using OcfCloud.Core.Storage;
using OcfCloud.Identity.Tokens;
using OcfCloud.Onvif.Cameras;
using OcfCloud.Onvif.Provisioning;
using OcfCloud.Onvif.ShareTokens;
using OcfCloud.Onvif.Sharing;
using OcfCloud.Onvif.Tests.Sharing;
using OcfCloud.Testing;

namespace OcfCloud.Onvif.Tests.Provisioning.StartDeviceSharing;

/// <summary><c>startDeviceSharing</c> with real HTTP: every row, and what begins.</summary>
public sealed class StartDeviceSharingTests(PostgreSqlFixture postgreSql, SharedCloud shared) : IClassFixture<SharedCloud>
{
    private const string Configuration = "Invalid configuration", Token = "Invalid JWT";
    private const string Path = "/onvif/cloud/startDeviceSharing";

    private readonly SharingCloud _cloud = shared.Cloud;

    public static TheoryData<string> ConfigurationFaultNames { get; } = new(ConfigurationFaults.All.Keys);

    public static TheoryData<string> NoFaultNames { get; } = new(ConfigurationFaults.None.Keys);

    private static CancellationToken Ending => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("")]
    [InlineData("nonsense")]
    [InlineData("[]")]
    [InlineData("\"text\"")]
    [InlineData("null")]
    [InlineData("{}")]
    [InlineData("""{"deviceConfigurations": null}""")]
    [InlineData("""{"deviceConfigurations": {}}""")]
    [InlineData("""{"deviceConfigurations": []}""")]
    [InlineData("""{"deviceConfigurations": [1]}""")]
    [InlineData("""{"deviceConfigurations": [null]}""")]
    [InlineData("""{"deviceConfigurations": [{}], "deviceConfigurations": [{}]}""")]
    [InlineData("""{"DeviceConfigurations": [{}]}""")]
    [InlineData("""{"deviceConfigurations": [{}], /* comment */ "a": 1}""")]
    [InlineData("""{"\ud800": 1}""")]
    public Task What_is_no_list_of_configurations_is_an_invalid_configuration(string body) => _cloud.Http.PostAsync(Path, body).RefusedAsync(Configuration);

    [Fact]
    public async Task Too_deep_a_body_and_too_many_configurations_are_invalid_configurations()
    {
        await _cloud.Http.PostAsync(Path, $$"""{"deviceConfigurations": [{"a": {{new string('[', 16)}}{{new string(']', 16)}}}]}""").RefusedAsync(Configuration);
        await _cloud.Http.PostAsync(Path, SharingRequests.Body([.. Enumerable.Range(0, 101).Select(_ => new JsonObject())])).RefusedAsync(Configuration);
        await _cloud.Http.PostAsync(Path, SharingRequests.Body([.. Enumerable.Range(0, 100).Select(_ => new JsonObject())])).RefusedAsync(Token);
    }

    [Fact]
    public async Task Invalid_UTF_8_is_an_invalid_configuration()
    {
        using var content = new ByteArrayContent([.. "{\"a\": \""u8, 0xff, .. "\"}"u8]);
        content.Headers.TryAddWithoutValidation("Content-Type", "application/json");
        await _cloud.Http.PostAsync(Path, content, Ending).RefusedAsync(Configuration);
    }

    [Theory]
    [InlineData("text/json")]
    [InlineData("application/x-www-form-urlencoded")]
    [InlineData("application/problem+json")]
    [InlineData(null)]
    public async Task Another_media_type_is_415(string? mediaType)
    {
        using var answer = await _cloud.Http.PostAsync(Path, "{}", mediaType);
        Assert.Equal(HttpStatusCode.UnsupportedMediaType, answer.StatusCode);
    }

    [Fact]
    public async Task Another_method_is_405_and_a_body_over_a_mebibyte_413()
    {
        using var got = await _cloud.Http.GetAsync(Path, Ending);
        using var large = await _cloud.Http.PostAsync(Path, $$"""{"a": "{{new string('a', 1024 * 1024)}}"}""");
        Assert.Equal(HttpStatusCode.MethodNotAllowed, got.StatusCode);
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, large.StatusCode);
    }

    [Theory]
    [InlineData("\"\"")]
    [InlineData("7")]
    [InlineData("null")]
    [InlineData("\"text\"")]
    [InlineData("\"a.b\"")]
    [InlineData("\"a..b\"")]
    [InlineData("\"a.b.c.d\"")]
    [InlineData("\"YS5i\"")]
    [InlineData("\"eyJhbGciOiJub25lIn0.e30.AA\"")]
    [InlineData("\"eyJhbGciOiJub25lIn0.e30.\"")]
    public async Task A_token_of_no_form_is_an_invalid_token(string token)
    {
        var json = SharingRequests.Configuration("");
        json["shareToken"] = JsonNode.Parse(token);
        await _cloud.StartAsync(json).RefusedAsync(Token);
        json.Remove("shareToken");
        await _cloud.StartAsync(json).RefusedAsync(Token);
    }

    [Fact]
    public async Task A_token_that_comes_twice_or_is_too_long_is_an_invalid_token()
    {
        var token = await _cloud.NewTokenAsync();
        await _cloud.StartAsync(SharingRequests.Configuration(token.Text), SharingRequests.Configuration(token.Text)).RefusedAsync(Token);
        await _cloud.StartAsync(SharingRequests.Configuration(token.Text), SharingRequests.Configuration(Convert.ToBase64String(Encoding.ASCII.GetBytes(token.Text)))).RefusedAsync(Token);
        await _cloud.StartAsync(SharingRequests.Configuration($"{token.Text[..^1]}{new string('A', 8192)}")).RefusedAsync(Token);
        Assert.Empty(await _cloud.SharesAsync(token.Id));
    }

    [Theory]
    [InlineData("signature")]
    [InlineData("payload")]
    [InlineData("none")]
    [InlineData("HS256")]
    [InlineData("kid")]
    [InlineData("crit")]
    [InlineData("b64")]
    public async Task A_token_with_another_header_or_signature_is_an_invalid_token(string what)
    {
        var token = await _cloud.NewTokenAsync();
        var parts = token.Text.Split('.');
        var header = JsonNode.Parse(Base64UrlText(parts[0]))!.AsObject();
        switch (what)
        {
            case "signature": parts[2] = Flipped(parts[2]); break;
            case "payload": parts[1] = Written(JsonNode.Parse(Base64UrlText(parts[1]).Replace("share", "Share", StringComparison.Ordinal))!.AsObject()); break;
            case "none" or "HS256": header["alg"] = what; break;
            case "kid": header["kid"] = "other"; break;
            case "crit": header["crit"] = new JsonArray("exp"); break;
            default: header["b64"] = false; break;
        }

        if (what is not ("signature" or "payload")) parts[0] = Written(header);
        await _cloud.StartAsync(SharingRequests.Configuration(string.Join('.', parts))).RefusedAsync(Token);
        Assert.Empty(await _cloud.SharesAsync(token.Id));
    }

    public static TheoryData<string, string?> Claims { get; } = new()
    {
        { "iss", "https://other.example" },
        { "aud", "ocfcloud" },
        { "onvif:xaddr", "https://other.example/onvif/cloud" },
        { "onvif:xaddr", null },
        { "onvif:sn", "other" },
        { "onvif:sn", null },
        { "onvif:model", "other" },
        { "onvif:model", null },
        { "onvif:manufacturer", "other" },
        { "onvif:manufacturer", null },
        { "sub", null },
        { "sub", "5a2c9e7e-6d8f-4a35-9f6a-6f6d3f0f6b11" },
        { "jti", null },
        { "jti", "5a2c9e7e-6d8f-4a35-9f6a-6f6d3f0f6b11" },
        { "exp", null },
        { "iat", null },
        { "nbf", null },
        { "typ", "at+jwt" },
    };

    [Theory]
    [MemberData(nameof(Claims))]
    public async Task A_token_of_ours_with_another_claim_is_an_invalid_token(string claim, string? value)
    {
        var token = await _cloud.NewTokenAsync();
        var forged = await ForgeAsync(token, claims => Change(claims, claim, value), claim == "typ" ? value! : "JWT");
        await _cloud.StartAsync(SharingRequests.Configuration(forged)).RefusedAsync(Token);
        Assert.Empty(await _cloud.SharesAsync(token.Id));
    }

    [Fact]
    public async Task A_token_that_lives_too_long_or_begins_later_is_an_invalid_token()
    {
        var token = await _cloud.NewTokenAsync();
        var now = _cloud.Clock.GetUtcNow().ToUnixTimeSeconds();
        await _cloud.StartAsync(SharingRequests.Configuration(await ForgeAsync(token, claims => claims["exp"] = now + 86_500))).RefusedAsync(Token);
        await _cloud.StartAsync(SharingRequests.Configuration(await ForgeAsync(token, claims => claims["nbf"] = now + 120))).RefusedAsync(Token);
        await _cloud.StartAsync(SharingRequests.Configuration(await ForgeAsync(token, claims => claims["nbf"] = now + 30))).TakenAsync();
    }

    [Fact]
    public async Task A_token_is_good_until_it_expires_with_a_minute_of_skew()
    {
        await using var cloud = await SharingCloud.StartAsync(StoreProvider.Sqlite, postgreSql);
        var (good, late) = (await cloud.NewTokenAsync(), await cloud.NewTokenAsync());
        cloud.Clock.Advance(TimeSpan.FromHours(1) + TimeSpan.FromSeconds(50));
        await cloud.StartAsync(SharingRequests.Configuration(good.Text)).TakenAsync();
        cloud.Clock.Advance(TimeSpan.FromSeconds(15));
        await cloud.StartAsync(SharingRequests.Configuration(late.Text)).RefusedAsync(Token);
    }

    [Theory]
    [InlineData("revoked")]
    [InlineData("deleted")]
    [InlineData("transferred")]
    [InlineData("quarantined")]
    [InlineData("another camera")]
    [InlineData("another owner")]
    public async Task What_the_owner_decided_since_counts(string what)
    {
        var camera = await _cloud.AddCameraAsync(await _cloud.AddUserAsync());
        var token = await _cloud.TokenOfAsync(camera);
        switch (what)
        {
            case "revoked": Assert.Equal(RevokeOutcome.Revoked, await _cloud.Desk.RevokeAsync(camera.UserId, camera.Id, token.Id, Ending)); break;
            case "deleted": await _cloud.Store.WriteAsync((context, _) => Task.FromResult(context.Remove(camera)), Ending); break;
            case "transferred": await _cloud.ChangeAsync<Camera>(camera.Id, row => row.State = CameraState.Transferred); break;
            case "quarantined": await _cloud.ChangeAsync<Camera>(camera.Id, row => row.State = CameraState.Quarantined); break;
            case "another camera": await _cloud.ChangeAsync<Camera>(camera.Id, row => row.SerialNumber = "another"); break;
            default: await _cloud.Store.WriteAsync((context, _) => ReplaceOwnerAsync(context, token.Id), Ending); break;
        }

        await _cloud.StartAsync(SharingRequests.Configuration(token.Text)).RefusedAsync(Token);
        Assert.Empty(await _cloud.SharesAsync(token.Id));
    }

    [Theory]
    [MemberData(nameof(ConfigurationFaultNames))]
    public async Task A_fault_of_the_configuration_is_an_invalid_configuration_and_uses_up_no_token(string fault)
    {
        var token = await _cloud.NewTokenAsync();
        var json = SharingRequests.Configuration(token.Text);
        ConfigurationFaults.All[fault](json);
        await _cloud.StartAsync(json).RefusedAsync(Configuration);

        await _cloud.StartAsync(SharingRequests.Configuration(token.Text)).TakenAsync();
    }

    [Theory]
    [MemberData(nameof(NoFaultNames))]
    public async Task What_is_no_fault_is_taken(string what)
    {
        var token = await _cloud.NewTokenAsync();
        var json = SharingRequests.Configuration(token.Text);
        ConfigurationFaults.None[what](json);
        await _cloud.StartAsync(json).TakenAsync();
        Assert.Single(await _cloud.SharesAsync(token.Id));
    }

    [Fact]
    public async Task A_level_above_the_granted_one_and_a_transfer_without_an_administrator_are_refused()
    {
        var asOperator = await _cloud.NewTokenAsync(new ShareTokenOrder { UserLevel = UserLevel.Operator });
        await _cloud.StartAsync(SharingRequests.Configuration(asOperator.Text)).RefusedAsync(Configuration);

        var transfer = await _cloud.NewTokenAsync(new ShareTokenOrder { Mode = ShareMode.Transfer });
        var json = SharingRequests.Configuration(transfer.Text);
        foreach (var uplink in json["uplinkConfigurations"]!.AsArray()) uplink!["userLevel"] = "Operator";
        await _cloud.StartAsync(json).RefusedAsync(Configuration);
        json["uplinkConfigurations"]![1]!["userLevel"] = "Administrator";
        await _cloud.StartAsync(json).TakenAsync();
        Assert.Equal(ShareMode.Transfer, Assert.Single(await _cloud.SharesAsync(transfer.Id)).Mode);
    }

    [Fact]
    public async Task A_named_recipient_is_the_only_host_with_its_subdomains()
    {
        const string Ocs = "https://ocs.invalid";
        var order = new ShareTokenOrder { Recipient = "OCS.invalid" };
        foreach (var change in new Action<JsonObject>[]
        {
            json => json["endpointReferences"]!.AsArray().Add("https://evil.invalid/a"),
            json => json["endpointReferences"]!.AsArray().Add("https://evilocs.invalid/a"),
            json => json["uplinkConfigurations"]![0]!["remoteAddress"] = "wss://ocs.invalid.evil.invalid/a",
            json => json["authorizationServerConfigurations"]![0]!["serverUri"] = "https://evil.invalid/a",
        })
        {
            var json = SharingRequests.Configuration((await _cloud.NewTokenAsync(order)).Text, Ocs);
            change(json);
            await _cloud.StartAsync(json).RefusedAsync(Configuration);
        }

        var good = SharingRequests.Configuration((await _cloud.NewTokenAsync(order)).Text, Ocs);
        good["endpointReferences"]!.AsArray().Add("https://b.ocs.invalid/a");
        await _cloud.StartAsync(good).TakenAsync();
    }

    [Fact]
    public async Task An_uplink_of_a_third_cloud_is_not_taken_over_and_the_same_cloud_may_come_again()
    {
        var camera = await _cloud.AddCameraAsync(await _cloud.AddUserAsync());
        await _cloud.StartAsync(SharingRequests.Configuration((await _cloud.TokenOfAsync(camera)).Text, "https://127.0.0.1:9443")).TakenAsync();

        var hijack = SharingRequests.Configuration((await _cloud.TokenOfAsync(camera)).Text, "https://127.0.0.2:9443");
        hijack["uplinkConfigurations"]![0]!["remoteAddress"] = "HTTPS://127.0.0.1:9443/onvif/uplink/";
        await _cloud.StartAsync(hijack).RefusedAsync(Configuration);

        await _cloud.StartAsync(SharingRequests.Configuration((await _cloud.TokenOfAsync(camera)).Text, "https://127.0.0.1:9443")).TakenAsync();
    }

    [Fact]
    public async Task What_a_camera_that_is_online_says_decides()
    {
        var token = await _cloud.NewTokenAsync(isOnline: true);
        _cloud.Checks.Answer = _ => new CameraCheck("no free uplink", false);
        await _cloud.StartAsync(SharingRequests.Configuration(token.Text)).RefusedAsync(Configuration);
        _cloud.Checks.Answer = _ => new CameraCheck(null, true);
        await _cloud.StartAsync(SharingRequests.Configuration(token.Text)).RefusedAsync(Token);
        _cloud.Checks.Answer = _ => CameraCheck.Fits;
        await _cloud.StartAsync(SharingRequests.Configuration(token.Text)).TakenAsync();
        Assert.Equal(ShareState.Configuring, Assert.Single(await _cloud.SharesAsync(token.Id)).State);
    }

    [Fact]
    public async Task Nobody_is_looked_up_and_no_camera_asked_for_a_token_that_is_not_good()
    {
        var before = _cloud.Checks.Asked;
        await _cloud.StartAsync(SharingRequests.Configuration("a.b.c", "https://10.0.0.1")).RefusedAsync(Token);
        Assert.Equal(before, _cloud.Checks.Asked);
    }

    [Theory]
    [InlineData("/onvif/cloud")]
    [InlineData("/onvif/cloud/startDeviceSharing")]
    [InlineData("/onvif/cloud/startDeviceSharing/startDeviceSharing")]
    public async Task The_address_of_the_token_is_understood_in_three_ways(string path)
    {
        var token = await _cloud.NewTokenAsync();
        await _cloud.Http.PostAsync(path, SharingRequests.Body(SharingRequests.Configuration(token.Text)), "application/json; charset=utf-8").TakenAsync();
        Assert.Single(await _cloud.SharesAsync(token.Id));
    }

    [Fact]
    public async Task More_calls_of_one_address_than_allowed_are_429()
    {
        await using var cloud = await SharingCloud.StartAsync(StoreProvider.Sqlite, postgreSql, options => options.MaxCloudCallsPerMinute = 3);
        for (var call = 0; call < 3; call++) await cloud.Http.PostAsync(Path, "{}").RefusedAsync(Configuration);
        using var answer = await cloud.Http.PostAsync(Path, "{}");
        Assert.Equal(HttpStatusCode.TooManyRequests, answer.StatusCode);
        Assert.NotNull(answer.Headers.RetryAfter);
    }

    private async Task<string> ForgeAsync(IssuedShareToken token, Action<Dictionary<string, object>> change, string type = "JWT")
    {
        var claims = JsonNode.Parse(Base64UrlText(token.Text.Split('.')[1]))!.AsObject()
            .ToDictionary(claim => claim.Key, claim => claim.Value!.GetValueKind() == System.Text.Json.JsonValueKind.Number ? (object)claim.Value.GetValue<long>() : claim.Value.GetValue<string>(), StringComparer.Ordinal);
        change(claims);
        var text = await _cloud.Get<TokenSigning>().SignAsync(type, claims, Ending);

        // The row knows this text, so that nothing but the change is what refuses it.
        await _cloud.Store.WriteAsync((context, stop) => Replace(context, token.Id, text, stop), Ending);
        return text;
    }

    private static async Task Replace(CloudDbContext context, Guid id, string text, CancellationToken cancellationToken)
    {
        var row = (await context.Set<ShareToken>().FindAsync([id], cancellationToken))!;
        context.Entry(row).Property(token => token.TokenHash).CurrentValue = ShareTokenText.HashOf(text);
    }

    private static async Task ReplaceOwnerAsync(CloudDbContext context, Guid id)
    {
        var row = (await context.Set<ShareToken>().FindAsync([id], Ending))!;
        context.Entry(row).Property(token => token.UserId).CurrentValue = Core.Devices.UserId.New();
    }

    private static void Change(Dictionary<string, object> claims, string claim, string? value)
    {
        if (claim == "typ") return;
        if (value is null) claims.Remove(claim);
        else claims[claim] = value;
    }

    private static string Base64UrlText(string part) => Encoding.UTF8.GetString(System.Buffers.Text.Base64Url.DecodeFromChars(part));

    private static string Written(JsonObject json) => System.Buffers.Text.Base64Url.EncodeToString(Encoding.UTF8.GetBytes(json.ToJsonString()));

    private static string Flipped(string part) => (part[0] == 'A' ? 'B' : 'A') + part[1..];
}
