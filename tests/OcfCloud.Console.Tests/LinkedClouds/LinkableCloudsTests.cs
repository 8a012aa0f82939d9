using System.Net;
using OcfCloud.CloudLinking.LinkedAccounts;
using OcfCloud.Console.Tests.Support;

namespace OcfCloud.Console.Tests.LinkedClouds;

/// <summary>The administrators' page of linked clouds.</summary>
public sealed class LinkableCloudsTests : IAsyncLifetime
{
    private const string Page = "/administration/linked-clouds";

    private readonly TemporaryFolder _folder = new();
    private TestCloud _cloud = null!;
    private TestBrowser _browser = null!;

    public async ValueTask InitializeAsync()
    {
        _cloud = await TestCloud.StartAsync(_folder);
        await _cloud.AddUserAsync("root", administrator: true);
        _browser = _cloud.Browse();
        await _browser.LogInAsync("root");
    }

    public async ValueTask DisposeAsync()
    {
        _browser.Dispose();
        await _cloud.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task It_is_for_administrators_alone()
    {
        await _cloud.AddLinkedCloudAsync();
        await _cloud.AddUserAsync("alice");
        using var alice = _cloud.Browse();
        await alice.LogInAsync("alice");
        var form = (await alice.OpenAsync("/linked-clouds")).FormOf("/linked-clouds/link").Select(field => (field.Key, (string?)field.Value)).ToArray();

        Assert.Equal(HttpStatusCode.Forbidden, (await alice.OpenAsync(Page)).Status);
        foreach (var path in new[] { Page, Page + "/test", Page + "/remove" })
            Assert.Equal((path, HttpStatusCode.Forbidden), (path, (await alice.PostAsync(path, form)).Status));

        Assert.DoesNotContain("Administration", (await alice.OpenAsync("/linked-clouds")).Text, StringComparison.Ordinal);
        Assert.Contains("other", (await _browser.OpenAsync(Page)).Text, StringComparison.Ordinal);
        Assert.Contains($"href=\"{Page}\"", (await _browser.OpenAsync("/administration/clients")).Html, StringComparison.Ordinal);
        foreach (var path in new[] { Page, Page + "/test", Page + "/remove" })
            Assert.Equal((path, HttpStatusCode.BadRequest), (path, (await _browser.PostAsync(path, ("cloud", "other"))).Status));
    }

    [Fact]
    public async Task Clouds_are_listed_with_what_is_to_be_registered_there_and_without_secrets()
    {
        await _cloud.AddLinkedCloudAsync(clientId: "<b>our id", url: "https://other.example/<i>");

        var page = await _browser.OpenAsync(Page);

        Assert.Contains(_cloud.Issuer + "/linked-clouds/other/callback", page.Text, StringComparison.Ordinal);
        Assert.Contains("<b>our id", page.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("<b>", page.Html, StringComparison.Ordinal);
        Assert.DoesNotContain("<i>", page.Html, StringComparison.Ordinal);
        Assert.DoesNotContain("our secret", page.Html, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_refused_is_said_and_shown_again_but_for_the_secrets()
    {
        await _cloud.AddLinkedCloudAsync();

        var page = await AddAsync(("name", "other"), ("url", "https://new.example/<u>"), ("client-id", "id 7"), ("client-secret", "s3cret"), ("key", "the key"), ("certificate", "the certificate"));

        Assert.Equal(HttpStatusCode.BadRequest, page.Status);
        Assert.Contains("role=\"alert\"", page.Html, StringComparison.Ordinal);
        Assert.Contains("value=\"id 7\"", page.Html, StringComparison.Ordinal);
        Assert.Contains("the certificate", page.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("<u>", page.Html, StringComparison.Ordinal);
        Assert.DoesNotContain("s3cret", page.Html, StringComparison.Ordinal);
        Assert.DoesNotContain("the key", page.Html.Replace("The key of that", "", StringComparison.Ordinal), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("certificate")]
    [InlineData("trust")]
    [InlineData("url")]
    public async Task A_private_key_is_not_shown_again_in_whichever_field_it_was_put(string field)
    {
        var page = await AddAsync(
            ("name", "NO NAME"), ("url", "https://new.example"), ("client-id", "id"), ("client-secret", "secret"),
            (field, "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n-----BEGIN EC PRIVATE KEY-----\nBBBBsecretBBBB\n-----END EC PRIVATE KEY-----"));

        Assert.Equal(HttpStatusCode.BadRequest, page.Status);
        Assert.Contains("NO NAME", page.Html, StringComparison.Ordinal);
        Assert.DoesNotContain("BBBBsecretBBBB", page.Html, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_page_says_how_a_cloud_is_changed() =>
        Assert.Contains("add it again with the same name, address and client id", (await _browser.OpenAsync(Page)).Text, StringComparison.Ordinal);

    [Fact]
    public async Task A_cloud_id_that_is_no_uuid_is_refused_here()
    {
        var page = await AddAsync(("name", "new"), ("url", "https://new.example"), ("client-id", "id"), ("client-secret", "secret"), ("cloud-id", "seven"));

        Assert.Equal(HttpStatusCode.BadRequest, page.Status);
        Assert.Contains("The cloud id is no UUID.", page.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_cloud_that_is_removed_is_gone_for_all_and_its_accounts_are_left_to_be_unlinked()
    {
        var other = await _cloud.AddLinkedCloudAsync();
        var alice = await _cloud.AddUserAsync("alice");
        await _cloud.AddLinkedAccountAsync(alice, other);
        await _cloud.AddMirroredDeviceAsync(alice, other);

        var page = await _browser.SubmitAsync(await _browser.OpenAsync(Page), Page + "/remove", ("cloud", "other"));

        Assert.Equal(HttpStatusCode.OK, page.Status);
        Assert.DoesNotContain("Remove other", page.Html, StringComparison.Ordinal);
        Assert.Equal(AccountState.Unlinking, Assert.Single(await _cloud.LinkedAccountsAsync()).State);
        using var browser = _cloud.Browse();
        await browser.LogInAsync("alice");
        Assert.Contains("has added no other cloud yet", (await browser.OpenAsync("/linked-clouds")).Text, StringComparison.Ordinal);
        Assert.Contains("You have no devices here yet", (await browser.OpenAsync("/devices")).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_cloud_that_is_not_there_cannot_be_tested_or_removed()
    {
        await _cloud.AddLinkedCloudAsync();
        var page = await _browser.OpenAsync(Page);

        foreach (var action in new[] { "/test", "/remove" })
        {
            var answer = await _browser.SubmitAsync(page, Page + action, ("cloud", "<nowhere>"));
            Assert.Equal((action, HttpStatusCode.BadRequest), (action, answer.Status));
            Assert.Contains("There is no linked cloud", answer.Text, StringComparison.Ordinal);
            Assert.DoesNotContain("<nowhere>", answer.Html, StringComparison.Ordinal);
        }
    }

    private async Task<TestPage> AddAsync(params (string Name, string? Value)[] fields) => await _browser.SubmitAsync(await _browser.OpenAsync(Page), Page, fields);
}
