using System.Net;
using OcfCloud.Console.Tests.Support;
using OcfCloud.Onvif.Cameras;
using OcfCloud.Onvif.Provisioning;
using OcfCloud.Onvif.Sharing;

namespace OcfCloud.Console.Tests.Cameras;

/// <summary>What was shared of a camera, and what its owner does about it.</summary>
public sealed class ShareTests : CameraRoom
{
    [Fact]
    public async Task Shares_are_shown_with_state_reason_and_steps()
    {
        var camera = await Cloud.AddCameraAsync(Alice);
        await Cloud.AddShareAsync(Alice, camera, ShareState.Failed, reason: "The camera said <b>no</b>.", detail: "<i>anchor</i>");
        await Cloud.AddShareAsync(Alice, camera, mode: ShareMode.Transfer, state: ShareState.Transferring);

        var page = await Browser.OpenAsync($"/cameras/{camera}");

        foreach (var words in new[] { "Share with other.example:443", "Transfer to other.example:443", "failed", "The camera said <b>no</b>.", "transferring", "UploadCertificate (<i>anchor</i>)" })
            Assert.Contains(words, page.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("<b>", page.Html, StringComparison.Ordinal);
        Assert.DoesNotContain("<i>", page.Html, StringComparison.Ordinal);

        // Nothing of the one is on the camera, and the other is past that.
        Assert.DoesNotContain("/unshare", page.Html, StringComparison.Ordinal);
        Assert.DoesNotContain("/resend", page.Html, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Access_is_taken_back_after_a_question()
    {
        var camera = await Cloud.AddCameraAsync(Alice);
        var share = await Cloud.AddShareAsync(Alice, camera);
        var path = $"/cameras/{camera}/shares/{share}/unshare";
        Assert.Contains($"href=\"{path}\"", (await Browser.OpenAsync($"/cameras/{camera}")).Html, StringComparison.Ordinal);

        var question = await Browser.OpenAsync(path);
        Assert.Contains("other.example:443", question.Text, StringComparison.Ordinal);
        Assert.Equal(ShareState.Connected, (await Cloud.RowAsync<Share>(share))!.State);

        var after = await Browser.SubmitAsync(question, path);
        Assert.Contains("unsharing", after.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("/unshare", after.Html, StringComparison.Ordinal);
        Assert.Equal(ShareState.Unsharing, (await Cloud.RowAsync<Share>(share))!.State);
    }

    [Fact]
    public async Task What_failed_and_is_still_on_the_camera_can_be_taken_back()
    {
        var camera = await Cloud.AddCameraAsync(Alice);
        var share = await Cloud.AddShareAsync(Alice, camera, ShareState.Failed);
        await Cloud.ChangeAsync(context => context.Add(new CameraObject { ShareId = share, Kind = CameraObjectKind.Certificate, Name = "anchor 1", Handle = "c1", IsOurs = true }));

        Assert.Contains($"/cameras/{camera}/shares/{share}/unshare", (await Browser.OpenAsync($"/cameras/{camera}")).Html, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_left_cannot_be_taken_back()
    {
        var camera = await Cloud.AddCameraAsync(Alice, CameraState.Transferred);
        var share = await Cloud.AddShareAsync(Alice, camera);

        Assert.DoesNotContain("/unshare", (await Browser.OpenAsync($"/cameras/{camera}")).Html, StringComparison.Ordinal);
        var refused = await SendAsync($"/cameras/{camera}/shares/{share}/unshare");
        Assert.Equal(HttpStatusCode.Conflict, refused.Status);
        Assert.Contains("only the other one can take access back", refused.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_cloud_that_could_not_be_told_is_told_again()
    {
        var camera = await Cloud.AddCameraAsync(Alice);
        var (share, standing) = (await Cloud.AddShareAsync(Alice, camera, ShareState.Unreachable), await Cloud.AddShareAsync(Alice, camera));

        var after = await Browser.SubmitAsync(await Browser.OpenAsync($"/cameras/{camera}"), $"/cameras/{camera}/shares/{share}/resend");

        Assert.Contains("notifying", after.Text, StringComparison.Ordinal);
        Assert.Equal(ShareState.Notifying, (await Cloud.RowAsync<Share>(share))!.State);
        Assert.Equal(HttpStatusCode.Conflict, (await SendAsync($"/cameras/{camera}/shares/{standing}/resend")).Status);
    }

    [Fact]
    public async Task Others_shares_are_as_unknown_as_none()
    {
        var (mine, theirs) = (await Cloud.AddCameraAsync(Alice), await Cloud.AddCameraAsync(Bob));
        var share = await Cloud.AddShareAsync(Bob, theirs, ShareState.Unreachable);

        foreach (var (camera, which) in new[] { (theirs.ToString(), share.ToString()), (mine.ToString(), share.ToString()), (mine.ToString(), Guid.NewGuid().ToString()), ("nothing", "nothing") })
        {
            var path = $"/cameras/{camera}/shares/{which}";
            await UnknownAsync([path + "/unshare"], (path + "/unshare", []), (path + "/resend", []));
        }

        Assert.Equal(ShareState.Unreachable, (await Cloud.RowAsync<Share>(share))!.State);
    }
}
