using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using OcfCloud.Core.Storage;
using OcfCloud.Onvif.Provisioning;
using OcfCloud.Onvif.Sharing;
using OcfCloud.Onvif.Tests.Provisioning.Support;
using OcfCloud.Testing;

namespace OcfCloud.Onvif.Tests.Provisioning;

/// <summary>The work on the camera, from the request to the other cloud's uplink.</summary>
public sealed class ConfiguringTests(PostgreSqlFixture postgreSql)
{
    public static TheoryData<StoreProvider> Both => [StoreProvider.Sqlite, StoreProvider.PostgreSql];

    [Theory, MemberData(nameof(Both))]
    public async Task A_share_looks_first_then_makes_each_thing_once_and_tells_the_other_cloud_last(StoreProvider provider)
    {
        await using var room = await ShareRoom.OpenAsync(provider, postgreSql);
        var id = await room.ShareAsync();

        var share = await room.SettleAsync(id, ShareState.Connecting);

        Assert.Equal(ShareState.Connecting, share.State);
        Assert.Equal(
            [
                "GetServices", "GetDeviceInformation", "GetUplinks", "GetAuthorizationServerConfigurations", "GetAllCertificates", "GetAllCertPathValidationPolicies", "GetAllKeys",
                "UploadCertificate", "CreateCertPathValidationPolicy", "CreateECCKeyPair", "GetKeyStatus", "CreatePKCS10CSR", "CreateAuthorizationServerConfiguration", "SetUplink",
                "GetServices", "GetUplinks",
            ],
            room.Camera.Asked);
        Assert.Equal(
            [
                "GetServices", "GetDeviceInformation", "GetUplinks", "GetAuthorizationServerConfigurations", "GetAllCertificates", "GetAllCertPathValidationPolicies", "GetAllKeys",
                "UploadCertificate", "CreateCertPathValidationPolicy", "CreateECCKeyPair", "GetKeyStatus", "CreatePKCS10CSR", "CreateAuthorizationServerConfiguration", "SetUplink",
                "Configured", "deviceSharingCompleted",
            ],
            await room.StepsAsync(id));
        var (address, token, request) = Assert.Single(room.Completions.Told);
        Assert.Equal(("https://ocs.example/done/1", ShareRoom.Echoed), (address, token));
        Assert.Equal("CN=cam-5f0c9e52", CertificateRequest.LoadSigningRequest(request, HashAlgorithmName.SHA256).SubjectName.Name);
        Assert.Null(share.EchoedToken);

        var keystore = room.Camera.Keystore;
        var uplink = keystore.Uplinks[ShareRoom.Wss];
        var server = keystore.Servers[uplink.Server];
        Assert.Equal("Administrator", uplink.Level);
        Assert.Equal(("https://ocs.example/.well-known/openid-configuration", "cam-5f0c9e52", "onvif.uplink", uplink.Policy), (server.Uri, server.Client, server.Scope, server.Policy));
        Assert.Equal("ocs-public", keystore.Policies[uplink.Policy].Alias);
        Assert.Equal(Convert.ToBase64String(ShareRoom.RootA), keystore.Certificates[keystore.Policies[uplink.Policy].Anchors].Content);
        Assert.Equal($"ocfcloud {id:N}", keystore.Keys[server.Key].Alias);

        keystore.Status = "Connected";
        Assert.Equal((ShareState.Connected, null), await room.SettleAsync(id) is var done ? (done.State, done.Reason) : default);
    }

    [Fact]
    public async Task Policies_uplinks_and_servers_belong_together_as_the_request_has_them()
    {
        await using var room = await ShareRoom.OpenAsync(StoreProvider.Sqlite, postgreSql);
        var asked = ShareRoom.Asked() with
        {
            UplinkConfigurations = [new UplinkConfiguration(ShareRoom.Wss, UserLevel.Operator, "two"), new UplinkConfiguration(ShareRoom.Https, UserLevel.User, "one")],
            AuthorizationServerConfigurations =
            [
                new AuthorizationServerConfiguration("https://ocs.example/a", "a", null, "one"), new AuthorizationServerConfiguration("https://ocs.example/b", "b", "s t", "two"),
            ],
            CertPathValidationPolicies = [new CertPathValidationPolicy("one", [ShareRoom.RootA, ShareRoom.RootB]), new CertPathValidationPolicy("two", [ShareRoom.RootB])],
        };
        await room.SettleAsync(await room.ShareAsync(asked), ShareState.Connecting);

        var keystore = room.Camera.Keystore;
        var (wss, https) = (keystore.Uplinks[ShareRoom.Wss], keystore.Uplinks[ShareRoom.Https]);
        Assert.Equal(("Operator", "two", "a", "one"), (wss.Level, keystore.Policies[wss.Policy].Alias, keystore.Servers[wss.Server].Client, keystore.Policies[keystore.Servers[wss.Server].Policy].Alias));
        Assert.Equal(("User", "one", "b", "s t"), (https.Level, keystore.Policies[https.Policy].Alias, keystore.Servers[https.Server].Client, keystore.Servers[https.Server].Scope));
        Assert.Equal(2, keystore.Policies[https.Policy].Anchors.Split(' ').Length);
        Assert.Equal(2, room.Camera.Asked.Count(one => one == "UploadCertificate"));
        Assert.Single(room.Camera.Asked, one => one == "CreateECCKeyPair");
        Assert.Null(keystore.Servers[wss.Server].Scope);
    }

    [Theory, MemberData(nameof(Both))]
    public async Task A_camera_that_is_away_is_waited_for_and_the_work_goes_on_where_it_was(StoreProvider provider)
    {
        await using var room = await ShareRoom.OpenAsync(provider, postgreSql);
        room.Camera.IsOnline = false;
        var id = await room.ShareAsync();
        Assert.Equal(0, await room.RunAsync());
        Assert.Equal(ShareState.Waiting, (await room.FindAsync(id)).State);

        room.Camera.Arrive();
        room.Camera.Losing.Add("CreateECCKeyPair");
        await room.RunAsync();
        Assert.Equal(ShareState.Waiting, (await room.FindAsync(id)).State);
        room.Time.Advance(TimeSpan.FromDays(1));
        Assert.Equal(0, await room.RunAsync());

        room.Camera.Arrive();
        Assert.Equal(ShareState.Connecting, (await room.SettleAsync(id, ShareState.Connecting)).State);
        Assert.Single(room.Camera.Asked, one => one == "UploadCertificate");
        Assert.Single(room.Camera.Asked, one => one == "CreateECCKeyPair");
    }

    [Fact]
    public async Task A_silent_camera_is_asked_again_later_and_later()
    {
        await using var room = await ShareRoom.OpenAsync(StoreProvider.Sqlite, postgreSql);
        room.Camera.Silent.Add("CreatePKCS10CSR");
        var id = await room.ShareAsync();
        await room.RunAsync();
        var first = await room.FindAsync(id);
        Assert.Equal((ShareState.Configuring, room.Time.GetUtcNow() + TimeSpan.FromSeconds(2)), (first.State, first.DueAt));
        room.Time.Advance(TimeSpan.FromSeconds(2));
        await room.RunAsync();
        Assert.Equal(room.Time.GetUtcNow() + TimeSpan.FromSeconds(4), (await room.FindAsync(id)).DueAt);

        room.Camera.Silent.Clear();
        Assert.Equal(ShareState.Connecting, (await room.SettleAsync(id, ShareState.Connecting)).State);
    }

    [Fact]
    public async Task A_camera_that_never_comes_ends_the_share_after_its_time()
    {
        await using var room = await ShareRoom.OpenAsync(StoreProvider.Sqlite, postgreSql);
        room.Camera.IsOnline = false;
        var id = await room.ShareAsync();
        room.Time.Advance(TimeSpan.FromDays(7) - TimeSpan.FromSeconds(1));
        Assert.Equal(0, await room.RunAsync());
        room.Time.Advance(TimeSpan.FromSeconds(1));
        await room.RunAsync();

        var share = await room.FindAsync(id);
        Assert.Equal((ShareState.Failed, "The camera was not there in time.", null), (share.State, share.Reason, share.DueAt));
        Assert.Empty(room.Camera.Asked);
    }

    [Fact]
    public async Task A_key_is_waited_for_as_long_as_the_camera_says_then_every_second()
    {
        await using var room = await ShareRoom.OpenAsync(StoreProvider.Sqlite, postgreSql);
        (room.Camera.Keystore.CreationTime, room.Camera.Keystore.KeyStatus) = ("PT20S", "generating");
        var id = await room.ShareAsync();
        await room.RunAsync();
        Assert.Equal(room.Time.GetUtcNow() + TimeSpan.FromSeconds(5), (await room.FindAsync(id)).DueAt);
        room.Time.Advance(TimeSpan.FromSeconds(5));
        await room.RunAsync();
        Assert.Equal(room.Time.GetUtcNow() + TimeSpan.FromSeconds(1), (await room.FindAsync(id)).DueAt);

        room.Camera.Keystore.KeyStatus = "ok";
        Assert.Equal(ShareState.Connecting, (await room.SettleAsync(id, ShareState.Connecting)).State);
        Assert.Single(room.Camera.Asked, one => one == "CreateECCKeyPair");
    }

    [Fact]
    public async Task A_camera_without_elliptic_curves_makes_an_RSA_key()
    {
        await using var room = await ShareRoom.OpenAsync(StoreProvider.Sqlite, postgreSql);
        room.Camera.Keystore.KeyPairs = "RSA";
        await room.SettleAsync(await room.ShareAsync(), ShareState.Connecting);

        Assert.DoesNotContain("CreateECCKeyPair", room.Camera.Asked);
        var request = CertificateRequest.LoadSigningRequest(room.Completions.Told.Single().Request, HashAlgorithmName.SHA256, signerSignaturePadding: RSASignaturePadding.Pkcs1);
        Assert.Equal(3072, request.PublicKey.GetRSAPublicKey()!.KeySize);
    }

    [Fact]
    public async Task A_camera_makes_the_shortest_RSA_key_that_it_can_make_and_is_long_enough()
    {
        await using var room = await ShareRoom.OpenAsync(StoreProvider.Sqlite, postgreSql);
        (room.Camera.Keystore.KeyPairs, room.Camera.Keystore.RsaLengths) = ("RSA", "4096 2048 3584");
        var id = await room.ShareAsync();
        Assert.Equal(ShareState.Connecting, (await room.SettleAsync(id, ShareState.Connecting)).State);

        var request = CertificateRequest.LoadSigningRequest(room.Completions.Told.Single().Request, HashAlgorithmName.SHA256, signerSignaturePadding: RSASignaturePadding.Pkcs1);
        Assert.Equal(3584, request.PublicKey.GetRSAPublicKey()!.KeySize);
    }

    [Theory, InlineData("UnsupportedEllipticCurve", 2), InlineData("KeyLength", 2)]
    public async Task Curves_that_the_camera_does_not_have_after_all_are_left_for_RSA(string fault, int tries)
    {
        await using var room = await ShareRoom.OpenAsync(StoreProvider.Sqlite, postgreSql);
        room.Camera.Faults["CreateECCKeyPair"] = "InvalidArgVal/" + fault;
        await room.SettleAsync(await room.ShareAsync(), ShareState.Connecting);

        Assert.Equal(tries, room.Camera.Asked.Count(one => one == "CreateECCKeyPair"));
        Assert.Single(room.Camera.Asked, one => one == "CreateRSAKeyPair");
    }

    [Fact]
    public async Task A_subject_that_the_camera_does_not_take_is_cut_to_the_client_id()
    {
        await using var room = await ShareRoom.OpenAsync(StoreProvider.Sqlite, postgreSql);
        room.Camera.Keystore.TakesSubjects = false;
        await room.SettleAsync(await room.ShareAsync(), ShareState.Connecting);

        Assert.Equal(2, room.Camera.Asked.Count(one => one == "CreatePKCS10CSR"));
        Assert.Single(room.Completions.Told);
    }

    [Fact]
    public async Task An_anchor_that_the_camera_has_already_is_used_and_not_taken_away_again()
    {
        await using var room = await ShareRoom.OpenAsync(StoreProvider.Sqlite, postgreSql);
        var before = room.Camera.Keystore.Snapshot();
        var asked = ShareRoom.Asked() with { CertPathValidationPolicies = [new CertPathValidationPolicy("ocs-public", [Convert.FromBase64String(FakeKeystore.Root)])] };
        var id = await room.ShareAsync(asked);
        await room.SettleAsync(id, ShareState.Connecting);
        Assert.DoesNotContain("UploadCertificate", room.Camera.Asked);

        await room.Shares.UnshareAsync(room.User, room.Camera.Id, id, TestContext.Current.CancellationToken);
        Assert.Equal(ShareState.Unshared, (await room.SettleAsync(id)).State);
        Assert.Equal(before, room.Camera.Keystore.Snapshot());
    }

    [Fact]
    public async Task An_anchor_that_came_meanwhile_is_found_by_its_bytes()
    {
        await using var room = await ShareRoom.OpenAsync(StoreProvider.Sqlite, postgreSql);
        room.Camera.Asking = operation =>
        {
            if (operation != "UploadCertificate") return;
            room.Camera.Keystore.Keys["key_x"] = new FakeKeystore.Key("x", null);
            room.Camera.Keystore.Certificates["cert_x"] = new FakeKeystore.Certificate(Convert.ToBase64String(ShareRoom.RootA), "x", "key_x");
        };
        await room.SettleAsync(await room.ShareAsync(), ShareState.Connecting);

        Assert.Equal("cert_x", room.Camera.Keystore.Policies[room.Camera.Keystore.Uplinks[ShareRoom.Wss].Policy].Anchors);
    }

    [Fact]
    public async Task Uplinks_that_the_camera_cannot_take_are_left_out_as_long_as_one_is_left()
    {
        await using var room = await ShareRoom.OpenAsync(StoreProvider.Sqlite, postgreSql);
        var both = ShareRoom.Asked() with
        {
            UplinkConfigurations = [new UplinkConfiguration(ShareRoom.Wss, UserLevel.Administrator, "ocs-public"), new UplinkConfiguration(ShareRoom.Https, UserLevel.Administrator, "ocs-public")],
        };
        room.Camera.Keystore.Protocols = "https";
        await room.SettleAsync(await room.ShareAsync(both), ShareState.Connecting);
        Assert.Equal([ShareRoom.Https, ShareRoom.OwnWss], room.Camera.Keystore.Uplinks.Keys);

        await using var other = await ShareRoom.OpenAsync(StoreProvider.Sqlite, postgreSql);
        other.Camera.Keystore.Most = (16, 16, 8, 4, 2);
        await other.SettleAsync(await other.ShareAsync(both), ShareState.Connecting);
        Assert.Equal([ShareRoom.Wss, ShareRoom.OwnWss], other.Camera.Keystore.Uplinks.Keys);
    }

    [Fact]
    public async Task What_the_camera_refused_is_not_offered_again_when_the_work_goes_on()
    {
        await using var room = await ShareRoom.OpenAsync(StoreProvider.Sqlite, postgreSql);
        var asked = ShareRoom.Asked() with
        {
            UplinkConfigurations = [new UplinkConfiguration(ShareRoom.Wss, UserLevel.Administrator, "ocs-public"), new UplinkConfiguration(ShareRoom.Https, UserLevel.Administrator, "ocs-public")],
            CertPathValidationPolicies = [new CertPathValidationPolicy("ocs-public", [ShareRoom.RootA, ShareRoom.RootB])],
        };
        var calls = new Dictionary<string, int>(StringComparer.Ordinal);
        room.Camera.Asking = operation =>
        {
            // Of two the first is refused, and with the second the connection goes.
            room.Camera.Faults.Clear();
            if (operation is not ("UploadCertificate" or "SetUplink")) return;
            calls[operation] = calls.GetValueOrDefault(operation) + 1;
            if (calls[operation] == 1) room.Camera.Faults[operation] = operation == "SetUplink" ? "!Action" : "InvalidArgVal/BadCertificate";
            else if (calls[operation] == 2) room.Camera.Losing.Add(operation);
        };
        var id = await room.ShareAsync(asked);
        for (var losses = 0; losses < 2; losses++)
        {
            while (room.Camera.IsOnline)
            {
                await room.RunAsync();
                room.Time.Advance(TimeSpan.FromSeconds(1));
            }

            room.Camera.Arrive();
        }

        await room.SettleAsync(id, ShareState.Connecting);

        Assert.Equal([ShareRoom.Https, ShareRoom.OwnWss], room.Camera.Keystore.Uplinks.Keys);
        Assert.Single(room.Camera.Keystore.Policies[room.Camera.Keystore.Uplinks[ShareRoom.Https].Policy].Anchors.Split(' '));
        Assert.Equal((2, 3), (calls["UploadCertificate"], calls["SetUplink"]));
    }

    [Theory, MemberData(nameof(Both))]
    public async Task One_camera_is_worked_on_for_one_share_at_a_time(StoreProvider provider)
    {
        await using var room = await ShareRoom.OpenAsync(provider, postgreSql);
        await room.ShareAsync();
        await room.ShareAsync(ShareRoom.Asked() with { UplinkConfigurations = [new UplinkConfiguration("https://third.example/", UserLevel.User, "ocs-public")] });

        var queue = room.Get<ShareQueue>();
        var claimed = await queue.ClaimAsync(10, [], TestContext.Current.CancellationToken);
        Assert.Single(claimed);
        Assert.Empty(await queue.ClaimAsync(10, [], TestContext.Current.CancellationToken));
        await queue.ReleaseAsync(claimed[0].Id, null, TestContext.Current.CancellationToken);
        Assert.Single(await queue.ClaimAsync(10, [], TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task An_uplink_that_is_set_though_the_camera_says_no_is_known_to_be_there()
    {
        await using var room = await ShareRoom.OpenAsync(StoreProvider.Sqlite, postgreSql);
        room.Camera.FaultsAfter["SetUplink"] = "!Action/Busy";
        var id = await room.ShareAsync();

        Assert.Equal(ShareState.Connecting, (await room.SettleAsync(id, ShareState.Connecting)).State);
        Assert.Contains(await room.ObjectsAsync(id), made => made is { Kind: CameraObjectKind.Uplink, Handle: ShareRoom.Wss });
    }

    [Fact]
    public async Task A_camera_whose_uplinks_break_under_every_call_is_asked_less_and_less_often_and_its_owner_is_not_told_each_time()
    {
        await using var room = await ShareRoom.OpenAsync(StoreProvider.Sqlite, postgreSql);
        room.Camera.Breaking["GetServices"] = int.MaxValue;
        var id = await room.ShareAsync();
        int[] rests = [1, 2, 4, 8, 16, 32, 60, 60];
        foreach (var rest in rests)
        {
            Assert.Equal(1, await room.RunAsync());
            var share = await room.FindAsync(id);
            Assert.Equal((ShareState.Waiting, TimeSpan.FromSeconds(rest)), (share.State, share.DueAt!.Value - room.Time.GetUtcNow()));
            room.Time.Advance(TimeSpan.FromSeconds(rest));
        }

        room.Camera.Breaking.Clear();
        Assert.Equal(ShareState.Connecting, (await room.SettleAsync(id, ShareState.Connecting)).State);
    }
}
