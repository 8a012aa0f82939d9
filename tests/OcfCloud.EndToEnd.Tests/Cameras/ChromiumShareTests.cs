using System.Text.Json;
using Microsoft.Playwright;
using OcfCloud.EndToEnd.Harness;
using OcfCloud.Testing;

namespace OcfCloud.EndToEnd.Cameras;

/// <summary>Two users share a camera through the consoles of their clouds, each in a Chromium of its own; script is off, so the pages work without, and the windows are telephones'.</summary>
public sealed class ChromiumShareTests(SharedPrograms shared, PostgreSqlFixture postgreSql)
{
    private const string Password = "correct horse";

    private readonly CameraClouds _clouds = shared.CameraClouds(postgreSql);

    [Fact]
    public async Task A_user_gives_a_share_token_to_another_who_sees_what_is_asked_of_whom_and_gets_the_camera()
    {
        var (a, b) = (await _clouds.A, await _clouds.B);
        var (alice, bob) = (await a.AddOwnerAsync(Password), await b.AddOwnerAsync(Password));
        await using var camera = await SimulatedCamera.StartAsync(alice);
        await using Chromium alices = await Chromium.StartAsync(script: false), bobs = await Chromium.StartAsync(script: false);
        var owned = await alice.CameraAsync();

        var token = await IssueAsync(alices.Page, alice, owned);
        var incoming = await ProposeAsync(bobs.Page, bob, token);
        await ExpectProposalAsync(bobs.Page, a, owned);
        Assert.Empty(await alice.SharesAsync());
        await ClickAsync(bobs.Page, "Confirm");
        await bobs.Page.GetByRole(AriaRole.Button, new() { Name = "Remove", Exact = true }).WaitForAsync();

        await bob.WaitForAsync(incoming, "state", "connected");
        await bob.WaitForCameraAsync("online");
        await alice.WaitForShareAsync("connected");
        await ExpectAtTheOtherAsync(bobs.Page, bob, owned);
        await ExpectAtTheOwnerAsync(alices.Page, b, token);
        Assert.All(alices.Requests, url => Assert.StartsWith(a.Url, url, StringComparison.Ordinal));
        Assert.All(bobs.Requests, url => Assert.StartsWith(b.Url, url, StringComparison.Ordinal));
        Assert.Empty(alices.Complaints);
        Assert.Empty(bobs.Complaints);
    }

    // The token is in no address; and on no other page than the one that answers.
    private static async Task<string> IssueAsync(IPage page, CameraOwner owner, JsonElement camera)
    {
        await LogInAsync(page, owner);
        await FollowAsync(page, $"{Text(camera, "manufacturer")} {Text(camera, "model")}");
        await Expect(page, "online");
        await FitsAsync(page);
        await ClickAsync(page, "Make a share token");
        var token = await page.Locator("#share-token").InnerTextAsync();
        Assert.Equal(3, token.Split('.').Length);
        Assert.DoesNotContain(token, page.Url, StringComparison.Ordinal);
        Assert.True((await page.GetByAltText("The share token as a QR code").BoundingBoxAsync())!.Width > 100);
        await FitsAsync(page);
        var download = await page.RunAndWaitForDownloadAsync(() => ClickAsync(page, "Download"));
        Assert.Equal(token, await File.ReadAllTextAsync(await download.PathAsync(), TestContext.Current.CancellationToken));

        await FollowAsync(page, "To the camera");
        await Expect(page, "open");
        Assert.DoesNotContain(token, await page.ContentAsync(), StringComparison.Ordinal);
        return token;
    }

    // The path of the incoming share in the API, too.
    private static async Task<string> ProposeAsync(IPage page, CameraOwner owner, string token)
    {
        await LogInAsync(page, owner);
        await Expect(page, "You have no cameras here yet.");
        await page.GetByRole(AriaRole.Button, new() { Name = "Add by share token" }).ClickAsync();
        await page.GetByLabel("Share token").FillAsync(token);
        await ClickAsync(page, "Go on");
        await page.GetByRole(AriaRole.Button, new() { Name = "Confirm", Exact = true }).WaitForAsync();
        Assert.StartsWith(owner.Home.Url + "/cameras/incoming/", page.Url, StringComparison.Ordinal);
        return "incoming-shares/" + page.Url.Split('/')[^1];
    }

    private static async Task ExpectProposalAsync(IPage page, CameraCloud asked, JsonElement camera)
    {
        await Expect(page, new Uri(asked.Url).Authority);
        await Expect(page, asked.Xaddr);
        foreach (var member in new[] { "manufacturer", "model", "serialNumber" }) await Expect(page, Text(camera, member));
        await Expect(page, "not confirmed");
        await Expect(page, "Nothing was sent yet.");
        await FitsAsync(page);
    }

    private static async Task ExpectAtTheOtherAsync(IPage page, CameraOwner owner, JsonElement camera)
    {
        await page.ReloadAsync();
        await Expect(page, "connected");
        await FitsAsync(page);
        await FollowAsync(page, "To the camera");
        await Expect(page, "online");
        await Expect(page, Text(camera, "serialNumber"));
        Assert.EndsWith("/cameras/" + await owner.CameraIdAsync(), page.Url, StringComparison.Ordinal);
        await GoToCamerasAsync(page);
        await Expect(page, "online");
        await Expect(page, "Asked of other clouds");
        await FitsAsync(page);
    }

    private static async Task ExpectAtTheOwnerAsync(IPage page, CameraCloud other, string token)
    {
        await page.ReloadAsync();
        await page.GetByRole(AriaRole.Heading, new() { Name = "Share with " + new Uri(other.Url).Authority }).WaitForAsync();
        await Expect(page, "connected");
        await Expect(page, "used");
        Assert.DoesNotContain(token, await page.ContentAsync(), StringComparison.Ordinal);
        await FitsAsync(page);
    }

    private static async Task LogInAsync(IPage page, CameraOwner owner)
    {
        await page.GotoAsync(owner.Home.Url + "/login");
        await page.GetByLabel("Name").FillAsync(owner.Name);
        await page.GetByLabel("Password").FillAsync(Password);
        await ClickAsync(page, "Log in");
        await GoToCamerasAsync(page);
    }

    private static Task GoToCamerasAsync(IPage page) => page.GetByRole(AriaRole.Navigation).GetByRole(AriaRole.Link, new() { Name = "Cameras" }).ClickAsync();

    private static Task FollowAsync(IPage page, string link) => page.GetByRole(AriaRole.Link, new() { Name = link, Exact = true }).ClickAsync();

    private static Task ClickAsync(IPage page, string button) => page.GetByRole(AriaRole.Button, new() { Name = button, Exact = true }).ClickAsync();

    private static Task Expect(IPage page, string text) => page.GetByText(text, new() { Exact = true }).First.WaitForAsync();

    // Nothing is wider than the telephone.
    private static async Task FitsAsync(IPage page)
    {
        var width = await page.EvaluateAsync<int>("document.documentElement.scrollWidth");
        Assert.True(width <= 375, $"{page.Url}: {width}");
    }

    private static string Text(JsonElement element, string member) => element.GetProperty(member).GetString()!;
}
