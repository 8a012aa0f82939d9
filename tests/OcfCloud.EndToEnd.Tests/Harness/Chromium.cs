using Microsoft.Playwright;

namespace OcfCloud.EndToEnd.Harness;

/// <summary>A real Chromium with one page, and what it asked for and complained of.</summary>
internal sealed class Chromium : IAsyncDisposable
{
    private static readonly string[] Flags =
    [
        "--no-sandbox", "--disable-gpu", "--disable-quic", "--disable-background-networking", "--disable-component-update", "--disable-sync", "--no-first-run",
    ];

    private readonly IPlaywright _playwright;
    private readonly IBrowser _browser;

    private Chromium(IPlaywright playwright, IBrowser browser, IPage page)
    {
        (_playwright, _browser, Page) = (playwright, browser, page);
        page.Request += (_, request) => Requests.Add(request.Url);
        page.Console += (_, message) =>
        {
            // Of a test that types before the page has put the cursor anywhere.
            if (!message.Text.StartsWith("Autofocus processing was blocked", StringComparison.Ordinal)) Complaints.Add(message.Text);
        };
        page.PageError += (_, error) => Complaints.Add(error);
    }

    public IPage Page { get; }

    /// <summary>The address of every request.</summary>
    public List<string> Requests { get; } = [];

    /// <summary>The lines of its console: a page that is well has none.</summary>
    public List<string> Complaints { get; } = [];

    /// <summary>Starts one; the window is a telephone's unless another size is given.</summary>
    public static async Task<Chromium> StartAsync(bool script, int width = 375, int height = 667)
    {
        var playwright = await Playwright.CreateAsync();
        var browser = await playwright.Chromium.LaunchAsync(new BrowserTypeLaunchOptions { ExecutablePath = "/usr/bin/chromium", Args = Flags });
        var context = await browser.NewContextAsync(new BrowserNewContextOptions
        {
            IgnoreHTTPSErrors = true,
            JavaScriptEnabled = script,
            ViewportSize = new ViewportSize { Width = width, Height = height },
        });
        return new Chromium(playwright, browser, await context.NewPageAsync());
    }

    public async ValueTask DisposeAsync()
    {
        await _browser.DisposeAsync();
        _playwright.Dispose();
    }
}
