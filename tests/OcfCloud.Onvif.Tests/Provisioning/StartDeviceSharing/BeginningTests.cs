using System.Text;
using System.Text.Json.Nodes;
using OcfCloud.Core.Storage;
using OcfCloud.Onvif.Provisioning;
using OcfCloud.Onvif.Sharing;
using OcfCloud.Onvif.Tests.Sharing;
using OcfCloud.Testing;

namespace OcfCloud.Onvif.Tests.Provisioning.StartDeviceSharing;

/// <summary>What a startDeviceSharing leaves in the store, on both kinds.</summary>
public sealed class BeginningTests(PostgreSqlFixture postgreSql)
{
    private static CancellationToken Ending => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(StoreProvider.Sqlite)]
    [InlineData(StoreProvider.PostgreSql)]
    public async Task A_share_begins_once_for_its_token(StoreProvider store)
    {
        await using var cloud = await SharingCloud.StartAsync(store, postgreSql);
        var camera = await cloud.AddCameraAsync(await cloud.AddUserAsync());
        var token = await cloud.TokenOfAsync(camera);
        var json = SharingRequests.Configuration(token.Text);
        await cloud.StartAsync(json).TakenAsync();

        var share = Assert.Single(await cloud.SharesAsync(token.Id));
        Assert.Equal((camera.Id, camera.UserId, ShareMode.Share, ShareState.Waiting), (share.CameraId, share.UserId, share.Mode, share.State));
        Assert.Equal("127.0.0.1:9443", share.ServerAuthority);
        Assert.Equal(cloud.Clock.GetUtcNow().AddDays(7), share.DeadlineAt);
        Assert.NotNull(share.DueAt);
        Assert.Equal(token.Text, cloud.Get<SealedSecrets>().TryOpen(share.EchoedToken!));
        Assert.DoesNotContain(token.Text, share.Configuration, StringComparison.Ordinal);
        var kept = ConfigurationText.Read(share.Configuration);
        Assert.Equal(["https://127.0.0.1:9443/onvif/uplink", "wss://127.0.0.1:9443/onvif/uplink"], kept.UplinkConfigurations.Select(uplink => uplink.RemoteAddress));
        Assert.Equal(Anchors.Good, Convert.ToBase64String(kept.CertPathValidationPolicies[0].TrustAnchors[0]));

        // The same again, whatever the order of its members and the form of its token, is answered as the first time, and later too.
        await cloud.StartAsync(Reversed(json)).TakenAsync();
        var encoded = SharingRequests.Configuration(Convert.ToBase64String(Encoding.ASCII.GetBytes(token.Text)));
        cloud.Clock.Advance(TimeSpan.FromHours(5));
        await cloud.StartAsync(encoded).TakenAsync();

        // Another configuration is not, even one that is none.
        json["endpointReferences"]!.AsArray().Add("https://127.0.0.1/b");
        await cloud.StartAsync(json).RefusedAsync("Invalid JWT");
        json.Remove("endpointReferences");
        await cloud.StartAsync(json).RefusedAsync("Invalid JWT");
        Assert.Single(await cloud.SharesAsync(token.Id));
        Assert.Equal("used", Assert.Single((await cloud.Desk.ListAsync(camera.UserId, camera.Id, Ending))!).State);
    }

    [Theory]
    [InlineData(StoreProvider.Sqlite)]
    [InlineData(StoreProvider.PostgreSql)]
    public async Task One_bad_of_three_configurations_begins_nothing(StoreProvider store)
    {
        await using var cloud = await SharingCloud.StartAsync(store, postgreSql);
        var tokens = new[] { await cloud.NewTokenAsync(), await cloud.NewTokenAsync(), await cloud.NewTokenAsync() };
        var configurations = tokens.Select(token => SharingRequests.Configuration(token.Text)).ToArray();
        configurations[2]["uplinkConfigurations"]![0]!["remoteAddress"] = "https://10.1.2.3/uplink";
        await cloud.StartAsync(configurations).RefusedAsync("Invalid configuration");
        foreach (var token in tokens) Assert.Empty(await cloud.SharesAsync(token.Id));

        configurations[2]["uplinkConfigurations"]![0]!["remoteAddress"] = "https://127.0.0.1/uplink";
        await cloud.StartAsync(configurations).TakenAsync();
        foreach (var token in tokens) Assert.Single(await cloud.SharesAsync(token.Id));
    }

    [Theory]
    [InlineData(StoreProvider.Sqlite)]
    [InlineData(StoreProvider.PostgreSql)]
    public async Task Of_many_that_come_at_once_with_one_token_one_begins(StoreProvider store)
    {
        await using var cloud = await SharingCloud.StartAsync(store, postgreSql);
        var token = await cloud.NewTokenAsync();
        var answers = await Task.WhenAll(Enumerable.Range(0, 8).Select(async number =>
        {
            var json = SharingRequests.Configuration(token.Text);
            json["endpointReferences"]![0] = $"https://127.0.0.1/{number % 2}";
            using var answer = await cloud.StartAsync(json);
            return (Kind: number % 2, Status: (int)answer.StatusCode);
        }));

        Assert.Single(await cloud.SharesAsync(token.Id));
        var winner = answers.First(answer => answer.Status == 200).Kind;
        Assert.All(answers, answer => Assert.Equal(answer.Kind == winner ? 200 : 400, answer.Status));
    }

    [Theory]
    [InlineData(StoreProvider.Sqlite)]
    [InlineData(StoreProvider.PostgreSql)]
    public async Task What_its_twin_changed_on_the_camera_refuses_no_request(StoreProvider store)
    {
        await using var cloud = await SharingCloud.StartAsync(store, postgreSql);
        var token = await cloud.NewTokenAsync(isOnline: true);
        var json = SharingRequests.Configuration(token.Text);
        var other = SharingRequests.Configuration(token.Text, "https://127.0.0.2:9443");
        cloud.Checks.Meanwhile = async () =>
        {
            await cloud.StartAsync(json).TakenAsync();
            cloud.Checks.Answer = _ => new CameraCheck("The camera has no uplink left.", IsOtherCamera: false);
        };
        await cloud.StartAsync(json).TakenAsync();

        // With another configuration it is another request.
        await cloud.StartAsync(other).RefusedAsync("Invalid JWT");
        Assert.Single(await cloud.SharesAsync(token.Id));
        var fresh = await cloud.NewTokenAsync(isOnline: true);
        await cloud.StartAsync(SharingRequests.Configuration(fresh.Text)).RefusedAsync("Invalid configuration");
    }

    [Theory]
    [InlineData(StoreProvider.Sqlite)]
    [InlineData(StoreProvider.PostgreSql)]
    public async Task An_uplink_that_another_cloud_got_meanwhile_is_not_taken_over(StoreProvider store)
    {
        await using var cloud = await SharingCloud.StartAsync(store, postgreSql);
        var camera = await cloud.AddCameraAsync(await cloud.AddUserAsync());
        var (first, second) = (await cloud.TokenOfAsync(camera), await cloud.TokenOfAsync(camera));
        var hijack = SharingRequests.Configuration(second.Text, "https://127.0.0.2:9443");
        hijack["uplinkConfigurations"]![0]!["remoteAddress"] = "https://127.0.0.1:9443/onvif/uplink";
        cloud.Checks.Meanwhile = () => cloud.StartAsync(SharingRequests.Configuration(first.Text)).TakenAsync();
        await cloud.StartAsync(hijack).RefusedAsync("Invalid configuration");
        Assert.Empty(await cloud.SharesAsync(second.Id));

        // Nor where both come in one request.
        var third = await cloud.AddCameraAsync(await cloud.AddUserAsync());
        var (one, two) = (SharingRequests.Configuration((await cloud.TokenOfAsync(third)).Text), SharingRequests.Configuration((await cloud.TokenOfAsync(third)).Text, "https://127.0.0.2:9443"));
        two["uplinkConfigurations"]![1]!["remoteAddress"] = "https://127.0.0.1:9443/onvif/uplink";
        await cloud.StartAsync(one, two).RefusedAsync("Invalid configuration");
    }

    [Theory]
    [InlineData(StoreProvider.Sqlite)]
    [InlineData(StoreProvider.PostgreSql)]
    public async Task A_camera_has_only_so_many_shares_and_who_is_one_too_many_keeps_the_token(StoreProvider store)
    {
        await using var cloud = await SharingCloud.StartAsync(store, postgreSql, options => options.MaxSharesPerCamera = 2);
        var camera = await cloud.AddCameraAsync(await cloud.AddUserAsync());
        var tokens = new[] { await cloud.TokenOfAsync(camera), await cloud.TokenOfAsync(camera), await cloud.TokenOfAsync(camera) };
        var asked = tokens.Select(token => SharingRequests.Configuration(token.Text)).ToArray();
        await cloud.StartAsync(asked).RefusedAsync("Invalid configuration");
        await cloud.StartAsync(asked[..2]).TakenAsync();
        await cloud.StartAsync(asked[2]).RefusedAsync("Invalid configuration");
        Assert.Equal("open", (await cloud.Desk.ListAsync(camera.UserId, camera.Id, Ending))!.Single(token => token.Id == tokens[2].Id).State);

        // One that failed and could not be taken back is still there.
        var first = Assert.Single(await cloud.SharesAsync(tokens[0].Id)).Id;
        await cloud.ChangeAsync<Share>(first, share => share.State = ShareState.Failed);
        var left = new CameraObject { ShareId = first, Kind = CameraObjectKind.Key, Name = "rsa3072", Handle = "key_1" };
        await cloud.Store.WriteAsync((context, _) => Task.FromResult(context.Add(left)), Ending);
        await cloud.StartAsync(asked[2]).RefusedAsync("Invalid configuration");
        await cloud.Store.WriteAsync((context, _) => Task.FromResult(context.Remove(left)), Ending);
        await cloud.StartAsync(asked[2]).TakenAsync();
    }

    [Theory]
    [InlineData(StoreProvider.Sqlite)]
    [InlineData(StoreProvider.PostgreSql)]
    public async Task Of_many_shares_that_are_over_the_oldest_are_forgotten_with_their_tokens(StoreProvider store)
    {
        await using var cloud = await SharingCloud.StartAsync(store, postgreSql, options => options.MaxSharesPerCamera = 1);
        var camera = await cloud.AddCameraAsync(await cloud.AddUserAsync());
        var tokens = new List<(Guid Id, string Text)>();
        for (var time = 0; time < 7; time++)
        {
            cloud.Clock.Advance(TimeSpan.FromSeconds(1));
            var token = await cloud.TokenOfAsync(camera);
            tokens.Add((token.Id, token.Text));
            await cloud.StartAsync(SharingRequests.Configuration(token.Text)).TakenAsync();
            await cloud.ChangeAsync<Share>(Assert.Single(await cloud.SharesAsync(token.Id)).Id, share => share.State = ShareState.Unshared);
        }

        var left = (await cloud.Desk.ListAsync(camera.UserId, camera.Id, Ending))!.Select(token => token.Id);
        Assert.Equal(tokens[2..].Select(token => token.Id).Reverse(), left);
        Assert.Empty(await cloud.SharesAsync(tokens[1].Id));
        Assert.Single(await cloud.SharesAsync(tokens[2].Id));
        await cloud.StartAsync(SharingRequests.Configuration(tokens[0].Text)).RefusedAsync("Invalid JWT");
    }

    [Fact]
    public async Task A_configuration_that_is_too_large_is_refused_and_certificates_count_as_often_as_they_come()
    {
        await using var cloud = await SharingCloud.StartAsync(StoreProvider.Sqlite, postgreSql, options => options.MaxConfigurationSize = 4_000);
        var token = await cloud.NewTokenAsync();
        var json = SharingRequests.Configuration(token.Text);
        json["certPathValidationPolicies"]![0]!["trustAnchors"] = new JsonArray([.. Enumerable.Repeat(Anchors.Good, 12).Select(anchor => JsonValue.Create(anchor))]);
        await cloud.StartAsync(json).RefusedAsync("Invalid configuration");
        Assert.Empty(await cloud.SharesAsync(token.Id));

        await cloud.StartAsync(SharingRequests.Configuration(token.Text)).TakenAsync();
    }

    [Fact]
    public async Task No_token_and_no_secret_address_is_in_the_log()
    {
        await using var cloud = await SharingCloud.StartAsync(StoreProvider.Sqlite, postgreSql);
        var (good, bad) = (await cloud.NewTokenAsync(), await cloud.NewTokenAsync());
        await cloud.StartAsync(SharingRequests.Configuration(good.Text)).TakenAsync();
        await cloud.StartAsync(SharingRequests.Configuration(bad.Text, "https://10.0.0.1")).RefusedAsync("Invalid configuration");

        Assert.Contains(cloud.Log.Lines, line => line.Contains("begins", StringComparison.Ordinal));
        Assert.Contains(cloud.Log.Lines, line => line.Contains("is refused", StringComparison.Ordinal));
        foreach (var token in new[] { good, bad })
        {
            Assert.DoesNotContain(cloud.Log.Lines, line => token.Text.Split('.').Any(part => line.Contains(part, StringComparison.Ordinal)));
        }

        Assert.DoesNotContain(cloud.Log.Lines, line => line.Contains("nonce", StringComparison.Ordinal));
    }

    private static JsonObject Reversed(JsonObject json) => new(json.Reverse().Select(member => KeyValuePair.Create(member.Key, member.Value?.DeepClone())));
}
