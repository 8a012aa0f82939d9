using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using OcfCloud.Core.Devices;
using OcfCloud.Core.Storage;
using OcfCloud.Identity.DeviceClients;
using OcfCloud.Onvif.Cameras;
using OcfCloud.Onvif.Operation;
using OcfCloud.Onvif.Provisioning;
using OcfCloud.Onvif.Sharing;
using OcfCloud.Onvif.Tests.Sharing;
using OcfCloud.Testing;

namespace OcfCloud.Onvif.Tests.Operation;

/// <summary><c>deviceSharingCompleted</c>, and two clouds that speak with one another.</summary>
public sealed class DeviceSharingCompletedTests(PostgreSqlFixture postgreSql, SharedCloud shared) : IClassFixture<SharedCloud>
{
    private const string Configuration = "Invalid configuration", Token = "Invalid JWT";

    private readonly SharingCloud _cloud = shared.Cloud;

    private static CancellationToken Ending => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(StoreProvider.Sqlite)]
    [InlineData(StoreProvider.PostgreSql)]
    public async Task A_camera_is_asked_of_another_cloud_and_its_key_is_registered(StoreProvider store)
    {
        await using var pcs = await SharingCloud.StartAsync(store, postgreSql);
        await using var ocs = await SharingCloud.StartAsync(store, postgreSql, options => options.PublicUplink = "https://localhost:9444");
        var camera = await pcs.AddCameraAsync(await pcs.AddUserAsync(), isOnline: true);
        var token = await pcs.TokenOfAsync(camera);

        var (user, id) = await IncomingSharesTests.ConfirmAsync(ocs, token.Text);
        var asked = await IncomingSharesTests.UntilAsync(ocs, user, id, IncomingShareState.Requested);
        Assert.Equal((pcs.Xaddr, camera.SerialNumber), (asked.Xaddr, asked.SerialNumber));
        var share = Assert.Single(await pcs.SharesAsync(token.Id));
        Assert.Equal(ShareState.Configuring, share.State);
        var configuration = ConfigurationText.Read(share.Configuration);
        var echoed = pcs.Get<SealedSecrets>().TryOpen(share.EchoedToken!)!;

        var request = Anchors.NewRequest();
        await ocs.Http.PostAsync(configuration.EndpointReferences[0], Body(echoed, request)).TakenAsync();
        var completed = await IncomingSharesTests.UntilAsync(ocs, user, id, IncomingShareState.Completed);
        var mine = await ocs.Store.ReadAsync((context, stop) => context.Set<Camera>().SingleAsync(c => c.Id == completed.CameraId, stop), Ending);
        Assert.Equal((user, asked.ClientId, CameraState.Waiting, (Guid?)id, (string?)null), (mine.UserId, mine.ClientId, mine.State, mine.IncomingShareId, mine.SerialNumber));
        var key = await ocs.Store.ReadAsync((context, stop) => context.Set<DeviceClientKey>().SingleAsync(k => k.ClientId == asked.ClientId, stop), Ending);
        Assert.Equal(Convert.FromBase64String(request), key.CertificationRequest);

        // The token is used: the same configuration again is answered as before, another one not; of another cloud it never was.
        Assert.Equal("used", Assert.Single((await pcs.Desk.ListAsync(camera.UserId, camera.Id, Ending))!).State);
        await ocs.StartAsync(SharingRequests.Configuration(token.Text)).RefusedAsync(Token);
    }

    [Theory]
    [InlineData(StoreProvider.Sqlite)]
    [InlineData(StoreProvider.PostgreSql)]
    public async Task The_same_key_again_is_answered_as_the_first_time_and_another_one_never_replaces_it(StoreProvider store)
    {
        await using var cloud = await SharingCloud.StartAsync(store, postgreSql);
        var asked = await AskAsync(cloud);
        var request = Anchors.NewRequest();
        await cloud.Http.PostAsync(asked.Address, Body(asked.Token, request)).TakenAsync();
        await cloud.Http.PostAsync(asked.Address, Body(asked.Token, request)).TakenAsync();
        await cloud.Http.PostAsync(asked.Address, Body(asked.Token, Anchors.NewRequest())).RefusedAsync(Configuration);
        cloud.Clock.Advance(TimeSpan.FromDays(8));
        await IncomingSharesTests.UntilAsync(cloud, asked.User, asked.Share, IncomingShareState.TimedOut);
        await cloud.Http.PostAsync(asked.Address, Body(asked.Token, request)).TakenAsync();

        Assert.Single(await cloud.Store.ReadAsync((context, stop) => context.Set<Camera>().ToListAsync(stop), Ending));
        Assert.Single(await cloud.Store.ReadAsync((context, stop) => context.Set<DeviceClientKey>().ToListAsync(stop), Ending));
    }

    [Theory]
    [InlineData(StoreProvider.Sqlite)]
    [InlineData(StoreProvider.PostgreSql)]
    public async Task Of_many_keys_that_come_at_once_one_is_registered(StoreProvider store)
    {
        await using var cloud = await SharingCloud.StartAsync(store, postgreSql);
        var asked = await AskAsync(cloud);
        var answers = await Task.WhenAll(Enumerable.Range(0, 6).Select(async _ =>
        {
            using var answer = await cloud.Http.PostAsync(asked.Address, Body(asked.Token, Anchors.NewRequest()));
            return (int)answer.StatusCode;
        }));
        Assert.Equal(1, answers.Count(status => status == 200));
        Assert.Equal(5, answers.Count(status => status == 400));
        Assert.Single(await cloud.Store.ReadAsync((context, stop) => context.Set<Camera>().ToListAsync(stop), Ending));
    }

    [Fact]
    public async Task A_key_of_another_client_is_refused()
    {
        var (first, second) = (await AskAsync(_cloud), await AskAsync(_cloud));
        var request = Anchors.NewRequest();
        await _cloud.Http.PostAsync(first.Address, Body(first.Token, request)).TakenAsync();
        await _cloud.Http.PostAsync(second.Address, Body(second.Token, request)).RefusedAsync(Configuration);
        Assert.Equal(IncomingShareState.Requested, (await _cloud.IncomingAsync(second.Share)).State);
    }

    [Fact]
    public async Task An_unknown_address_and_another_token_are_told_by_the_same_words()
    {
        var (asked, other) = (await AskAsync(_cloud), await AskAsync(_cloud));
        await _cloud.Http.PostAsync(asked.Address[..^1] + "_", Body(asked.Token, Anchors.NewRequest())).RefusedAsync(Token);
        await _cloud.Http.PostAsync(asked.Address, Body(other.Token, Anchors.NewRequest())).RefusedAsync(Token);
        await _cloud.Http.PostAsync(asked.Address, Body("nonsense", "%%%")).RefusedAsync(Token);
        Assert.Equal(IncomingShareState.Requested, (await _cloud.IncomingAsync(asked.Share)).State);
    }

    [Fact]
    public async Task The_other_form_of_the_token_and_a_longer_address_are_understood()
    {
        var asked = await AskAsync(_cloud);
        var broken = string.Join("\r\n", Anchors.NewRequest().Chunk(64).Select(line => new string(line)));
        await _cloud.Http.PostAsync(asked.Address + "/deviceSharingCompleted", Body(Convert.ToBase64String(Encoding.ASCII.GetBytes(asked.Token)), broken)).TakenAsync();
    }

    [Fact]
    public async Task A_body_or_a_key_that_is_none_is_an_invalid_configuration()
    {
        var asked = await AskAsync(_cloud);
        var request = Convert.FromBase64String(Anchors.NewRequest());
        foreach (var body in new[]
        {
            "", "[]", "{}", "nonsense",
            $$"""{"shareToken": "{{asked.Token}}"}""",
            $$"""{"shareToken": 1, "devicePublicKey": "AAAA"}""",
            $$"""{"devicePublicKey": "AAAA"}""",
            $$"""{"shareToken": "{{asked.Token}}", "devicePublicKey": 1}""",
            Body(asked.Token, ""), Body(asked.Token, "%%%"), Body(asked.Token, "AAAA"), Body(asked.Token, Anchors.Good),
            Body(asked.Token, Convert.ToBase64String([.. request, 0])), Body(asked.Token, Convert.ToBase64String([.. request[..^1], (byte)(request[^1] ^ 1)])),
            Body(asked.Token, Anchors.NewRequest(ECCurve.NamedCurves.nistP521)), Body(asked.Token, WeakRequest()),
        })
        {
            await _cloud.Http.PostAsync(asked.Address, body).RefusedAsync(Configuration);
        }

        using var other = await _cloud.Http.PostAsync(asked.Address, Body(asked.Token, Anchors.NewRequest()), "text/plain");
        using var got = await _cloud.Http.GetAsync(asked.Address, Ending);
        using var large = await _cloud.Http.PostAsync(asked.Address, Body(asked.Token, new string('A', 1024 * 1024)));
        Assert.Equal((415, 405, 413), ((int)other.StatusCode, (int)got.StatusCode, (int)large.StatusCode));
        await _cloud.Http.PostAsync(asked.Address, Body(asked.Token, Convert.ToBase64String(request))).TakenAsync();
    }

    [Fact]
    public async Task After_the_deadline_it_is_410_and_what_is_deleted_or_not_confirmed_is_unknown()
    {
        await using var cloud = await SharingCloud.StartAsync(StoreProvider.Sqlite, postgreSql);
        var (late, deleted, proposed) = (await AskAsync(cloud), await AskAsync(cloud), await AskAsync(cloud));
        Assert.True(await cloud.Get<IncomingShares>().DeleteAsync(deleted.User, deleted.Share, Ending));
        await cloud.ChangeAsync<IncomingShare>(proposed.Share, share => share.State = IncomingShareState.Proposed);
        await cloud.Http.PostAsync(deleted.Address, Body(deleted.Token, Anchors.NewRequest())).RefusedAsync(Token);
        await cloud.Http.PostAsync(proposed.Address, Body(proposed.Token, Anchors.NewRequest())).RefusedAsync(Token);
        cloud.Clock.Advance(TimeSpan.FromDays(7));
        using var answer = await cloud.Http.PostAsync(late.Address, Body(late.Token, Anchors.NewRequest()));
        Assert.Equal(HttpStatusCode.Gone, answer.StatusCode);
    }

    [Fact]
    public async Task A_share_that_failed_is_completed_all_the_same()
    {
        var asked = await AskAsync(_cloud);
        await _cloud.ChangeAsync<IncomingShare>(asked.Share, share => (share.State, share.Reason) = (IncomingShareState.Failed, "The other cloud failed."));
        await _cloud.Http.PostAsync(asked.Address, Body(asked.Token, Anchors.NewRequest())).TakenAsync();
        var share = await _cloud.IncomingAsync(asked.Share);
        Assert.Equal((IncomingShareState.Completed, (string?)null), (share.State, share.Reason));
    }

    [Theory]
    [InlineData(StoreProvider.Sqlite)]
    [InlineData(StoreProvider.PostgreSql)]
    public async Task A_completed_share_that_is_deleted_takes_its_waiting_camera_along_and_no_other(StoreProvider store)
    {
        await using var cloud = await SharingCloud.StartAsync(store, postgreSql);
        var (waits, came) = (await AskAsync(cloud), await AskAsync(cloud));
        foreach (var asked in new[] { waits, came }) await cloud.Http.PostAsync(asked.Address, Body(asked.Token, Anchors.NewRequest())).TakenAsync();
        var camera = (await cloud.IncomingAsync(came.Share)).CameraId!.Value;
        await cloud.ChangeAsync<Camera>(camera, row => row.State = CameraState.Active);

        foreach (var asked in new[] { waits, came }) Assert.True(await cloud.Get<IncomingShares>().DeleteAsync(asked.User, asked.Share, Ending));

        Assert.Equal(camera, Assert.Single(await cloud.Store.ReadAsync((context, stop) => context.Set<Camera>().ToListAsync(stop), Ending)).Id);
        Assert.Single(await cloud.Store.ReadAsync((context, stop) => context.Set<DeviceClientKey>().ToListAsync(stop), Ending));
        Assert.Empty(await cloud.Store.ReadAsync((context, stop) => context.Set<IncomingShare>().ToListAsync(stop), Ending));
    }

    [Fact]
    public async Task A_share_whose_camera_waits_is_not_forgotten()
    {
        await using var cloud = await SharingCloud.StartAsync(StoreProvider.Sqlite, postgreSql, options => options.MaxIncomingShares = 1);
        var asked = await AskAsync(cloud);
        await cloud.Http.PostAsync(asked.Address, Body(asked.Token, Anchors.NewRequest())).TakenAsync();
        await cloud.ChangeAsync<IncomingShare>(asked.Share, share => share.State = IncomingShareState.TimedOut);
        var shares = cloud.Get<IncomingShares>();
        for (var time = 0; time < 13; time++)
        {
            cloud.Clock.Advance(TimeSpan.FromSeconds(1));
            var share = (await shares.ProposeAsync(asked.User, OtherCloud.Token("https://cloud.invalid/a"), null, Ending)).Share!.Id;
            await cloud.ChangeAsync<IncomingShare>(share, row => (row.State, row.DeadlineAt) = (IncomingShareState.TimedOut, cloud.Clock.GetUtcNow()));
        }

        var left = await shares.ListAsync(asked.User, Ending);
        Assert.Contains(left, share => share.Id == asked.Share);
        Assert.Equal(12, left.Count);
    }

    [Fact]
    public async Task No_token_no_nonce_and_no_key_is_in_the_log()
    {
        await using var cloud = await SharingCloud.StartAsync(StoreProvider.Sqlite, postgreSql);
        var asked = await AskAsync(cloud);
        await cloud.Http.PostAsync(asked.Address, Body(asked.Token, "AAAA")).RefusedAsync(Configuration);
        await cloud.Http.PostAsync(asked.Address, Body(asked.Token, Anchors.NewRequest())).TakenAsync();
        Assert.Contains(cloud.Log.Lines, line => line.Contains("is completed", StringComparison.Ordinal));
        Assert.DoesNotContain(cloud.Log.Lines, line => line.Contains(asked.Token, StringComparison.Ordinal) || line.Contains(asked.Address.Split('/')[^1], StringComparison.Ordinal));
    }

    private static async Task<(UserId User, Guid Share, string Token, string Address)> AskAsync(SharingCloud cloud)
    {
        await using var other = await OtherCloud.StartAsync();
        var token = OtherCloud.Token(other.Url);
        var (user, share) = await IncomingSharesTests.ConfirmAsync(cloud, token);
        await IncomingSharesTests.UntilAsync(cloud, user, share, IncomingShareState.Requested);
        var sent = JsonSerializer.Deserialize<StartDeviceSharingBody>(Assert.Single(other.Calls).Body)!;
        return (user, share, token, sent.DeviceConfigurations[0].EndpointReferences[0]);
    }

    private static string Body(string token, string request) => JsonSerializer.Serialize(new { shareToken = token, devicePublicKey = request });

    private static string WeakRequest()
    {
        using var key = RSA.Create(1024);
        return Convert.ToBase64String(new System.Security.Cryptography.X509Certificates.CertificateRequest("CN=cam", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1).CreateSigningRequest());
    }
}
