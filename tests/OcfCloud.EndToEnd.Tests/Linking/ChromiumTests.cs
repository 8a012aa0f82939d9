using System.Net;
using Microsoft.Playwright;
using OcfCloud.EndToEnd.Devices;
using OcfCloud.EndToEnd.Harness;

namespace OcfCloud.EndToEnd.Linking;

/// <summary>A real Chromium clicks through log-in and consent; script is off, so the pages work without, and the window is a telephone's.</summary>
public sealed class ChromiumTests(LinkableCloud linkable) : IClassFixture<LinkableCloud>, IAsyncLifetime
{
    private Chromium _chromium = null!;

    private IPage Page => _chromium.Page;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _chromium = await Chromium.StartAsync(script: false);

    public ValueTask DisposeAsync() => _chromium.DisposeAsync();

    [Fact]
    public async Task A_user_logs_in_allows_a_cloud_sees_it_and_revokes_it()
    {
        using var callback = new CallbackListener();
        var (id, secret) = await linkable.AddClientAsync(callback.Url);
        await OpenAsync($"/oauth/authorize?client_id={id}&redirect_uri={Uri.EscapeDataString(callback.Url)}&response_type=code&scope=r:*%20offline_access&state=xyz");
        await LogInAsync();
        await Expect("Peer & Co");
        await FitsAsync();

        var received = callback.ReceiveAsync(Cancellation);
        await ClickAsync("Allow");
        var query = await received;
        Assert.Contains("state=xyz", query, StringComparison.Ordinal);
        var code = query.Split('&').Single(pair => pair.StartsWith("code=", StringComparison.Ordinal))["code=".Length..];
        using var http = linkable.Cloud.CreateHttpClient();
        using var tokens = await http.PostAsync(
            "/oauth/token",
            new FormUrlEncodedContent(new Dictionary<string, string>
            {
                ["grant_type"] = "authorization_code",
                ["code"] = Uri.UnescapeDataString(code),
                ["redirect_uri"] = callback.Url,
                ["client_id"] = id,
                ["client_secret"] = secret!,
            }),
            Cancellation);
        Assert.True(tokens.IsSuccessStatusCode, await tokens.Content.ReadAsStringAsync(Cancellation));

        await OpenAsync("/");
        await Page.GetByRole(AriaRole.Link, new() { Name = "Connected clouds" }).ClickAsync();
        await Expect("Peer & Co");
        await FitsAsync();
        await ClickAsync("Revoke");
        await Expect("There are none.");
        Assert.All(_chromium.Requests, url => Assert.True(url.StartsWith(linkable.Issuer, StringComparison.Ordinal) || url.StartsWith(callback.Url, StringComparison.Ordinal), url));
        Assert.Empty(_chromium.Complaints);
    }

    [Fact]
    public async Task Deny_leads_back_as_well()
    {
        using var callback = new CallbackListener();
        var (id, _) = await linkable.AddClientAsync(callback.Url);
        await OpenAsync($"/oauth/authorize?client_id={id}&redirect_uri={Uri.EscapeDataString(callback.Url)}&response_type=code&scope=r:*&state=xyz");
        await LogInAsync();

        var received = callback.ReceiveAsync(Cancellation);
        await ClickAsync("Deny");

        Assert.Contains("error=access_denied", await received, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Allow_leads_to_an_app_at_the_loopback_address_of_IPv6()
    {
        using var callback = new CallbackListener(IPAddress.IPv6Loopback);
        var (id, _) = await linkable.AddClientAsync(callback.Url);
        await OpenAsync($"/oauth/authorize?client_id={id}&redirect_uri={Uri.EscapeDataString(callback.Url)}&response_type=code&scope=r:*&state=xyz");
        await LogInAsync();

        var received = callback.ReceiveAsync(Cancellation);
        await ClickAsync("Allow");

        Assert.Contains("code=", await received, StringComparison.Ordinal);
        Assert.Empty(_chromium.Complaints);
    }

    [Fact]
    public async Task A_wrong_password_is_told_and_the_pages_are_styled()
    {
        await OpenAsync("/");
        await LogInAsync("wrong password");
        await Expect("The name or the password is wrong");

        // Without the style sheet a button would be grey and small.
        var box = await Page.GetByRole(AriaRole.Button, new() { Name = "Log in" }).BoundingBoxAsync();
        Assert.True(box!.Height >= 40 && box.Width >= 200, $"{box.Width} × {box.Height}");
        await LogInAsync();
        await Expect("You have no devices here yet.");
        await ClickAsync("Log out");
        await Expect("Password");
        Assert.DoesNotContain(_chromium.Complaints, text => !text.Contains("400", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_user_switches_a_light_from_its_page()
    {
        (await linkable.Cloud.ArrangeAsync("user", "add", "dora", "--password", LinkableCloud.Password)).Succeeded();
        var dora = await linkable.Cloud.FindUserAsync("dora");
        await using var light = new TestDevice(linkable.Cloud, ("/light", "oic.r.switch.binary"));
        await light.JoinAsync(dora);
        await OpenAsync("/");
        await LogInAsync(user: "dora");
        var toggle = Page.GetByRole(AriaRole.Switch, new() { Name = "value" });
        await Eventually.EqualAsync(1, async () =>
        {
            // The cloud asks the device how it is after it came.
            await OpenAsync("/devices/" + light.Id);
            return await toggle.CountAsync();
        });
        Assert.False(await toggle.IsCheckedAsync());
        await FitsAsync();

        await toggle.CheckAsync();
        await ClickAsync("Change");

        await Expect("The device took the change.");
        Assert.Equal(true, light.Resources[0]["value"]);
        Assert.True(await toggle.IsCheckedAsync());
        await Expect("yes");
        await FitsAsync();

        await light.Connection.DisposeAsync();
        await toggle.UncheckAsync();
        await ClickAsync("Change");
        await Expect("The device is offline");
        Assert.Empty(_chromium.Complaints);
    }

    private Task<IResponse?> OpenAsync(string path) => Page.GotoAsync(linkable.Issuer + path);

    private async Task LogInAsync(string password = LinkableCloud.Password, string? user = null)
    {
        await Page.GetByLabel("Name").FillAsync(user ?? linkable.UserName);
        await Page.GetByLabel("Password").FillAsync(password);
        await ClickAsync("Log in");
    }

    private Task ClickAsync(string button) => Page.GetByRole(AriaRole.Button, new() { Name = button, Exact = true }).ClickAsync();

    private Task Expect(string text) => Page.GetByText(text).First.WaitForAsync();

    // Nothing is wider than the telephone.
    private async Task FitsAsync()
    {
        var width = await Page.EvaluateAsync<int>("document.documentElement.scrollWidth");
        Assert.True(width <= 375, $"{width}");
    }
}
