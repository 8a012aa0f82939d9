using System.Net;
using System.Text.Json;
using OcfCloud.EndToEnd.Harness;
using OcfCloud.Testing;

namespace OcfCloud.EndToEnd.Cameras;

/// <summary>The camera of <c>tests/strict-camera</c>, on an HTTP/2 stack that is not .NET's, comes by each kind of uplink.</summary>
public sealed class StrictCameraTests(SharedPrograms shared, PostgreSqlFixture postgreSql)
{
    private readonly CameraClouds _clouds = shared.CameraClouds(postgreSql);

    [Theory]
    [InlineData("https")]
    [InlineData("wss")]
    public async Task A_camera_of_another_maker_is_online_with_its_information_and_is_asked_over_its_uplink(string kind)
    {
        var a = await _clouds.A;
        var alice = await a.AddOwnerAsync();
        var (client, _) = await CameraClient.EnrolAsync(alice);
        using var disposing = client;
        var (token, _) = await client.AskForTokenAsync(a);
        await using var camera = RunningProgram.Start(
            "node",
            [
                Path.Combine(Repository.Root, "tests", "strict-camera", "camera.js"), "--url", kind == "wss" ? a.UplinkWss : a.UplinkHttps, "--ca", a.AuthorityPath, "--serial", "strict & co",
                "--manufacturer", "Other <Maker>", "--model", "X-1", "--firmware", "1.0",
            ]);
        await camera.WriteLineAsync(token!);
        await camera.WaitForAsync($$"""^{"event":"connected","kind":"{{kind}}"}$""");

        var online = await alice.WaitForCameraAsync("online");
        Assert.Equal(("Other <Maker>", "X-1", "strict & co", "1.0"), (Text(online, "manufacturer"), Text(online, "model"), Text(online, "serialNumber"), Text(online, "firmwareVersion")));
        Assert.Equal(kind, Text(online.GetProperty("connection"), "kind"));
        var upgraded = await alice.AskAsync(HttpMethod.Post, $"cameras/{Text(online, "id")}/firmware", HttpStatusCode.OK, new { version = "1.1" });
        Assert.Equal("PT3M", Text(upgraded, "expectedDownTime"));
        Assert.Equal("1.1", Text(await alice.ReadInformationAsync(), "firmwareVersion"));

        camera.CloseInput();
        await camera.WaitForExitAsync();
        await alice.WaitForCameraAsync("offline");
        Assert.All(
            camera.Output.Where(line => line.Contains("\"request\"", StringComparison.Ordinal)),
            line => Assert.Equal(200, JsonDocument.Parse(line).RootElement.GetProperty("status").GetInt32()));
    }

    private static string? Text(JsonElement element, string member) => element.GetProperty(member).GetString();
}
