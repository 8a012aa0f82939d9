using System.Net;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.EntityFrameworkCore;
using OcfCloud.Core.Devices;
using OcfCloud.Core.Storage;
using OcfCloud.Onvif.Operation;
using OcfCloud.Onvif.Sharing;
using OcfCloud.Onvif.Tests.Sharing;
using OcfCloud.Testing;

namespace OcfCloud.Onvif.Tests.Operation;

/// <summary>A camera of another cloud is asked for.</summary>
public sealed class IncomingSharesTests(PostgreSqlFixture postgreSql, SharedCloud shared) : IClassFixture<SharedCloud>
{
    private const string Path = "/api/v1/incoming-shares";

    private readonly SharingCloud _cloud = shared.Cloud;

    private static CancellationToken Ending => TestContext.Current.CancellationToken;

    [Fact]
    public async Task What_would_be_asked_of_whom_is_shown_and_nothing_is_sent()
    {
        await using var other = await OtherCloud.StartAsync();
        using var user = await _cloud.AsAsync(await _cloud.AddUserAsync());

        // Blanks around what the camera says of itself are not kept either.
        var token = OtherCloud.Token($"{other.Url}/onvif/cloud", ("mode", "transfer"), ("max_user_level", "Operator"), ("exp", 1), ("onvif:model", "AC-2000 "), ("onvif:manufacturer", $" Acme{new string(' ', 256)}"));
        using var answer = await user.PostAsync(Path, JsonSerializer.Serialize(new { shareToken = $" {token}\n" }));
        var share = await answer.JsonAsync(HttpStatusCode.Created);

        Assert.Equal("proposed", share.GetProperty("state").GetString());
        Assert.Equal($"{other.Url}/onvif/cloud", share.GetProperty("xaddr").GetString());
        Assert.Equal(("Acme", "AC-2000", "00408CFA1234"), (share.GetProperty("manufacturer").GetString(), share.GetProperty("model").GetString(), share.GetProperty("serialNumber").GetString()));
        Assert.Equal(("transfer", "Operator"), (share.GetProperty("mode").GetString(), share.GetProperty("userLevel").GetString()));
        Assert.DoesNotContain(token, share.GetRawText(), StringComparison.Ordinal);
        Assert.Empty(other.Calls);

        using var stranger = await _cloud.AsAsync(await _cloud.AddUserAsync());
        var path = $"{Path}/{share.GetProperty("id").GetString()}";
        Assert.Equal(HttpStatusCode.NotFound, (await stranger.GetAsync(path, Ending)).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await stranger.PostAsync($"{path}/confirm")).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await stranger.DeleteAsync(path, Ending)).StatusCode);
        Assert.Equal(1, JsonDocument.Parse(await user.GetStringAsync(Path, Ending)).RootElement.GetArrayLength());
        Assert.Equal(HttpStatusCode.NoContent, (await user.DeleteAsync(path, Ending)).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await user.GetAsync(path, Ending)).StatusCode);
    }

    [Theory]
    [InlineData("onvif:xaddr", null)]
    [InlineData("onvif:sn", null)]
    [InlineData("onvif:model", null)]
    [InlineData("onvif:manufacturer", null)]
    [InlineData("onvif:manufacturer", "")]
    [InlineData("onvif:manufacturer", " ")]
    [InlineData("onvif:model", "a\nb")]
    [InlineData("onvif:xaddr", "http://cloud.example/onvif/cloud")]
    [InlineData("onvif:xaddr", "wss://cloud.example/onvif/cloud")]
    [InlineData("onvif:xaddr", "https://user@cloud.example/onvif/cloud")]
    [InlineData("onvif:xaddr", "https://cloud.example/onvif/cloud#a")]
    [InlineData("onvif:xaddr", "https://10.0.0.1/onvif/cloud")]
    [InlineData("onvif:xaddr", "https://169.254.169.254/onvif/cloud")]
    [InlineData("onvif:xaddr", "https://[::ffff:192.168.0.1]/onvif/cloud")]
    [InlineData("onvif:xaddr", "https://0xa000001/onvif/cloud")]
    [InlineData("onvif:xaddr", "https://[fd00::1]/onvif/cloud")]
    [InlineData("onvif:xaddr", "https://0.0.0.0/onvif/cloud")]
    public async Task A_token_that_lacks_a_claim_or_leads_where_it_must_not_is_400(string claim, string? value)
    {
        using var user = await _cloud.AsAsync(await _cloud.AddUserAsync());
        using var answer = await user.PostAsync(Path, JsonSerializer.Serialize(new { shareToken = OtherCloud.Token("https://cloud.invalid/onvif/cloud", (claim, value)) }));
        await answer.JsonAsync(HttpStatusCode.BadRequest);
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("""{"shareToken": 1}""")]
    [InlineData("""{"shareToken": ""}""")]
    [InlineData("""{"shareToken": "a.b.c"}""")]
    [InlineData("""{"shareToken": "nonsense"}""")]
    public async Task What_is_no_token_is_400(string body)
    {
        using var user = await _cloud.AsAsync(await _cloud.AddUserAsync());
        using var answer = await user.PostAsync(Path, body);
        await answer.JsonAsync(HttpStatusCode.BadRequest);
    }

    [Theory]
    [InlineData("https://127.0.0.1/a")]
    [InlineData("https://localhost/a")]
    public async Task Without_a_setting_this_machine_is_no_address(string xaddr)
    {
        await using var cloud = await SharingCloud.StartAsync(StoreProvider.Sqlite, postgreSql, allowsLoopback: false);
        var outcome = await cloud.Get<IncomingShares>().ProposeAsync(await cloud.AddUserAsync(), OtherCloud.Token(xaddr), null, Ending);
        Assert.Equal(ProposalRefusal.Address, outcome.Refusal);
    }

    [Theory]
    [InlineData(StoreProvider.Sqlite)]
    [InlineData(StoreProvider.PostgreSql)]
    public async Task A_confirmed_share_is_sent_once_with_what_the_camera_needs(StoreProvider store)
    {
        await using var cloud = await SharingCloud.StartAsync(store, postgreSql);
        await using var other = await OtherCloud.StartAsync();
        var user = await cloud.AddUserAsync();
        using var caller = await cloud.AsAsync(user);
        var token = OtherCloud.Token($"{other.Url}/onvif/cloud");
        var share = (await cloud.Get<IncomingShares>().ProposeAsync(user, token, UserLevel.Operator, Ending)).Share!;
        for (var time = 0; time < 3; time++)
        {
            using var answer = await caller.PostAsync($"{Path}/{share.Id}/confirm");
            await answer.JsonAsync(HttpStatusCode.Accepted);
        }

        await UntilAsync(cloud, user, share.Id, IncomingShareState.Requested);
        using var again = await caller.PostAsync($"{Path}/{share.Id}/confirm");
        Assert.Equal("requested", (await again.JsonAsync(HttpStatusCode.Accepted)).GetProperty("state").GetString());

        var (path, body) = Assert.Single(other.Calls);
        Assert.Equal("/onvif/cloud/startDeviceSharing", path);
        var sent = Assert.Single(JsonSerializer.Deserialize<StartDeviceSharingBody>(body)!.DeviceConfigurations);
        Assert.Equal(token, sent.ShareToken);
        Assert.StartsWith($"{cloud.Xaddr}/deviceSharingCompleted/", Assert.Single(sent.EndpointReferences), StringComparison.Ordinal);
        Assert.Equal(43, sent.EndpointReferences[0].Split('/')[^1].Length);
        Assert.Equal(["https://localhost:8444/onvif/uplink", "wss://localhost:8444/onvif/uplink"], sent.UplinkConfigurations.Select(uplink => uplink.RemoteAddress));
        Assert.All(sent.UplinkConfigurations, uplink => Assert.Equal(UserLevel.Operator, uplink.UserLevel));
        var server = Assert.Single(sent.AuthorizationServerConfigurations);
        Assert.Equal(($"{cloud.Url}/.well-known/openid-configuration", share.ClientId, "onvif.uplink"), (server.ServerUri, server.ClientId, server.Scope));
        var policy = Assert.Single(sent.CertPathValidationPolicies);
        Assert.Equal(SharingCloud.Authority.Own.RawData, Assert.Single(policy.TrustAnchors));
        Assert.All(sent.UplinkConfigurations.Select(uplink => uplink.CertPathValidationPolicyAlias).Append(server.CertPathValidationPolicyAlias), alias => Assert.Equal(policy.Alias, alias));

        Assert.DoesNotContain(cloud.Log.Lines, line => line.Contains(token, StringComparison.Ordinal) || line.Contains(sent.EndpointReferences[0].Split('/')[^1], StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("/base", "/base/startDeviceSharing", "/base")]
    [InlineData("/base/startDeviceSharing", "/base/startDeviceSharing", "/base/startDeviceSharing/startDeviceSharing")]
    public async Task Where_there_is_nothing_the_other_reading_of_the_address_is_tried_once(string path, string first, string second)
    {
        await using var other = await OtherCloud.StartAsync();
        other.Answer = context =>
        {
            context.Response.StatusCode = context.Request.Path == second ? 200 : 404;
            return Task.CompletedTask;
        };
        var (user, share) = await ConfirmAsync(_cloud, OtherCloud.Token(other.Url + path));
        await UntilAsync(_cloud, user, share, IncomingShareState.Requested);
        Assert.Equal([first, second], other.Calls.Select(call => call.Path));
    }

    [Theory]
    [InlineData(400, """{"error":"Invalid JWT"}""", "share token")]
    [InlineData(400, """{"error":"Invalid configuration"}""", "user level")]
    [InlineData(400, "<script>", "does not say why")]
    [InlineData(301, "", "does not take")]
    [InlineData(401, "", "does not take")]
    [InlineData(404, "", "no cameras")]
    [InlineData(500, "secret", "failed")]
    public async Task A_refusal_is_told_in_words_of_ours_and_not_sent_again(int status, string body, string word)
    {
        await using var other = await OtherCloud.StartAsync();
        other.Answer = async context =>
        {
            context.Response.StatusCode = status;
            context.Response.Headers.Location = status == 301 ? "https://localhost:1/a" : default;
            await context.Response.WriteAsync(body);
        };
        var (user, share) = await ConfirmAsync(_cloud, OtherCloud.Token(other.Url));
        var failed = await UntilAsync(_cloud, user, share, IncomingShareState.Failed);
        Assert.Contains(word, failed.Reason, StringComparison.Ordinal);
        if (body.Length > 0) Assert.DoesNotContain(body, failed.Reason, StringComparison.Ordinal);
        Assert.Equal(status == 404 ? 2 : 1, other.Calls.Count);
    }

    [Fact]
    public async Task A_busy_cloud_is_asked_again()
    {
        await using var other = await OtherCloud.StartAsync();
        other.Answer = context =>
        {
            context.Response.StatusCode = other.Calls.Count == 1 ? 503 : 200;
            return Task.CompletedTask;
        };
        var (user, share) = await ConfirmAsync(_cloud, OtherCloud.Token(other.Url));
        await UntilAsync(_cloud, user, share, IncomingShareState.Requested);
        Assert.Equal(2, other.Calls.Count);
        Assert.Single(other.Calls.Select(call => call.Body).Distinct());
    }

    [Fact]
    public async Task A_cloud_that_nobody_vouches_for_or_that_is_not_there_is_failed()
    {
        await using var other = await OtherCloud.StartAsync(isTrusted: false);
        var (user, share) = await ConfirmAsync(_cloud, OtherCloud.Token(other.Url));
        Assert.Contains("no trusted TLS", (await UntilAsync(_cloud, user, share, IncomingShareState.Failed)).Reason, StringComparison.Ordinal);
        Assert.Empty(other.Calls);

        (user, share) = await ConfirmAsync(_cloud, OtherCloud.Token("https://127.0.0.1:1/onvif/cloud"));
        Assert.Contains("no connection", (await UntilAsync(_cloud, user, share, IncomingShareState.Failed)).Reason, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(StoreProvider.Sqlite)]
    [InlineData(StoreProvider.PostgreSql)]
    public async Task What_does_not_come_in_time_is_timed_out(StoreProvider store)
    {
        await using var cloud = await SharingCloud.StartAsync(store, postgreSql);
        await using var other = await OtherCloud.StartAsync();
        var (user, requested) = await ConfirmAsync(cloud, OtherCloud.Token(other.Url));
        await UntilAsync(cloud, user, requested, IncomingShareState.Requested);
        var proposed = (await cloud.Get<IncomingShares>().ProposeAsync(user, OtherCloud.Token(other.Url), null, Ending)).Share!.Id;
        await cloud.Store.WriteAsync((context, stop) => context.Database.ExecuteSqlAsync($"DELETE FROM outbox", stop), Ending);
        cloud.Clock.Advance(TimeSpan.FromDays(7));
        await UntilAsync(cloud, user, requested, IncomingShareState.TimedOut);
        await UntilAsync(cloud, user, proposed, IncomingShareState.TimedOut);

        // Nobody dispatches events here: what was told is still to be told.
        Assert.NotEqual(0, await cloud.Store.ReadAsync((context, stop) => context.Database.SqlQuery<int>($"""SELECT COUNT(*) AS "Value" FROM outbox""").SingleAsync(stop), Ending));
    }

    [Fact]
    public async Task What_is_confirmed_too_late_is_ended_by_that()
    {
        await using var cloud = await SharingCloud.StartAsync(StoreProvider.Sqlite, postgreSql, options => options.LookInterval = TimeSpan.FromDays(30));
        var user = await cloud.AddUserAsync();
        var shares = cloud.Get<IncomingShares>();
        var share = (await shares.ProposeAsync(user, OtherCloud.Token("https://cloud.invalid/a"), null, Ending)).Share!.Id;
        await cloud.ChangeAsync<IncomingShare>(share, row => row.DeadlineAt = cloud.Clock.GetUtcNow());

        var confirmed = (await shares.ConfirmAsync(user, share, Ending))!;

        Assert.Equal((IncomingShareState.TimedOut, "It was not confirmed in time."), (confirmed.State, confirmed.Reason));
    }

    [Theory]
    [InlineData(StoreProvider.Sqlite)]
    [InlineData(StoreProvider.PostgreSql)]
    public async Task What_may_still_come_counts_as_a_camera_and_what_came_counts_once(StoreProvider store)
    {
        await using var cloud = await SharingCloud.StartAsync(store, postgreSql, options => options.MaxCamerasPerUser = 2);
        var user = await cloud.AddUserAsync();
        var shares = cloud.Get<IncomingShares>();
        var first = (await shares.ProposeAsync(user, OtherCloud.Token("https://cloud.invalid/a"), null, Ending)).Share!.Id;
        var camera = await cloud.AddCameraAsync(user);
        await cloud.ChangeAsync<IncomingShare>(first, share => (share.State, share.CameraId, share.KeyThumbprint) = (IncomingShareState.Completed, camera.Id, "key"));

        var second = (await shares.ProposeAsync(user, OtherCloud.Token("https://cloud.invalid/a"), null, Ending)).Share!.Id;
        await cloud.ChangeAsync<IncomingShare>(second, share => share.State = IncomingShareState.Failed);

        // It failed, and may be completed all the same.
        Assert.Equal(ProposalRefusal.TooMany, (await shares.ProposeAsync(user, OtherCloud.Token("https://cloud.invalid/a"), null, Ending)).Refusal);
        Assert.True((await cloud.Get<Onvif.Enrolment.CameraRegister>().EnrolAsync(user, Convert.FromBase64String(Anchors.NewRequest()), Ending)).IsConflict);
        await cloud.ChangeAsync<IncomingShare>(second, share => share.DeadlineAt = cloud.Clock.GetUtcNow());
        Assert.Equal(ProposalRefusal.None, (await shares.ProposeAsync(user, OtherCloud.Token("https://cloud.invalid/a"), null, Ending)).Refusal);
    }

    [Fact]
    public async Task A_share_that_cannot_be_asked_for_is_failed_and_the_sender_goes_on()
    {
        var isBroken = true;
        await using var cloud = await SharingCloud.StartAsync(
            StoreProvider.Sqlite, postgreSql, options => options.TrustAnchors = () => isBroken ? throw new InvalidOperationException("no such file") : [SharingCloud.Authority.Own]);
        await using var other = await OtherCloud.StartAsync();
        var (user, share) = await ConfirmAsync(cloud, OtherCloud.Token(other.Url));
        Assert.Contains("its log says why", (await UntilAsync(cloud, user, share, IncomingShareState.Failed)).Reason, StringComparison.Ordinal);
        isBroken = false;
        (user, share) = await ConfirmAsync(cloud, OtherCloud.Token(other.Url));
        await UntilAsync(cloud, user, share, IncomingShareState.Requested);
    }

    [Fact]
    public async Task A_user_has_as_many_as_allowed_and_they_go_with_the_user()
    {
        await using var cloud = await SharingCloud.StartAsync(StoreProvider.Sqlite, postgreSql, options => options.MaxIncomingShares = 1);
        var user = await cloud.AddUserAsync();
        using var caller = await cloud.AsAsync(user);
        var shares = cloud.Get<IncomingShares>();
        await shares.ProposeAsync(user, OtherCloud.Token("https://cloud.invalid/a"), null, Ending);
        using var answer = await caller.PostAsync(Path, JsonSerializer.Serialize(new { shareToken = OtherCloud.Token("https://cloud.invalid/a") }));
        await answer.JsonAsync(HttpStatusCode.TooManyRequests);
        await cloud.Get<UserErasure>().EraseAsync(user, Ending);
        Assert.Empty(await shares.ListAsync(user, Ending));
        Assert.Equal(ProposalRefusal.UnknownUser, (await shares.ProposeAsync(user, OtherCloud.Token("https://cloud.invalid/a"), null, Ending)).Refusal);
    }

    internal static async Task<(UserId User, Guid Share)> ConfirmAsync(SharingCloud cloud, string token)
    {
        var user = await cloud.AddUserAsync();
        var outcome = await cloud.Get<IncomingShares>().ProposeAsync(user, token, null, Ending);
        Assert.Equal(ProposalRefusal.None, outcome.Refusal);
        Assert.NotNull(await cloud.Get<IncomingShares>().ConfirmAsync(user, outcome.Share!.Id, Ending));
        return (user, outcome.Share.Id);
    }

    internal static async Task<IncomingShareSummary> UntilAsync(SharingCloud cloud, UserId user, Guid share, IncomingShareState state)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(Ending);
        limit.CancelAfter(TimeSpan.FromSeconds(30));
        while (true)
        {
            var now = await cloud.Get<IncomingShares>().FindAsync(user, share, limit.Token);
            if (now?.State == state) return now;
            await Task.Delay(20, limit.Token);
        }
    }
}
