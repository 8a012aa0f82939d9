using System.Net;
using Microsoft.Extensions.DependencyInjection;
using OcfCloud.Console.Tests.Support;
using OcfCloud.Onvif.Firmware;

namespace OcfCloud.Console.Tests.Cameras;

/// <summary>The administrators' page of firmware.</summary>
public sealed class FirmwareTests : CameraRoom
{
    private const string Page = "/administration/firmware";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private FirmwareImages Images => Cloud.Services.GetRequiredService<FirmwareImages>();

    [Fact]
    public async Task It_is_for_administrators_alone()
    {
        Assert.Equal(HttpStatusCode.Forbidden, (await Browser.OpenAsync(Page)).Status);
        foreach (var path in new[] { Page, Page + "/remove" })
            Assert.Equal((path, HttpStatusCode.Forbidden), (path, (await SendAsync(path, ("model", "M"), ("version", "1"))).Status));

        using var root = await RootAsync();
        Assert.Contains($"href=\"{Page}\"", (await root.OpenAsync("/administration/clients")).Html, StringComparison.Ordinal);
        foreach (var path in new[] { Page, Page + "/remove" })
            Assert.Equal((path, HttpStatusCode.BadRequest), (path, (await root.PostAsync(path, ("model", "M"), ("version", "1"))).Status));
        Assert.Empty(await Images.ListAsync(Cancellation));
    }

    [Fact]
    public async Task Versions_are_added_listed_and_removed()
    {
        using var root = await RootAsync();

        var page = await root.SubmitAsync(await root.OpenAsync(Page), Page, ("model", " AC <b> "), ("version", "4.10"));
        page = await root.SubmitAsync(page, Page, ("model", "AC <b>"), ("version", "4.9"));

        Assert.Equal([("AC <b>", "4.9"), ("AC <b>", "4.10")], (await Images.ListAsync(Cancellation)).Select(image => (image.Model, image.Version)));
        Assert.Contains("AC <b> 4.9", page.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("<b>", page.Html, StringComparison.Ordinal);
        page = await root.SubmitAsync(page, Page + "/remove");
        Assert.Equal("4.10", Assert.Single(await Images.ListAsync(Cancellation)).Version);

        // What is gone already is gone.
        Assert.Equal(HttpStatusCode.OK, (await root.SubmitAsync(page, Page + "/remove", ("version", "4.9"))).Status);
    }

    [Fact]
    public async Task What_is_refused_is_said_and_shown_again()
    {
        using var root = await RootAsync();
        var page = await root.SubmitAsync(await root.OpenAsync(Page), Page, ("model", "AC"), ("version", "1"));

        foreach (var (model, version, words) in new[] { ("AC", "1", "already"), ("", "1", "A model has 1 to"), ("A<u>C", "", "A version has 1 to"), ("A\u0001", "1", "control characters") })
        {
            var refused = await root.SubmitAsync(page, Page, ("model", model), ("version", version));
            Assert.Equal((model, HttpStatusCode.BadRequest), (model, refused.Status));
            Assert.Contains(words, refused.Text, StringComparison.Ordinal);
            Assert.DoesNotContain("<u>", refused.Html, StringComparison.Ordinal);
        }

        Assert.Single(await Images.ListAsync(Cancellation));
    }

    private async Task<TestBrowser> RootAsync()
    {
        await Cloud.AddUserAsync("root", administrator: true);
        var browser = Cloud.Browse();
        await browser.LogInAsync("root");
        return browser;
    }
}
