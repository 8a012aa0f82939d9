using System.Net;
using Microsoft.Extensions.DependencyInjection;
using OcfCloud.Console.Tests.Support;
using OcfCloud.Onvif.Cameras;
using OcfCloud.Onvif.Firmware;
using OcfCloud.Onvif.Operation;

namespace OcfCloud.Console.Tests.Cameras;

/// <summary>A user's cameras: the list, one's page, asking it, upgrading it, removing it.</summary>
public sealed class CameraTests : CameraRoom
{
    private const string Hostile = "<b>AC</b>\"'";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Cameras_are_listed_with_how_they_are_doing_who_they_are_and_their_uplinks()
    {
        await Cloud.AddCameraAsync(Alice, CameraState.Waiting);
        await Cloud.AddCameraAsync(Alice, model: Hostile, serial: "SN-2", uplinks: [UplinkKind.Https, UplinkKind.Wss]);
        await Cloud.AddCameraAsync(Alice, serial: "SN-3");
        await Cloud.AddCameraAsync(Alice, CameraState.Quarantined, reason: "It says <i>SN-9</i>.");
        await Cloud.AddCameraAsync(Alice, CameraState.Transferred);
        await Cloud.AddCameraAsync(Bob, serial: "Bob's");

        var page = await Browser.OpenAsync("/cameras");

        Assert.Contains(">Cameras</a>", (await Browser.OpenAsync("/devices")).Html, StringComparison.Ordinal);
        foreach (var words in new[] { "waiting", "It never connected", "online", "offline", "quarantined", "It says <i>SN-9</i>.", "transferred", "Acme " + Hostile, "SN-2", "SN-3", "4.2.1" })
            Assert.Contains(words, page.Text, StringComparison.Ordinal);
        Assert.Contains("wss, since 2026-11-02 11:31 UTC", page.Text, StringComparison.Ordinal);
        Assert.Contains("https, since 2026-11-02 11:30 UTC", page.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("<b>", page.Html, StringComparison.Ordinal);
        Assert.DoesNotContain("<i>", page.Html, StringComparison.Ordinal);
        Assert.DoesNotContain("Bob's", page.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_camera_is_asked_anew_who_it_is()
    {
        var camera = await Cloud.AddCameraAsync(Alice, CameraState.Waiting);
        var page = await Browser.OpenAsync($"/cameras/{camera}");
        Assert.Contains("not known yet", page.Text, StringComparison.Ordinal);

        var offline = await Browser.SubmitAsync(page, $"/cameras/{camera}/information");
        Assert.Equal(HttpStatusCode.ServiceUnavailable, offline.Status);
        Assert.Contains("The camera is offline.", offline.Text, StringComparison.Ordinal);

        Cloud.Cameras.Answer = FakeCameras.Fault("&lt;script&gt;no&lt;/script&gt;");
        var refused = await Browser.SubmitAsync(page, $"/cameras/{camera}/information");
        Assert.Equal(HttpStatusCode.Conflict, refused.Status);
        Assert.Contains("The camera refused: <script>no</script> (InvalidArgVal)", refused.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("<script", refused.Html, StringComparison.Ordinal);

        Cloud.Cameras.Answer = FakeCameras.Information("New &lt;u&gt;", "M7", "5.0", "SN-77");
        var known = await Browser.SubmitAsync(page, $"/cameras/{camera}/information");
        Assert.Equal(HttpStatusCode.OK, known.Status);
        foreach (var words in new[] { "The camera said who it is.", "New <u> M7", "5.0", "SN-77" }) Assert.Contains(words, known.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("<u>", known.Html, StringComparison.Ordinal);
        Assert.Equal("M7", (await Cloud.RowAsync<Camera>(camera))!.Model);

        Cloud.Cameras.Answer = "<tds:Nonsense/>";
        Assert.Equal(HttpStatusCode.BadGateway, (await Browser.SubmitAsync(page, $"/cameras/{camera}/information")).Status);
        Assert.All(Cloud.Cameras.Asked, asked => Assert.Equal(camera, asked.Camera));
    }

    [Fact]
    public async Task Asking_a_camera_of_another_cloud_does_not_spare_it_the_comparison_with_its_share_token()
    {
        var share = await Cloud.AddIncomingShareAsync(Alice, IncomingShareState.Completed);
        var camera = await Cloud.AddCameraAsync(Alice, CameraState.Waiting, incoming: share);
        Cloud.Cameras.Answer = FakeCameras.Information("Acme", "AC-2000", "4.2.1", "another one");

        await Browser.SubmitAsync(await Browser.OpenAsync($"/cameras/{camera}"), $"/cameras/{camera}/information");

        Assert.Equal(CameraState.Quarantined, (await Cloud.RowAsync<Camera>(camera))!.State);
    }

    [Fact]
    public async Task A_camera_is_told_to_upgrade_to_a_version_of_its_model()
    {
        var camera = await Cloud.AddCameraAsync(Alice);
        Assert.Contains("No version is known", (await Browser.OpenAsync($"/cameras/{camera}")).Text, StringComparison.Ordinal);
        var images = Cloud.Services.GetRequiredService<FirmwareImages>();
        foreach (var version in new[] { "4.2.1", "4.10.0 <x>" }) Assert.Null(await images.AddAsync("AC-2000", version, Cancellation));
        await images.AddAsync("AC-3000", "9.9", Cancellation);

        var page = await Browser.OpenAsync($"/cameras/{camera}");
        Assert.Contains("4.2.1 (has it)", page.Text, StringComparison.Ordinal);
        Assert.Contains("4.10.0 <x>", page.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("9.9", page.Text, StringComparison.Ordinal);

        Cloud.Cameras.Answer = "<tds:UpgradeFirmwareResponse><tds:ExpectedDownTime>PT3M30S</tds:ExpectedDownTime></tds:UpgradeFirmwareResponse>";
        var done = await Browser.SubmitAsync(page, $"/cameras/{camera}/firmware", ("version", "4.10.0 <x>"));
        Assert.Equal(HttpStatusCode.OK, done.Status);
        Assert.Contains("The camera upgrades to 4.10.0 <x>. It expects to be away for 3 min 30 s.", done.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("<x>", done.Html, StringComparison.Ordinal);
        Assert.Contains("4.10.0 &lt;x&gt;", Assert.Single(Cloud.Cameras.Asked).Body, StringComparison.Ordinal);

        foreach (var version in new[] { "", new string('4', FirmwareImage.MaxTextLength + 1) })
            Assert.Equal(HttpStatusCode.BadRequest, (await Browser.SubmitAsync(page, $"/cameras/{camera}/firmware", ("version", version))).Status);
        Cloud.Cameras.Answer = FakeCameras.Fault("busy");
        Assert.Equal(HttpStatusCode.Conflict, (await Browser.SubmitAsync(page, $"/cameras/{camera}/firmware", ("version", "4.2.1"))).Status);
        Assert.Equal(2, Cloud.Cameras.Asked.Count);

        var quarantined = await Cloud.AddCameraAsync(Alice, CameraState.Quarantined);
        Assert.Equal(HttpStatusCode.Conflict, (await SendAsync($"/cameras/{quarantined}/firmware", ("version", "4.2.1"))).Status);
        Assert.Equal(2, Cloud.Cameras.Asked.Count);
    }

    [Fact]
    public async Task A_camera_is_removed_after_a_question()
    {
        var (camera, kept) = (await Cloud.AddCameraAsync(Alice, model: Hostile), await Cloud.AddCameraAsync(Alice));

        var question = await Browser.OpenAsync($"/cameras/{camera}/remove");
        Assert.Contains(Hostile, question.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("<b>", question.Html, StringComparison.Ordinal);
        Assert.NotNull(await Cloud.RowAsync<Camera>(camera));

        var list = await Browser.SubmitAsync(question, $"/cameras/{camera}/remove");
        Assert.Contains($"/cameras/{kept}", list.Html, StringComparison.Ordinal);
        Assert.DoesNotContain(camera.ToString(), list.Html, StringComparison.Ordinal);
        Assert.Null(await Cloud.RowAsync<Camera>(camera));
        Assert.Equal(HttpStatusCode.NotFound, (await Browser.OpenAsync($"/cameras/{camera}")).Status);
    }

    [Fact]
    public async Task Others_cameras_are_as_unknown_as_none()
    {
        var theirs = await Cloud.AddCameraAsync(Bob);
        Cloud.Cameras.Answer = FakeCameras.Information("a", "b", "c", "d");

        foreach (var id in new[] { theirs.ToString(), Guid.NewGuid().ToString(), "nothing" })
        {
            await UnknownAsync(
                [$"/cameras/{id}", $"/cameras/{id}/remove"],
                ($"/cameras/{id}/information", []), ($"/cameras/{id}/firmware", [("version", "1")]), ($"/cameras/{id}/remove", []));
        }

        Assert.Equal("AC-2000", (await Cloud.RowAsync<Camera>(theirs))!.Model);
        Assert.Empty(Cloud.Cameras.Asked);
    }
}
