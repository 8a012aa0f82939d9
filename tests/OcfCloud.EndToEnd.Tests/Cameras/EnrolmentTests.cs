using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;
using OcfCloud.EndToEnd.Harness;
using OcfCloud.Testing;

namespace OcfCloud.EndToEnd.Cameras;

/// <summary>How a camera first enters: by command, by API, by the simulator itself; and how it is shown out.</summary>
public sealed class EnrolmentTests(SharedPrograms shared, PostgreSqlFixture postgreSql)
{
    private readonly CameraClouds _clouds = shared.CameraClouds(postgreSql);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_camera_that_a_command_enrols_gets_what_it_needs_and_tells_who_it_is_when_it_connects()
    {
        var a = await _clouds.A;
        var alice = await a.AddOwnerAsync();
        using var folder = new TemporaryFolder();
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        await File.WriteAllTextAsync(folder.File("request.pem"), CameraClient.Request(key).CreateSigningRequestPem(), Cancellation);

        var enrolment = (await a.Cloud.ArrangeAsync("camera", "add", "--user", alice.Name, "--csr", folder.File("request.pem"), "--json")).Succeeded().Json;

        AssertComplete(a, enrolment);
        Assert.Equal("waiting", (await alice.CameraAsync()).GetProperty("status").GetString());
        await alice.AskAsync(HttpMethod.Post, $"cameras/{await alice.CameraIdAsync()}/share-tokens", HttpStatusCode.Conflict, new { });
        var client = new CameraClient(enrolment.GetProperty("clientId").GetString()!, key);
        var (token, error) = await client.AskForTokenAsync(a);
        Assert.Null(error);
        var (status, uplink) = await PlainUplink.ConnectAsync(a, token, "SN-1");
        Assert.Equal(101, status);
        await using (uplink)
        {
            var camera = await alice.WaitForCameraAsync("online");
            Assert.Equal(
                ("Acme", "AC-2000", "SN-1", "4.2.1", "https"),
                (Text(camera, "manufacturer"), Text(camera, "model"), Text(camera, "serialNumber"), Text(camera, "firmwareVersion"), Text(camera.GetProperty("connection"), "kind")));
            Assert.Equal(enrolment.GetProperty("id").GetString(), Text(camera, "id"));
            Assert.Equal(client.ClientId, Text(camera, "clientId"));
            Assert.Equal("SN-1", Text(await alice.ReadInformationAsync(), "serialNumber"));
        }

        await alice.WaitForCameraAsync("offline");
        await alice.AskAsync(HttpMethod.Post, $"cameras/{await alice.CameraIdAsync()}/information", HttpStatusCode.ServiceUnavailable);
        var listed = (await a.Cloud.ArrangeAsync("camera", "list", "--user", alice.Name, "--json")).Succeeded().Json;
        Assert.Contains(Assert.Single(listed.EnumerateArray()).EnumerateObject(), member => member.NameEquals("id") && member.Value.GetString() == enrolment.GetProperty("id").GetString());
    }

    [Fact]
    public async Task The_API_enrols_as_the_command_does_and_both_refuse_what_is_no_good_request()
    {
        var a = await _clouds.A;
        var alice = await a.AddOwnerAsync();
        using var folder = new TemporaryFolder();
        var (client, enrolment) = await CameraClient.EnrolAsync(alice);
        using (client) AssertComplete(a, enrolment);

        using var another = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var der = CameraClient.Request(another).CreateSigningRequest();
        der[^1] ^= 1;
        await File.WriteAllBytesAsync(folder.File("request.der"), der, Cancellation);
        await alice.AskAsync(HttpMethod.Post, "cameras", HttpStatusCode.BadRequest, new { csr = Convert.ToBase64String(der) });
        await alice.AskAsync(HttpMethod.Post, "cameras", HttpStatusCode.BadRequest, new { csr = "no base64" });
        await alice.AskAsync(HttpMethod.Post, "cameras", HttpStatusCode.BadRequest, new { });
        var refused = await a.Cloud.ArrangeAsync("camera", "add", "--user", alice.Name, "--csr", folder.File("request.der"));
        Assert.Equal((1, 1), (refused.ExitCode, refused.Errors.Count));
        Assert.Single(await alice.CamerasAsync());
    }

    [Fact]
    public async Task Nobody_reaches_cameras_without_the_scope_or_those_of_somebody_else()
    {
        var a = await _clouds.A;
        var (alice, mallory) = (await a.AddOwnerAsync(), await a.AddOwnerAsync());
        var (client, _) = await CameraClient.EnrolAsync(alice);
        using (client)
        {
            var id = await alice.CameraIdAsync();
            await mallory.AskAsync(HttpMethod.Get, $"cameras/{id}", HttpStatusCode.NotFound);
            await mallory.AskAsync(HttpMethod.Delete, $"cameras/{id}", HttpStatusCode.NotFound);
            await mallory.AskAsync(HttpMethod.Get, $"cameras/{id}/share-tokens", HttpStatusCode.NotFound);
            await mallory.AskAsync(HttpMethod.Get, $"cameras/{id}/shares", HttpStatusCode.NotFound);
            Assert.Empty(await mallory.CamerasAsync());
            var peer = new CameraOwner(a, alice.Name, await a.CreateTokenAsync(alice.Name, "r:* w:*"));
            await peer.AskAsync(HttpMethod.Get, "cameras", HttpStatusCode.Forbidden);
            await peer.AskAsync(HttpMethod.Get, "incoming-shares", HttpStatusCode.Forbidden);
        }
    }

    [Fact]
    public async Task The_simulators_camera_enrols_itself_and_comes_back_as_the_same_one()
    {
        var a = await _clouds.A;
        var alice = await a.AddOwnerAsync();
        await using var camera = await SimulatedCamera.StartAsync(alice);
        await camera.WaitForUplinksAsync(a, userLevel: "Administrator");
        var before = (await alice.CameraIdAsync(), await camera.Soap.ContentsAsync());

        await camera.SwitchOffAsync();
        await alice.WaitForCameraAsync("offline");
        await camera.SwitchOnAsync();

        await alice.WaitForCameraAsync("online");
        Assert.Equal(before, (await alice.CameraIdAsync(), await camera.Soap.ContentsAsync()));
    }

    [Fact]
    public async Task A_camera_that_is_removed_is_cut_off_at_once_and_gets_no_token_any_more()
    {
        var a = await _clouds.A;
        foreach (var byCommand in new[] { false, true })
        {
            var alice = await a.AddOwnerAsync();
            var (client, _) = await CameraClient.EnrolAsync(alice);
            using var disposing = client;
            var (token, _) = await client.AskForTokenAsync(a);
            var (_, uplink) = await PlainUplink.ConnectAsync(a, token);
            await using var ending = uplink;
            await alice.WaitForCameraAsync("online");

            var id = await alice.CameraIdAsync();
            if (byCommand) (await a.Cloud.ArrangeAsync("camera", "remove", id)).Succeeded();
            else await alice.AskAsync(HttpMethod.Delete, "cameras/" + id, HttpStatusCode.NoContent);

            await uplink!.Ended.WaitAsync(TimeSpan.FromSeconds(10), Cancellation);
            Assert.Equal((null, "invalid_client"), await client.AskForTokenAsync(a));
            Assert.Equal(401, (await PlainUplink.ConnectAsync(a, token)).Status);
            await alice.AskAsync(HttpMethod.Get, "cameras/" + id, HttpStatusCode.NotFound);
        }
    }

    [Fact]
    public async Task An_uplink_without_a_token_or_with_another_clouds_is_refused()
    {
        var (a, b) = (await _clouds.A, await _clouds.B);
        var (client, _) = await CameraClient.EnrolAsync(await a.AddOwnerAsync());
        using (client)
        {
            var (token, _) = await client.AskForTokenAsync(a);
            Assert.Equal(401, (await PlainUplink.ConnectAsync(a, null)).Status);
            Assert.Equal(401, (await PlainUplink.ConnectAsync(b, token)).Status);
            Assert.Equal((null, "invalid_client"), await client.AskForTokenAsync(b));
        }
    }

    private static void AssertComplete(CameraCloud cloud, JsonElement enrolment)
    {
        Assert.Equal(cloud.ServerUri, Text(enrolment, "serverUri"));
        Assert.Contains("onvif.uplink", Text(enrolment, "scope"), StringComparison.Ordinal);
        Assert.NotEmpty(Text(enrolment, "clientId")!);
        Assert.Equal([cloud.UplinkHttps, cloud.UplinkWss], enrolment.GetProperty("uplinks").EnumerateArray().Select(u => u.GetString()));
        using var anchor = X509Certificate2.CreateFromPem(Assert.Single(enrolment.GetProperty("trustAnchors").EnumerateArray()).GetString());
        Assert.Equal(cloud.TrustAnchor, Convert.ToBase64String(anchor.RawData));
    }

    private static string? Text(JsonElement element, string member) => element.GetProperty(member).GetString();
}
