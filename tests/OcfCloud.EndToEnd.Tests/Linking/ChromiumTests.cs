using Microsoft.Playwright;

namespace OcfCloud.EndToEnd.Linking;

/// <summary>A real Chromium clicks through log-in and consent; script is off, so the pages work without, and the window is a telephone's.</summary>
public sealed class ChromiumTests(LinkableCloud linkable) : IClassFixture<LinkableCloud>, IAsyncLifetime
{
    private static readonly string[] Flags =
    [
        "--no-sandbox", "--disable-gpu", "--disable-quic", "--disable-background-networking", "--disable-component-update", "--disable-sync", "--no-first-run",
    ];

    private readonly List<string> _requests = [];
    private readonly List<string> _complaints = [];
    private IPlaywright _playwright = null!;
    private IBrowser _browser = null!;
    private IPage _page = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _playwright = await Playwright.CreateAsync();
        _browser = await _playwright.Chromium.LaunchAsync(new BrowserTypeLaunchOptions { ExecutablePath = "/usr/bin/chromium", Args = Flags });
        var context = await _browser.NewContextAsync(new BrowserNewContextOptions
        {
            IgnoreHTTPSErrors = true,
            JavaScriptEnabled = false,
            ViewportSize = new ViewportSize { Width = 375, Height = 667 },
        });
        _page = await context.NewPageAsync();
        _page.Request += (_, request) => _requests.Add(request.Url);
        _page.Console += (_, message) => _complaints.Add(message.Text);
    }

    public async ValueTask DisposeAsync()
    {
        await _browser.DisposeAsync();
        _playwright.Dispose();
    }

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
        await _page.GetByRole(AriaRole.Link, new() { Name = "Connected clouds" }).ClickAsync();
        await Expect("Peer & Co");
        await FitsAsync();
        await ClickAsync("Revoke the access of Peer & Co");
        await Expect("There are none.");
        Assert.All(_requests, url => Assert.True(url.StartsWith(linkable.Issuer, StringComparison.Ordinal) || url.StartsWith(callback.Url, StringComparison.Ordinal), url));
        Assert.Empty(_complaints);
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
    public async Task A_wrong_password_is_told_and_the_pages_are_styled()
    {
        await OpenAsync("/");
        await LogInAsync("wrong password");
        await Expect("The name or the password is wrong");

        // Without the style sheet a button would be grey and small.
        var box = await _page.GetByRole(AriaRole.Button, new() { Name = "Log in" }).BoundingBoxAsync();
        Assert.True(box!.Height >= 40 && box.Width >= 200, $"{box.Width} × {box.Height}");
        await LogInAsync();
        await Expect("You have no devices here yet.");
        await ClickAsync("Log out");
        await Expect("Password");
        Assert.DoesNotContain(_complaints, text => !text.Contains("400", StringComparison.Ordinal));
    }

    private Task<IResponse?> OpenAsync(string path) => _page.GotoAsync(linkable.Issuer + path);

    private async Task LogInAsync(string password = LinkableCloud.Password)
    {
        await _page.GetByLabel("Name").FillAsync(LinkableCloud.UserName);
        await _page.GetByLabel("Password").FillAsync(password);
        await ClickAsync("Log in");
    }

    private Task ClickAsync(string button) => _page.GetByRole(AriaRole.Button, new() { Name = button, Exact = true }).ClickAsync();

    private Task Expect(string text) => _page.GetByText(text).First.WaitForAsync();

    // Nothing is wider than the telephone.
    private async Task FitsAsync()
    {
        var body = await _page.Locator("body").BoundingBoxAsync();
        Assert.True(body!.Width <= 375, $"{body.Width}");
    }
}
