using System.Net;
using OcfCloud.Console.Tests.Support;
using OcfCloud.Identity.Users;

namespace OcfCloud.Console.Tests.Cameras;

/// <summary>A cloud with two users, the first one's browser open and logged in.</summary>
public abstract class CameraRoom : IAsyncLifetime
{
    private readonly TemporaryFolder _folder = new();

    private protected TestCloud Cloud { get; private set; } = null!;

    private protected User Alice { get; private set; } = null!;

    private protected User Bob { get; private set; } = null!;

    private protected TestBrowser Browser { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        Cloud = await TestCloud.StartAsync(_folder);
        Alice = await Cloud.AddUserAsync("alice");
        Bob = await Cloud.AddUserAsync("bob");
        Browser = Cloud.Browse();
        await Browser.LogInAsync("alice");
    }

    public async ValueTask DisposeAsync()
    {
        Browser.Dispose();
        await Cloud.DisposeAsync();
        _folder.Dispose();
        GC.SuppressFinalize(this);
    }

    /// <summary>Sends a form that alice's pages did not show, with what makes it hers.</summary>
    private protected async Task<TestPage> SendAsync(string action, params (string Name, string? Value)[] fields)
    {
        var own = (await Browser.OpenAsync("/account")).FormOf("/account/password").Where(field => field.Key != "username").Select(field => (field.Key, (string?)field.Value));
        return await Browser.PostAsync(action, [.. own, .. fields]);
    }

    /// <summary>Every one of these is as unknown to alice as what is not there, and needs a form of this site.</summary>
    private protected async Task UnknownAsync(IEnumerable<string> pages, params (string Action, (string Name, string? Value)[] Fields)[] forms)
    {
        foreach (var page in pages) Assert.Equal((page, HttpStatusCode.NotFound), (page, (await Browser.OpenAsync(page)).Status));
        foreach (var (action, fields) in forms)
        {
            Assert.Equal((action, HttpStatusCode.NotFound), (action, (await SendAsync(action, fields)).Status));
            Assert.Equal((action, HttpStatusCode.BadRequest), (action, (await Browser.PostAsync(action, fields)).Status));
        }
    }
}
