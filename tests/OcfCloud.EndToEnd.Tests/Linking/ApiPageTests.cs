using Microsoft.Playwright;
using OcfCloud.EndToEnd.Harness;

namespace OcfCloud.EndToEnd.Linking;

/// <summary>The page to try the APIs at, in a real Chromium.</summary>
public sealed class ApiPageTests(LinkableCloud linkable) : IClassFixture<LinkableCloud>, IAsyncLifetime
{
    private Chromium _chromium = null!;

    private IPage Page => _chromium.Page;

    public async ValueTask InitializeAsync()
    {
        _chromium = await Chromium.StartAsync(script: true, width: 1280, height: 1024);
        await Page.GotoAsync(linkable.Issuer + "/docs");
        await Operation("/mediator/v1/registrations").WaitForAsync();
    }

    public ValueTask DisposeAsync() => _chromium.DisposeAsync();

    [Fact]
    public async Task It_shows_the_operations_without_a_complaint_and_asks_nobody_else()
    {
        await Operation("/mediator/v1/device-tokens").ClickAsync();
        await Page.GetByText("Makes a one-time token that registers a device").First.WaitForAsync();

        Assert.Empty(_chromium.Complaints);
        Assert.All(_chromium.Requests, url => Assert.True(url.StartsWith(linkable.Issuer, StringComparison.Ordinal) || url.StartsWith("data:", StringComparison.Ordinal), url));
    }

    [Fact]
    public async Task A_user_logs_in_there_and_tries_an_operation()
    {
        await Page.GetByRole(AriaRole.Button, new() { Name = "Authorize" }).First.ClickAsync();
        var dialog = Page.Locator(".modal-ux");
        await dialog.Locator("label[for^=mediator]").First.ClickAsync();
        var logIn = await Page.RunAndWaitForPopupAsync(() => dialog.Locator("form, .auth-container").Filter(new() { HasText = "oauth2" }).First
            .GetByRole(AriaRole.Button, new() { Name = "Apply given OAuth2 credentials" }).ClickAsync());
        await logIn.GetByLabel("Name").FillAsync(linkable.UserName);
        await logIn.GetByLabel("Password").FillAsync(LinkableCloud.Password);
        await logIn.GetByRole(AriaRole.Button, new() { Name = "Log in", Exact = true }).ClickAsync();
        await logIn.GetByRole(AriaRole.Button, new() { Name = "Allow", Exact = true }).ClickAsync();
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Remove authorization" }).First.WaitForAsync();
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Close" }).Last.ClickAsync();

        await Operation("/mediator/v1/access-rules").First.ClickAsync();
        await Page.GetByRole(AriaRole.Button, new() { Name = "Try it out" }).ClickAsync();
        await Page.GetByRole(AriaRole.Button, new() { Name = "Execute" }).ClickAsync();

        await Page.Locator(".live-responses-table .response-col_status").GetByText("200").First.WaitForAsync();

        // Swagger UI has its field for a client's secret outside of a form, as Chromium notes.
        Assert.DoesNotContain(_chromium.Complaints, text => !text.StartsWith("[DOM] Password field", StringComparison.Ordinal));
    }

    private ILocator Operation(string path) => Page.Locator($"[data-path='{path}']").First;
}
