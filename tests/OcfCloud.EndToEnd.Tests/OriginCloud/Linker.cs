using OcfCloud.EndToEnd.Devices;
using OcfCloud.EndToEnd.Harness;
using OcfCloud.EndToEnd.Wire;

namespace OcfCloud.EndToEnd.OriginCloud;

/// <summary>A user of the Origin who links an account: in a browser at its console, and with a client of its own over CoAP.</summary>
internal sealed class Linker : IAsyncDisposable
{
    private const string Password = "correct horse";

    private readonly StrictTarget _target;
    private readonly string _cloudName;

    private Linker(CloudUser user, StrictTarget target, string cloudName, TestDevice client) =>
        (User, _target, _cloudName, Client, Browser) = (user, target, cloudName, client, new PlainBrowser(user.Cloud.Authority, target.Certificate));

    public CloudUser User { get; }

    public PlainBrowser Browser { get; }

    /// <summary>A client, which is a device without resources.</summary>
    public TestDevice Client { get; }

    public static async Task<Linker> StartAsync(Cloud cloud, StrictTarget target, string cloudName, string name)
    {
        (await cloud.ArrangeAsync("user", "add", name, "--password", Password)).Succeeded();
        var user = await cloud.FindUserAsync(name);
        var linker = new Linker(user, target, cloudName, new TestDevice(cloud));
        await linker.Client.JoinAsync(user);
        await linker.Browser.LogInAsync(cloud, name, Password);
        return linker;
    }

    /// <summary>Opens the page of linked clouds.</summary>
    public async Task ShowAsync()
    {
        await Browser.OpenAsync($"https://localhost:{User.Cloud.Https.Port}/");
        await Browser.FollowAsync("Linked clouds");
    }

    /// <summary>Links, or links again, and stays on the page that follows.</summary>
    /// <param name="decision">The button at the target.</param>
    public async Task LinkAsync(string decision = "Allow")
    {
        await StartLinkingAsync();
        await Browser.ClickAsync(decision);
        Assert.Equal(User.Cloud.Https.Port, Browser.Url.Port);
        if (decision == "Allow") Assert.True(Browser.HasButton("Unlink"), $"{Browser.Url} {Browser.Status}: {Browser.Text}");
    }

    /// <summary>As far as the target's page.</summary>
    public async Task StartLinkingAsync()
    {
        await ShowAsync();
        await Browser.ClickAfterAsync(_cloudName, Browser.HasButton("Link") ? "Link" : "Link again");
        Assert.True(Browser.Url.ToString().StartsWith(_target.Url, StringComparison.Ordinal), $"{Browser.Url} {Browser.Status}: {Browser.Text}");
    }

    public async Task UnlinkAsync()
    {
        await ShowAsync();
        await Browser.ClickAfterAsync(_cloudName, "Unlink");
    }

    /// <summary>Waits until the client sees what the target has, and the target has the subscriptions for it; their first events were taken.</summary>
    public async Task WaitForMirrorsAsync()
    {
        await WaitForSubscriptionsAsync();
        await Eventually.EqualAsync(true, async () =>
        {
            var seen = await Client.DiscoverAsync();
            return (await _target.StateAsync()).Devices.All(di => seen.Exists(href => href.StartsWith($"/{di}/", StringComparison.Ordinal)));
        });
    }

    /// <summary>Waits until the target has one subscription to its devices and one to each, and every event was taken.</summary>
    public async Task WaitForSubscriptionsAsync() => await Eventually.EqualAsync("as it should be", async () =>
    {
        var state = await _target.StateAsync();
        var (ofAll, ofEach) = (state.Subscriptions.Count(s => s.Level == "devices"), state.Subscriptions.Where(s => s.Level == "device").Select(s => s.Di!.Value).Order().ToList());
        return ofAll == 1 && ofEach.SequenceEqual(state.Devices.Order()) && state.Subscriptions.All(s => s.Undelivered == 0)
            ? "as it should be" : $"{ofAll} to all, {ofEach.Count} to {state.Devices.Count} devices, {state.Subscriptions.Sum(s => s.Undelivered)} undelivered";
    });

    /// <summary>Waits until the client's discovery shows a link, or does not.</summary>
    public Task WaitForLinkAsync(Guid device, string href, bool isThere = true) =>
        Eventually.EqualAsync(isThere, async () => (await Client.DiscoverAsync()).Contains($"/{device}{href}", StringComparer.Ordinal));

    /// <summary>What a GET of the client is answered with: its code.</summary>
    public async Task<string> CodeOfAsync(Guid device, string href) => (await Client.RequestAsync("GET", $"/{device}{href}")).CodeText;

    /// <summary>The representation that the client gets.</summary>
    public async Task<Dictionary<string, object?>> ReadAsync(Guid device, string href)
    {
        var answer = await Client.RequestAsync("GET", $"/{device}{href}");
        Assert.Equal("2.05", answer.CodeText);
        return Cbor.DecodeMap(answer.Payload);
    }

    public async ValueTask DisposeAsync()
    {
        Browser.Dispose();
        await Client.DisposeAsync();
    }
}
