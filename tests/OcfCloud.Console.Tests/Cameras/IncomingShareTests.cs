using System.Buffers.Text;
using System.Net;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using OcfCloud.Console.Tests.Support;
using OcfCloud.Core.Devices;
using OcfCloud.Onvif.Operation;
using OcfCloud.Onvif.ShareTokens;

namespace OcfCloud.Console.Tests.Cameras;

/// <summary>Asking another cloud for a camera with a share token.</summary>
public sealed class IncomingShareTests : CameraRoom
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private IncomingShares Shares => Cloud.Services.GetRequiredService<IncomingShares>();

    [Fact]
    public async Task What_is_asked_of_whom_is_shown_before_it_is_sent()
    {
        var shown = await ProposeAsync(Token("https://1.1.1.1:8443/onvif/cloud", model: "AC <b>9000</b>"));

        foreach (var words in new[] { "Unchecked", "1.1.1.1:8443", "Acme <i>", "AC <b>9000</b>", "SN-7", "transfer", "Operator", "Nothing was sent yet." }) Assert.Contains(words, shown.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("<b>", shown.Html, StringComparison.Ordinal);
        Assert.DoesNotContain("<i>", shown.Html, StringComparison.Ordinal);
        var share = await OnlyAsync();
        Assert.Equal(IncomingShareState.Proposed, share.State);

        var confirmed = await Browser.SubmitAsync(shown, $"/cameras/incoming/{share.Id}/confirm");
        Assert.Contains("pending", confirmed.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("Confirm", confirmed.Text, StringComparison.Ordinal);
        Assert.Equal(IncomingShareState.Requesting, (await OnlyAsync()).State);
        Assert.Contains("pending", (await Browser.OpenAsync("/cameras")).Text, StringComparison.Ordinal);

        // Sent twice is sent once.
        await SendAsync($"/cameras/incoming/{share.Id}/confirm");
        Assert.Equal(IncomingShareState.Requesting, (await OnlyAsync()).State);
    }

    [Fact]
    public async Task What_is_not_wanted_is_discarded_and_the_level_is_the_users_choice()
    {
        var shown = await ProposeAsync(Token("https://1.1.1.1/onvif/cloud"), level: "User");
        var share = await OnlyAsync();
        Assert.Equal(OcfCloud.Onvif.Sharing.UserLevel.User, share.UserLevel);

        var list = await Browser.SubmitAsync(shown, $"/cameras/incoming/{share.Id}/remove");

        Assert.DoesNotContain(share.Id.ToString(), list.Html, StringComparison.Ordinal);
        Assert.Null(await Cloud.RowAsync<IncomingShare>(share.Id));
    }

    [Fact]
    public async Task What_is_no_share_token_or_leads_where_this_cloud_does_not_call_is_refused()
    {
        foreach (var (token, level, words) in new[]
        {
            ("", "", "no share token"), ("<b>nonsense", "", "no share token"), (Token("http://1.1.1.1/onvif/cloud"), "", "no share token"),
            (Token("https://127.0.0.1/onvif/cloud"), "", "does not call"), (Token("https://1.1.1.1/onvif/cloud"), "King", "choose a level"),
        })
        {
            var refused = await ProposeAsync(token, level);
            Assert.Equal((token, HttpStatusCode.BadRequest), (token, refused.Status));
            Assert.Contains(words, refused.Text, StringComparison.Ordinal);
            Assert.DoesNotContain("<b>", refused.Html, StringComparison.Ordinal);
            if (token.Length > 0) Assert.DoesNotContain(token, refused.Html, StringComparison.Ordinal);
        }

        Assert.Empty(await Shares.ListAsync(new UserId(Alice.Id), Cancellation));
    }

    [Theory]
    [InlineData(IncomingShareState.Proposed, "not confirmed")]
    [InlineData(IncomingShareState.Requesting, "pending")]
    [InlineData(IncomingShareState.Requested, "requested")]
    [InlineData(IncomingShareState.Completed, "completed")]
    [InlineData(IncomingShareState.Connected, "connected")]
    [InlineData(IncomingShareState.Quarantined, "quarantined")]
    [InlineData(IncomingShareState.Failed, "failed")]
    [InlineData(IncomingShareState.TimedOut, "timed out")]
    public async Task States_are_in_words_with_their_reason(IncomingShareState state, string words)
    {
        var camera = await Cloud.AddCameraAsync(Alice);
        var share = await Cloud.AddIncomingShareAsync(Alice, state, "They said <b>why</b>.", "M <i>", camera);

        foreach (var page in new[] { await Browser.OpenAsync("/cameras"), await Browser.OpenAsync($"/cameras/incoming/{share}") })
        {
            Assert.Matches($"> ?{words} ?<", page.Html);
            Assert.Contains("They said <b>why</b>.", page.Text, StringComparison.Ordinal);
            Assert.Contains("other.example:8443", page.Text, StringComparison.Ordinal);
            Assert.Contains($"href=\"/cameras/{camera}\"", page.Html, StringComparison.Ordinal);
            Assert.DoesNotContain("<b>", page.Html, StringComparison.Ordinal);
            Assert.DoesNotContain("<i>", page.Html, StringComparison.Ordinal);
            Assert.Equal(state == IncomingShareState.Proposed && page.Html.Contains("Discard", StringComparison.Ordinal), page.Html.Contains("Unchecked", StringComparison.Ordinal));
        }

        await Browser.SubmitAsync(await Browser.OpenAsync("/cameras"), $"/cameras/incoming/{share}/remove");
        Assert.Null(await Cloud.RowAsync<IncomingShare>(share));
        Assert.NotNull(await Cloud.RowAsync<OcfCloud.Onvif.Cameras.Camera>(camera));
    }

    [Fact]
    public async Task Others_are_as_unknown_as_none()
    {
        var theirs = await Cloud.AddIncomingShareAsync(Bob);

        foreach (var id in new[] { theirs.ToString(), Guid.NewGuid().ToString(), "nothing" })
            await UnknownAsync([$"/cameras/incoming/{id}"], ($"/cameras/incoming/{id}/confirm", []), ($"/cameras/incoming/{id}/remove", []));

        Assert.Equal(IncomingShareState.Proposed, (await Cloud.RowAsync<IncomingShare>(theirs))!.State);
        Assert.DoesNotContain("other.example", (await Browser.OpenAsync("/cameras")).Text, StringComparison.Ordinal);
    }

    private async Task<TestPage> ProposeAsync(string token, string level = "") =>
        await Browser.SubmitAsync(await Browser.OpenAsync("/cameras/incoming/add"), "/cameras/incoming/add", ("token", token), ("level", level));

    private async Task<IncomingShareSummary> OnlyAsync() => Assert.Single(await Shares.ListAsync(new UserId(Alice.Id), Cancellation));

    // Nobody can check a signature here: that is the other cloud's.
    private static string Token(string xaddr, string model = "AC-2000") => string.Join('.', new object[]
    {
        new Dictionary<string, string>(StringComparer.Ordinal) { ["alg"] = "ES256", ["typ"] = "JWT" },
        new Dictionary<string, string>(StringComparer.Ordinal)
        {
            [ShareTokenClaims.Xaddr] = xaddr,
            [ShareTokenClaims.Manufacturer] = "Acme <i>",
            [ShareTokenClaims.Model] = model,
            [ShareTokenClaims.SerialNumber] = "SN-7",
            [ShareTokenClaims.Mode] = "transfer",
            [ShareTokenClaims.MaxUserLevel] = "Operator",
        },
        "signature",
    }.Select(part => Base64Url.EncodeToString(JsonSerializer.SerializeToUtf8Bytes(part))));
}
