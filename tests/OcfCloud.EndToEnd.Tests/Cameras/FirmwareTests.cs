using System.Net;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using OcfCloud.EndToEnd.Harness;
using OcfCloud.Testing;

namespace OcfCloud.EndToEnd.Cameras;

/// <summary>Firmware images by model, and the upgrade.</summary>
public sealed class FirmwareTests(SharedPrograms shared, PostgreSqlFixture postgreSql)
{
    private readonly CameraClouds _clouds = shared.CameraClouds(postgreSql);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Anybody_may_ask_for_the_images_of_a_model()
    {
        var a = await _clouds.A;
        var model = "FW-" + Guid.NewGuid();
        Assert.Equal(HttpStatusCode.BadRequest, (await AskAsync(a, model)).Status);
        (await a.Cloud.ArrangeAsync("firmware", "add", "--model", model, "--version", "4.3.0")).Succeeded();
        (await a.Cloud.ArrangeAsync("firmware", "add", "--model", model, "--version", "4.2.1")).Succeeded();

        var (status, text) = await AskAsync(a, model);

        Assert.Equal(HttpStatusCode.OK, status);
        Assert.Equal(["4.2.1", "4.3.0"], JsonSerializer.Deserialize<string[]>(text)!.Order(StringComparer.Ordinal));
        var listed = (await a.Cloud.ArrangeAsync("firmware", "list", "--json")).Succeeded().Json.EnumerateArray().Where(i => i.GetProperty("model").GetString() == model);
        Assert.Equal(2, listed.Count());
        (await a.Cloud.ArrangeAsync("firmware", "remove", "--model", model, "--version", "4.3.0")).Succeeded();
        Assert.Equal("""["4.2.1"]""", (await AskAsync(a, model)).Text);
        Assert.Equal(1, (await a.Cloud.ArrangeAsync("firmware", "remove", "--model", model, "--version", "4.3.0")).ExitCode);
        foreach (var bad in new JsonObject[] { new() { ["model"] = "" }, new() { ["model"] = 1 }, [] })
        {
            Assert.Equal(HttpStatusCode.BadRequest, (await a.AskAsync("getAvailableFWImages", bad)).Status);
        }
    }

    [Fact]
    public async Task Plain_HTTP_is_refused_and_so_are_other_methods_and_types()
    {
        var a = await _clouds.A;
        using var plain = new HttpClient { BaseAddress = a.Cloud.Http };
        using var http = a.Cloud.CreateHttpClient();
        foreach (var operation in new[] { "startDeviceSharing", "deviceSharingCompleted/nonce", "getAvailableFWImages" })
        {
            using var body = new StringContent("{}", Encoding.UTF8, "application/json");
            using var refused = await plain.PostAsync("/onvif/cloud/" + operation, body, Cancellation);
            Assert.Equal(HttpStatusCode.Forbidden, refused.StatusCode);
            using var got = await http.GetAsync("/onvif/cloud/" + operation, Cancellation);
            Assert.Equal(HttpStatusCode.MethodNotAllowed, got.StatusCode);
            using var text = new StringContent("{}", Encoding.UTF8, "text/plain");
            using var unsupported = await http.PostAsync("/onvif/cloud/" + operation, text, Cancellation);
            Assert.Equal(HttpStatusCode.UnsupportedMediaType, unsupported.StatusCode);
            using var large = new StringContent($$"""{"x":"{{new string('x', 1 << 20)}}"}""", Encoding.UTF8, "application/json");
            using var tooLarge = await http.PostAsync("/onvif/cloud/" + operation, large, Cancellation);
            Assert.Equal(HttpStatusCode.RequestEntityTooLarge, tooLarge.StatusCode);
        }
    }

    [Fact]
    public async Task An_owner_upgrades_a_camera()
    {
        var a = await _clouds.A;
        var alice = await a.AddOwnerAsync();
        await using var camera = await SimulatedCamera.StartAsync(alice);
        var id = await alice.CameraIdAsync();

        var answer = await alice.AskAsync(HttpMethod.Post, $"cameras/{id}/firmware", HttpStatusCode.OK, new { version = "4.3.0" });

        Assert.StartsWith("PT", answer.GetProperty("expectedDownTime").GetString(), StringComparison.Ordinal);
        await camera.SwitchOffAsync();
        await alice.WaitForCameraAsync("offline");
        await alice.AskAsync(HttpMethod.Post, $"cameras/{id}/firmware", HttpStatusCode.ServiceUnavailable, new { version = "4.3.0" });
    }

    [Fact]
    public async Task A_camera_that_refuses_an_upgrade_says_why()
    {
        var a = await _clouds.A;
        var alice = await a.AddOwnerAsync();
        await using var camera = await SimulatedCamera.StartAsync(alice, "fault=UpgradeFirmware");

        var problem = await alice.AskAsync(HttpMethod.Post, $"cameras/{await alice.CameraIdAsync()}/firmware", HttpStatusCode.Conflict, new { version = "4.3.0" });

        Assert.NotEmpty(problem.GetProperty("detail").GetString()!);
    }

    private static Task<(HttpStatusCode Status, string Text)> AskAsync(CameraCloud cloud, string model) => cloud.AskAsync("getAvailableFWImages", new JsonObject { ["model"] = model });
}
