using System.Net;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.DependencyInjection;
using OcfCloud.CloudLinking.LinkedAccounts;
using OcfCloud.CloudLinking.Targets;
using OcfCloud.Console.Tests.Support;
using OcfCloud.Core.Devices;
using OcfCloud.Core.Mirrors;
using OcfCloud.Identity.Users;

namespace OcfCloud.Console.Tests.LinkedClouds;

/// <summary>Linking from the page, against a real authorization server where one answers, and what the page says.</summary>
public sealed class LinkedCloudsTests : IAsyncLifetime
{
    private readonly TemporaryFolder _folder = new();
    private TestCloud _cloud = null!;
    private TestBrowser _browser = null!;
    private User _alice = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _cloud = await TestCloud.StartAsync(_folder);
        _alice = await _cloud.AddUserAsync("alice");
        _browser = _cloud.Browse();
        await _browser.LogInAsync("alice");
    }

    public async ValueTask DisposeAsync()
    {
        _browser.Dispose();
        await _cloud.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task A_user_allows_the_link_at_the_other_cloud_and_has_it_here()
    {
        using var folder = new TemporaryFolder();
        await using var other = await TestCloud.StartAsync(folder);
        using var there = await RegisterAsync(other);

        var sent = await LinkAsync();
        Assert.Equal(other.Url.Authority, AddressOf(sent).Authority);
        var consent = await there.OpenAsync(AddressOf(sent).PathAndQuery);
        var allowed = await there.SubmitAsync(consent, "/oauth/authorize", ("decision", "allow"));
        Assert.Equal(_cloud.Url.Authority, allowed.Location!.Authority);
        var back = await _browser.OpenOnlyAsync(allowed.Location.PathAndQuery);

        // The code does not stay in the address.
        Assert.Equal((HttpStatusCode.SeeOther, "/linked-clouds?linked=other"), (back.Status, back.Location!.ToString()));
        var page = await _browser.OpenAsync("/linked-clouds?linked=other");
        Assert.Contains("other is linked.", page.Text, StringComparison.Ordinal);
        Assert.Contains("Link again", page.Text, StringComparison.Ordinal);
        Assert.Contains("Unlink", page.Text, StringComparison.Ordinal);
        var account = Assert.Single(await _cloud.LinkedAccountsAsync());
        Assert.Equal((new UserId(_alice.Id), AccountState.Linked), (account.UserId, account.State));

        // What came once does not count again.
        var again = await _browser.OpenAsync(allowed.Location.PathAndQuery);
        Assert.Equal(HttpStatusCode.BadRequest, again.Status);
        Assert.Contains("does not belong to a link that you started", again.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Linking_again_leaves_the_new_tokens_good_there()
    {
        using var folder = new TemporaryFolder();
        await using var other = await TestCloud.StartAsync(folder);
        using var there = await RegisterAsync(other);
        for (var time = 0; time < 2; time++)
        {
            var allowed = await there.SubmitAsync(await there.OpenAsync(AddressOf(await LinkAsync()).PathAndQuery), "/oauth/authorize", ("decision", "allow"));
            Assert.Contains("other is linked.", (await _browser.OpenAsync(allowed.Location!.PathAndQuery)).Text, StringComparison.Ordinal);
        }

        var accounts = await _cloud.LinkedAccountsAsync();
        var secrets = _cloud.Services.GetRequiredService<SealedSecrets>();
        string TokenOf(AccountState state) => secrets.TryOpen(SecretPurpose.RefreshToken, accounts.Single(one => one.State == state).RefreshToken!)!;
        var peer = _cloud.Others.Peer!;

        // At a cloud like this one each link is a grant of its own: ending the former leaves the new one.
        Assert.Equal(HttpStatusCode.OK, (await peer.RevokeAsync(TokenOf(AccountState.Unlinking))).Status);
        Assert.Null((await peer.RefreshAsync(TokenOf(AccountState.Linked))).Error);
    }

    [Fact]
    public async Task A_link_that_is_denied_there_is_told_in_words()
    {
        using var folder = new TemporaryFolder();
        await using var other = await TestCloud.StartAsync(folder);
        using var there = await RegisterAsync(other);

        var consent = await there.OpenAsync(AddressOf(await LinkAsync()).PathAndQuery);
        var denied = await there.SubmitAsync(consent, "/oauth/authorize", ("decision", "deny"));
        var page = await _browser.OpenAsync(denied.Location!.PathAndQuery);

        Assert.Equal(HttpStatusCode.BadRequest, page.Status);
        Assert.Contains("was not allowed at the other cloud", page.Text, StringComparison.Ordinal);
        Assert.Contains("href=\"/linked-clouds\"", page.Html, StringComparison.Ordinal);
        Assert.Empty(await _cloud.LinkedAccountsAsync());
    }

    [Fact]
    public async Task The_browser_gets_a_cookie_that_only_this_host_sees_and_that_comes_back_from_elsewhere()
    {
        await _cloud.AddLinkedCloudAsync();

        var cookie = (await LinkAsync()).Headers["Set-Cookie"];

        Assert.StartsWith("__Host-ocfcloud-link=", cookie, StringComparison.Ordinal);
        foreach (var attribute in new[] { "path=/", "secure", "httponly", "samesite=lax", "max-age=600" })
            Assert.Contains(attribute, cookie.Split("; "), StringComparer.OrdinalIgnoreCase);
        Assert.DoesNotContain("domain", cookie, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task An_answer_in_another_browser_or_of_another_user_links_nothing()
    {
        await _cloud.AddLinkedCloudAsync();
        await _cloud.AddUserAsync("mallory");
        var callback = CallbackOf(await LinkAsync(), "code=1");
        using var second = _cloud.Browse();
        await second.LogInAsync("alice");
        using var mallory = _cloud.Browse();
        await mallory.LogInAsync("mallory");

        foreach (var (browser, url) in new[]
        {
            (second, callback),
            (mallory, callback),
            (_browser, callback.Replace("/other/", "/another/", StringComparison.Ordinal)),
            (_browser, "/linked-clouds/other/callback"),
            (_browser, "/linked-clouds/other/callback?error=access_denied"),
            (_browser, callback + "&state=x"),
            (_browser, callback + "&code=2"),
        })
        {
            var page = await browser.OpenAsync(url);
            Assert.Equal((url, HttpStatusCode.BadRequest), (url, page.Status));
            Assert.Contains("does not belong to a link that you started", page.Text, StringComparison.Ordinal);
        }

        Assert.Empty(_cloud.Others.Exchanged);
        Assert.Empty(await _cloud.LinkedAccountsAsync());
        Assert.Contains("other is linked.", (await _browser.OpenAsync(callback)).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Who_was_logged_out_meanwhile_logs_in_and_the_answer_is_not_lost()
    {
        await _cloud.AddLinkedCloudAsync();
        var callback = CallbackOf(await LinkAsync(), "code=a%2Fb%2Bc%3D");
        await _browser.SubmitAsync(await _browser.OpenAsync("/devices"), "/logout");

        var logIn = await _browser.OpenAsync(callback);
        Assert.Contains("Log in", logIn.Text, StringComparison.Ordinal);
        Assert.Empty(_cloud.Others.Exchanged);
        var page = await _browser.SubmitAsync(logIn, "/login", ("username", "alice"), ("password", TestCloud.Password));

        Assert.Contains("other is linked.", page.Text, StringComparison.Ordinal);
        Assert.Equal(["a/b+c="], _cloud.Others.Exchanged);
    }

    [Fact]
    public async Task What_the_other_cloud_says_is_shown_as_text_and_short()
    {
        await _cloud.AddLinkedCloudAsync();
        var said = Uri.EscapeDataString("<script>alert(1)</script>" + new string('x', 500));

        var page = await _browser.OpenAsync(CallbackOf(await LinkAsync(), $"error=%3Cb%3E&error_description={said}"));

        Assert.Equal(HttpStatusCode.BadRequest, page.Status);
        Assert.Contains("does not know (<b>)", page.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("<script", page.Html, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("<b>", page.Html, StringComparison.Ordinal);
        Assert.DoesNotContain(new string('x', 200), page.Html, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_code_that_the_other_cloud_refuses_is_told_in_words()
    {
        await _cloud.AddLinkedCloudAsync();
        _cloud.Others.Tokens = new TokenOutcome(Tokens: null) { Error = "invalid_grant" };

        var page = await _browser.OpenAsync(CallbackOf(await LinkAsync(), "code=1"));

        Assert.Equal(HttpStatusCode.BadRequest, page.Status);
        Assert.Contains("had run out or was used before", page.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_form_is_answered_by_a_page_that_goes_on_by_itself_so_that_no_policy_of_forms_holds_the_other_clouds_redirects()
    {
        await _cloud.AddLinkedCloudAsync("other", "https://login.other.example:8443/authorize?x=1");

        var page = await LinkAsync();

        var address = AddressOf(page);
        Assert.Equal((HttpStatusCode.OK, "https://login.other.example:8443"), (page.Status, address.GetLeftPart(UriPartial.Authority)));
        Assert.StartsWith("?x=1&response_type=code", address.Query, StringComparison.Ordinal);
        Assert.Contains($"<a role=\"button\" href=\"{address.OriginalString}\">Continue to other</a>", WebUtility.HtmlDecode(page.Html), StringComparison.Ordinal);
        Assert.Contains("form-action 'self';", page.Headers["Content-Security-Policy"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Each_cloud_is_shown_with_how_the_account_stands()
    {
        Assert.Contains("has added no other cloud yet", (await _browser.OpenAsync("/linked-clouds")).Text, StringComparison.Ordinal);
        var (fine, refused, troubled) = (await _cloud.AddLinkedCloudAsync("fine"), await _cloud.AddLinkedCloudAsync("refused"), await _cloud.AddLinkedCloudAsync("troubled"));
        await _cloud.AddLinkedCloudAsync("unused");
        await _cloud.AddLinkedAccountAsync(_alice, fine);
        await _cloud.AddLinkedAccountAsync(_alice, refused, AccountState.NeedsLinking, "It took its permission back.");
        await _cloud.AddLinkedAccountAsync(_alice, troubled, trouble: "It answers <i>nonsense</i>.");
        await _cloud.AddLinkedAccountAsync(await _cloud.AddUserAsync("bob"), await _cloud.AddLinkedCloudAsync("theirs"));
        await _cloud.AddMirroredDeviceAsync(_alice, fine);
        await _cloud.AddMirroredDeviceAsync(_alice, fine);

        var page = await _browser.OpenAsync("/linked-clouds");

        Assert.Contains(
            "fine https://other.example linked Its devices are among yours. Linked since 2026-11-01 10:00 UTC Devices 2 Last event 2026-11-02 11:30 UTC "
                + "All devices last retrieved 2026-11-02 11:00 UTC Link again Unlink",
            page.Text,
            StringComparison.Ordinal);
        Assert.Contains("refused https://other.example needs linking again It took its permission back. This cloud may not call the other one for you any more.", page.Text, StringComparison.Ordinal);
        Assert.Contains("troubled https://other.example linked It answers <i>nonsense</i>. This cloud keeps trying.", page.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("<i>", page.Html, StringComparison.Ordinal);
        Assert.Contains("theirs https://other.example not linked Link it to see", page.Text, StringComparison.Ordinal);
        Assert.Contains("unused https://other.example not linked Link it to see", page.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Unlinking_takes_the_account_and_its_devices_away_at_once()
    {
        var (other, kept) = (await _cloud.AddLinkedCloudAsync(), await _cloud.AddLinkedCloudAsync("kept"));
        await _cloud.AddLinkedAccountAsync(_alice, other);
        await _cloud.AddLinkedAccountAsync(_alice, kept);
        await _cloud.AddLinkedAccountAsync(await _cloud.AddUserAsync("bob"), other);
        await _cloud.AddMirroredDeviceAsync(_alice, other);

        var page = await _browser.SubmitAsync(await _browser.OpenAsync("/linked-clouds"), "/linked-clouds/unlink", ("cloud", "other"));

        Assert.Contains("other is not linked any more", page.Text, StringComparison.Ordinal);
        Assert.Empty(await _cloud.Services.GetRequiredService<MirrorStore>().ListAsync(new UserId(_alice.Id), Cancellation));
        var accounts = await _cloud.LinkedAccountsAsync();
        Assert.Equal(AccountState.Unlinking, Assert.Single(accounts, one => one.UserId == new UserId(_alice.Id) && one.LinkedCloudId == other.Id).State);
        Assert.Equal(2, accounts.Count(one => one.State == AccountState.Linked));
    }

    [Fact]
    public async Task An_address_that_somebody_made_up_says_nothing()
    {
        await _cloud.AddLinkedCloudAsync();

        foreach (var query in new[] { "linked=other", "linked=%3Cb%3E", "unlinked=nothing", "linked" })
            Assert.DoesNotContain("class=\"notice", (await _browser.OpenAsync("/linked-clouds?" + query)).Html, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Forms_of_others_and_of_clouds_that_are_not_there_do_nothing()
    {
        var other = await _cloud.AddLinkedCloudAsync();
        await _cloud.AddLinkedAccountAsync(_alice, other);
        foreach (var path in new[] { "/linked-clouds/link", "/linked-clouds/unlink" })
            Assert.Equal(HttpStatusCode.BadRequest, (await _browser.PostAsync(path, ("cloud", "other"))).Status);

        var page = await _browser.OpenAsync("/linked-clouds");
        Assert.Equal(HttpStatusCode.NotFound, (await _browser.SubmitAsync(page, "/linked-clouds/link", ("cloud", "nowhere"))).Status);
        Assert.Equal(HttpStatusCode.OK, (await _browser.SubmitAsync(page, "/linked-clouds/unlink", ("cloud", "nowhere"))).Status);
        Assert.Equal(AccountState.Linked, Assert.Single(await _cloud.LinkedAccountsAsync()).State);

        using var stranger = _cloud.Browse();
        Assert.StartsWith("/login?", (await stranger.OpenOnlyAsync("/linked-clouds")).Location!.ToString(), StringComparison.Ordinal);
    }

    // The answer of a cloud that is not there.
    private static string CallbackOf(TestPage sent, string answer) => $"/linked-clouds/other/callback?state={Uri.EscapeDataString(QueryHelpers.ParseQuery(AddressOf(sent).Query)["state"]!)}&{answer}";

    private async Task<TestPage> LinkAsync()
    {
        var page = await _browser.OpenAsync("/linked-clouds");
        return await _browser.SubmitAsync(page, "/linked-clouds/link", ("cloud", "other"));
    }

    // Where the page goes on to by itself.
    private static Uri AddressOf(TestPage page) =>
        new(WebUtility.HtmlDecode(Regex.Match(page.Html, "<meta http-equiv=\"refresh\" content=\"0; url=(?<url>[^\"]+)\"", RegexOptions.ExplicitCapture, TimeSpan.FromSeconds(1)).Groups["url"].Value));

    // A browser in which the user is logged in there.
    private async Task<TestBrowser> RegisterAsync(TestCloud other)
    {
        await other.AddUserAsync("alice-there");
        var peer = await other.AddPeerAsync(_cloud.Issuer + "/linked-clouds/other/callback");
        _cloud.Others.Peer = peer;
        await _cloud.AddLinkedCloudAsync("other", other.Issuer + "/oauth/authorize", peer.ClientId);
        var browser = other.Browse();
        await browser.LogInAsync("alice-there");
        return browser;
    }
}
