using System.Net;
using System.Text.RegularExpressions;
using OcfCloud.Console.Tests.Support;
using OcfCloud.Identity.Users;

namespace OcfCloud.Console.Tests.Pages;

/// <summary>What every page is held to, and what the rooms show.</summary>
public sealed partial class PageTests : IAsyncLifetime
{
    private readonly TemporaryFolder _folder = new();
    private TestCloud _cloud = null!;
    private User _alice = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _cloud = await TestCloud.StartAsync(_folder);
        _alice = await _cloud.AddUserAsync("alice", administrator: true);
    }

    public async ValueTask DisposeAsync()
    {
        await _cloud.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task Every_page_forbids_scripts_frames_and_other_sites_and_asks_for_none()
    {
        var peer = await _cloud.AddPeerAsync();
        using var browser = _cloud.Browse();
        List<(string Url, TestPage Page)> pages = [("/login", await browser.OpenAsync("/login"))];
        await browser.LogInAsync("alice");
        var device = await _cloud.AddDeviceAsync(_alice, """{"value":true,"level":7,"scene":"night"}""");
        var linked = await _cloud.AddLinkedCloudAsync();
        var mirrored = await _cloud.AddMirroredDeviceAsync(_alice, linked);
        var camera = await _cloud.AddCameraAsync(_alice);
        var (share, asked) = (await _cloud.AddShareAsync(_alice, camera), await _cloud.AddIncomingShareAsync(_alice));
        foreach (var url in new[] { "/cameras", "/cameras/add", "/cameras/incoming/add", $"/cameras/incoming/{asked}", $"/cameras/{camera}", $"/cameras/{camera}/remove", $"/cameras/{camera}/shares/{share}/unshare", "/cameras/nothing", "/administration/firmware" })
            pages.Add((url, await browser.OpenAsync(url)));
        foreach (var url in new[] { "/devices", "/devices/" + device, "/devices/" + Guid.NewGuid(), "/devices/" + mirrored, "/connected-clouds", "/linked-clouds", "/linked-clouds/other/callback", "/account", "/administration/clients", "/administration/linked-clouds", peer.RequestUrl(), peer.RequestUrl(("redirect_uri", "https://evil.example")) })
            pages.Add((url, await browser.OpenAsync(url)));

        foreach (var (url, page) in pages)
        {
            var policy = page.Headers["Content-Security-Policy"];
            Assert.StartsWith("default-src 'none'; style-src 'self'; img-src 'self' data:; form-action 'self'", policy, StringComparison.Ordinal);
            Assert.Contains("frame-ancestors 'none'", policy, StringComparison.Ordinal);
            Assert.Equal((url, url == peer.RequestUrl()), (url, policy.Contains("https://peer.example", StringComparison.Ordinal)));
            Assert.Equal("nosniff", page.Headers["X-Content-Type-Options"]);
            Assert.Equal("DENY", page.Headers["X-Frame-Options"]);
            Assert.Equal("no-referrer", page.Headers["Referrer-Policy"]);
            Assert.Equal(("no-cache, no-store", "no-cache"), (string.Join(", ", page.Headers["Cache-Control"].Split(", ").Order(StringComparer.Ordinal)), page.Headers["Pragma"]));
            Assert.DoesNotMatch(ActiveContent(), page.Html);
            Assert.All(Loaded().Matches(page.Html), match => Assert.StartsWith("/", match.Groups["url"].Value, StringComparison.Ordinal));

            // For readers and their machines: a language, a title, one heading, a label for each field.
            Assert.Contains("<html lang=\"en\">", page.Html, StringComparison.Ordinal);
            Assert.Contains("name=\"viewport\"", page.Html, StringComparison.Ordinal);
            Assert.Single(Headings().Matches(page.Html));
            Assert.All(Fields().Matches(page.Html), match => Assert.Contains($"<label for=\"{match.Groups["id"].Value}\">", page.Html, StringComparison.Ordinal));
        }

        Assert.Empty(_cloud.Log.Lines);
    }

    [Fact]
    public async Task Style_sheets_are_kept_by_browsers_until_they_change()
    {
        using var browser = _cloud.Browse();
        var page = await browser.OpenAsync("/login");

        foreach (Match link in Loaded().Matches(page.Html))
        {
            var asset = await browser.OpenOnlyAsync(WebUtility.HtmlDecode(link.Groups["url"].Value));
            Assert.Equal(HttpStatusCode.OK, asset.Status);
            Assert.Contains("immutable", asset.Headers["Cache-Control"], StringComparison.Ordinal);
            Assert.DoesNotContain("url(http", asset.Html, StringComparison.Ordinal);
        }

        Assert.Equal(HttpStatusCode.NotFound, (await browser.OpenOnlyAsync("/assets/appsettings.json")).Status);
    }

    [Fact]
    public async Task A_user_sees_the_own_devices_and_what_is_known_of_them()
    {
        var mine = await _cloud.AddDeviceAsync(_alice, """{"n":"Lamp <1>","rt":["oic.wk.d"],"value":true,"level":7}""");
        var bob = await _cloud.AddUserAsync("bob");
        var theirs = await _cloud.AddDeviceAsync(bob, """{"n":"Bob's"}""");
        using var browser = _cloud.Browse();
        await browser.LogInAsync("alice");

        var list = await browser.OpenAsync("/devices");
        Assert.Contains(mine.ToString(), list.Text, StringComparison.Ordinal);
        Assert.Contains("offline", list.Text, StringComparison.Ordinal);
        Assert.DoesNotContain(theirs.ToString(), list.Text, StringComparison.Ordinal);

        var device = await browser.OpenAsync("/devices/" + mine);
        Assert.Contains("/light", device.Text, StringComparison.Ordinal);
        Assert.Contains("oic.r.switch.binary", device.Text, StringComparison.Ordinal);
        Assert.Contains("value yes", device.Text, StringComparison.Ordinal);
        Assert.Contains("level 7", device.Text, StringComparison.Ordinal);
        Assert.Contains("Lamp <1>", device.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("Lamp <1>", device.Html, StringComparison.Ordinal);
        foreach (var other in new[] { theirs.ToString(), Guid.NewGuid().ToString(), "no-uuid" })
            Assert.Equal(HttpStatusCode.NotFound, (await browser.OpenAsync("/devices/" + other)).Status);
    }

    [Fact]
    public async Task Administrators_alone_add_clients_and_see_their_secrets_once()
    {
        await _cloud.AddUserAsync("bob");
        using var bob = _cloud.Browse();
        var start = await bob.LogInAsync("bob");
        Assert.DoesNotContain("Administration", start.Text, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.Forbidden, (await bob.OpenAsync("/administration/clients")).Status);
        Assert.Equal(HttpStatusCode.Forbidden, (await bob.SubmitAsync(start with { Html = start.Html.Replace("/logout", "/administration/clients", StringComparison.Ordinal) }, "/administration/clients",
            ("name", "Evil"), ("redirect-uris", "https://evil.example"), ("scope", "r:*"))).Status);

        using var browser = _cloud.Browse();
        Assert.Contains("Administration", (await browser.LogInAsync("alice")).Text, StringComparison.Ordinal);
        var added = await browser.SubmitAsync(await browser.OpenAsync("/administration/clients"), "/administration/clients",
            ("name", "Peer"), ("redirect-uris", TestCloud.RedirectUri), ("scope", "r:*"));
        var (id, secret) = (Secrets().Match(added.Html).Groups["id"].Value, Secrets().Match(added.Html).Groups["secret"].Value);
        var client = Assert.Single(await _cloud.Clients.ListAsync(Cancellation));
        Assert.Equal((id, "Peer"), (client.ClientId, client.Name));
        Assert.Equal(["r:*"], client.Scopes);
        Assert.DoesNotContain(secret, (await browser.OpenAsync("/administration/clients")).Html, StringComparison.Ordinal);
        (await new OAuthPeer(_cloud, id, secret, TestCloud.RedirectUri).LinkAsync("alice", ("scope", "r:*"))).Succeeded();

        var page = await browser.OpenAsync("/administration/clients");
        var refused = await browser.SubmitAsync(page, "/administration/clients", ("name", "Peer"), ("redirect-uris", "http://peer.example"), ("scope", "r:*"));
        Assert.Contains("https://", refused.Text, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.BadRequest, refused.Status);
        var rotated = await browser.SubmitAsync(page, "/administration/clients/rotate-secret", ("client", id));
        Assert.NotEqual(secret, Secrets().Match(rotated.Html).Groups["secret"].Value);
        await browser.SubmitAsync(page, "/administration/clients/remove", ("client", id));
        Assert.Empty(await _cloud.Clients.ListAsync(Cancellation));
    }

    [Fact]
    public async Task Without_a_session_every_room_leads_to_the_log_in_page_and_back()
    {
        using var browser = _cloud.Browse();
        foreach (var url in new[] { "/", "/devices", "/connected-clouds", "/account", "/cameras", "/cameras/add", "/cameras/incoming/add", "/administration/clients", "/administration/firmware" })
        {
            var answer = await browser.OpenOnlyAsync(url);
            Assert.Equal($"/login?returnUrl={Uri.EscapeDataString(url)}", answer.Location!.ToString());
        }

        Assert.Contains("Change the password", (await browser.LogInAsync("alice", returnUrl: "/account")).Text, StringComparison.Ordinal);
    }

    [GeneratedRegex("<script|<iframe|<object|style=\"| on[a-z]+=\"", RegexOptions.IgnoreCase, 1000)]
    private static partial Regex ActiveContent();

    [GeneratedRegex("<(?:link|img)[^>]* (?:href|src)=\"(?<url>[^\"]*)\"", RegexOptions.None, 1000)]
    private static partial Regex Loaded();

    [GeneratedRegex("<h1", RegexOptions.None, 1000)]
    private static partial Regex Headings();

    [GeneratedRegex("<(?:input|textarea) id=\"(?<id>[^\"]*)\"", RegexOptions.None, 1000)]
    private static partial Regex Fields();

    [GeneratedRegex("id=\"client-id\">(?<id>[^<]*)<.*id=\"client-secret\">(?<secret>[^<]*)<", RegexOptions.Singleline, 1000)]
    private static partial Regex Secrets();
}
