using System.Net;
using System.Text;
using System.Text.RegularExpressions;
using Microsoft.Extensions.DependencyInjection;
using OcfCloud.Console.Tests.Support;
using OcfCloud.Core.Devices;
using OcfCloud.Onvif.Cameras;
using OcfCloud.Onvif.Sharing;
using OcfCloud.Onvif.ShareTokens;

namespace OcfCloud.Console.Tests.Cameras;

/// <summary>Making share tokens of a camera, taking them along and taking them back.</summary>
public sealed partial class ShareTokenTests : CameraRoom
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private ShareTokenDesk Desk => Cloud.Services.GetRequiredService<ShareTokenDesk>();

    [Fact]
    public async Task A_share_token_is_shown_once_as_text_file_and_QR_code()
    {
        var camera = await Cloud.AddCameraAsync(Alice);
        var page = await Browser.OpenAsync($"/cameras/{camera}");

        var made = await Browser.SubmitAsync(
            page, $"/cameras/{camera}/share-tokens", ("mode", "share"), ("level", "Operator"), ("lifetime", "06:00:00"), ("recipient", "Other.example"));

        Assert.Equal(HttpStatusCode.OK, made.Status);
        Assert.Null(made.Location);
        Assert.Contains("no-store", made.Headers["Cache-Control"], StringComparison.Ordinal);
        var token = Shown().Match(made.Html).Groups["token"].Value;
        var row = Assert.Single((await Desk.ListAsync(new UserId(Alice.Id), camera, Cancellation))!);
        Assert.Equal((ShareMode.Share, UserLevel.Operator, "other.example", "open", TimeSpan.FromHours(6)), (row.Mode, row.UserLevel, row.Recipient, row.State, row.Expires - row.Created));
        Assert.Contains($"\"jti\":\"{row.Id}\"", PayloadOf(token), StringComparison.Ordinal);

        var image = Convert.FromBase64String(WebUtility.HtmlDecode(Image().Match(made.Html).Groups["base64"].Value));
        Assert.Equal([0x89, .. "PNG\r\n"u8], image[..6]);

        var file = await Browser.SubmitAsync(made, $"/cameras/{camera}/share-tokens/download");
        Assert.Equal((token, "application/jwt"), (file.Html, file.Headers["Content-Type"]));
        Assert.StartsWith("attachment; filename=share-token.jwt", file.Headers["Content-Disposition"], StringComparison.Ordinal);
        Assert.Contains("no-store", file.Headers["Cache-Control"], StringComparison.Ordinal);

        var later = await Browser.OpenAsync($"/cameras/{camera}");
        Assert.DoesNotContain(token, later.Html, StringComparison.Ordinal);
        foreach (var words in new[] { "Operator", "other.example", "open" }) Assert.Contains(words, later.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_share_token_that_is_too_long_for_a_QR_code_is_shown_without_one()
    {
        var camera = await Cloud.AddCameraAsync(Alice, model: new string('型', Camera.MaxTextLength), serial: new string('号', Camera.MaxTextLength));
        await Cloud.ChangeAsync(context => context.Set<Camera>().Single(one => one.Id == camera).Manufacturer = new string('社', Camera.MaxTextLength));

        var made = await Browser.SubmitAsync(await Browser.OpenAsync($"/cameras/{camera}"), $"/cameras/{camera}/share-tokens", ("mode", "share"), ("level", "User"), ("lifetime", ""), ("recipient", ""));

        Assert.Equal(HttpStatusCode.OK, made.Status);
        Assert.True(Shown().Match(made.Html).Groups["token"].Length > 2_953);
        Assert.DoesNotMatch(Image(), made.Html);
        Assert.Contains("too long for a QR code", made.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_transfer_is_made_for_as_long_as_the_setting_says()
    {
        var camera = await Cloud.AddCameraAsync(Alice);

        var made = await Browser.SubmitAsync(
            await Browser.OpenAsync($"/cameras/{camera}"), $"/cameras/{camera}/share-tokens", ("mode", "transfer"), ("level", "Administrator"), ("lifetime", ""), ("recipient", " "));

        Assert.Contains("leaves this cloud", made.Text, StringComparison.Ordinal);
        var row = Assert.Single((await Desk.ListAsync(new UserId(Alice.Id), camera, Cancellation))!);
        Assert.Equal((ShareMode.Transfer, (string?)null, TimeSpan.FromHours(1)), (row.Mode, row.Recipient, row.Expires - row.Created));
    }

    [Fact]
    public async Task An_open_share_token_is_revoked_a_used_one_is_not()
    {
        var camera = await Cloud.AddCameraAsync(Alice);
        await IssueAsync(camera, Alice);
        var page = await Browser.OpenAsync($"/cameras/{camera}");

        var after = await Browser.SubmitAsync(page, $"/cameras/{camera}/share-tokens/revoke");

        Assert.Contains("revoked", after.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("share-tokens/revoke", after.Html, StringComparison.Ordinal);
        var used = await IssueAsync(camera, Alice);
        await Cloud.ChangeAsync(context => context.Set<ShareToken>().Single(token => token.Id == used).State = ShareTokenState.Used);
        var refused = await SendAsync($"/cameras/{camera}/share-tokens/revoke", ("token", used.ToString()));
        Assert.Equal(HttpStatusCode.Conflict, refused.Status);
        Assert.Contains("un-share", refused.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_makes_no_share_token_is_said_on_the_cameras_page()
    {
        var camera = await Cloud.AddCameraAsync(Alice);
        var good = new Dictionary<string, string>(StringComparer.Ordinal) { ["mode"] = "share", ["level"] = "Administrator", ["lifetime"] = "", ["recipient"] = "" };
        foreach (var (field, value, words) in new[]
        {
            ("mode", "gift", "what the page offers"), ("level", "", "what the page offers"), ("lifetime", "soon", "what the page offers"),
            ("lifetime", "1.00:00:01", "at most a day"), ("lifetime", "-01:00:00", "at most a day"), ("recipient", "https://<b>", "name or address of a host"),
        })
        {
            var refused = await SendAsync($"/cameras/{camera}/share-tokens", [.. good.Select(pair => (pair.Key, (string?)(pair.Key == field ? value : pair.Value)))]);
            Assert.Equal((value, HttpStatusCode.BadRequest), (value, refused.Status));
            Assert.Contains(words, refused.Text, StringComparison.Ordinal);
            Assert.DoesNotContain("<b>", refused.Html, StringComparison.Ordinal);
        }

        var transfer = await SendAsync($"/cameras/{camera}/share-tokens", ("mode", "transfer"), ("level", "User"));
        Assert.Equal(HttpStatusCode.BadRequest, transfer.Status);
        Assert.Contains("A transfer needs the user level Administrator", transfer.Text, StringComparison.Ordinal);
        foreach (var (state, words) in new[] { (CameraState.Waiting, "never connected"), (CameraState.Quarantined, "quarantined"), (CameraState.Transferred, "transferred to another cloud") })
        {
            var refused = await SendAsync($"/cameras/{await Cloud.AddCameraAsync(Alice, state)}/share-tokens", ("mode", "share"), ("level", "User"));
            Assert.Equal((state, HttpStatusCode.Conflict), (state, refused.Status));
            Assert.Contains(words, refused.Text, StringComparison.Ordinal);
        }

        Assert.Equal(HttpStatusCode.BadRequest, (await SendAsync($"/cameras/{camera}/share-tokens/download", ("token", "<b>no token</b>"))).Status);
        Assert.Empty((await Desk.ListAsync(new UserId(Alice.Id), camera, Cancellation))!);
    }

    [Fact]
    public async Task Others_cameras_have_no_share_tokens()
    {
        var (mine, theirs) = (await Cloud.AddCameraAsync(Alice), await Cloud.AddCameraAsync(Bob));
        var token = await IssueAsync(theirs, Bob);

        await UnknownAsync(
            [],
            ($"/cameras/{theirs}/share-tokens", [("mode", "share"), ("level", "User")]),
            ($"/cameras/{theirs}/share-tokens/download", [("token", "a.b.c")]),
            ($"/cameras/{theirs}/share-tokens/revoke", [("token", token.ToString())]),
            ($"/cameras/{mine}/share-tokens/revoke", [("token", token.ToString())]),
            ($"/cameras/{mine}/share-tokens/revoke", [("token", "nothing")]));

        Assert.Equal("open", Assert.Single((await Desk.ListAsync(new UserId(Bob.Id), theirs, Cancellation))!).State);
    }

    private async Task<Guid> IssueAsync(Guid camera, OcfCloud.Identity.Users.User owner) => (await Desk.IssueAsync(new UserId(owner.Id), camera, new ShareTokenOrder(), Cancellation)).Token!.Id;

    private static string PayloadOf(string token) => Encoding.UTF8.GetString(System.Buffers.Text.Base64Url.DecodeFromChars(token.Split('.')[1]));

    [GeneratedRegex("id=\"share-token\"[^>]*>(?<token>[^<]*)<", RegexOptions.None, 1000)]
    private static partial Regex Shown();

    [GeneratedRegex("src=\"data:image/png;base64,(?<base64>[^\"]*)\"", RegexOptions.None, 1000)]
    private static partial Regex Image();
}
