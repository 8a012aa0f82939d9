using System.Text.Json;
using OcfCloud.Host.Tests.Composition;

namespace OcfCloud.Host.Tests.Commands;

/// <summary><c>cloud …</c> of one installation, with another that runs as the cloud that is linked.</summary>
public sealed class CloudCommandsTests : IAsyncLifetime
{
    private readonly Installation _here = new();
    private readonly Installation _there = new();
    private RunningHost _host = null!;
    private string _clientId = "";
    private string _secret = "";

    private static CancellationToken Ending => TestContext.Current.CancellationToken;

    private string Url => _host.File.GetProperty("publicUrl").GetString()!.TrimEnd('/');

    private string Anchors => Path.Combine(_there.Data, "pki", "cloud-ca.pem");

    public async ValueTask InitializeAsync()
    {
        _host = await RunningHost.StartAsync(_there);
        var client = (await _there.RunAsync("client", "add", "here", "--redirect-uri", "https://localhost:8443/linked-clouds/other/callback", "--json")).Done().Json;
        (_clientId, _secret) = (client.GetProperty("client_id").GetString()!, client.GetProperty("client_secret").GetString()!);
    }

    public async ValueTask DisposeAsync()
    {
        await _host.DisposeAsync();
        _here.Dispose();
        _there.Dispose();
    }

    [Fact]
    public async Task A_cloud_is_added_listed_tested_and_removed()
    {
        var added = (await AddAsync(_here, "--json")).Done();
        Assert.Equal(
            ("other", Url, _host.File.GetProperty("sid").GetString(), _clientId, "r:* w:* offline_access", "https://localhost:8443/linked-clouds/other/callback"),
            (Text(added.Json, "name"), Text(added.Json, "url"), Text(added.Json, "cloudId"), Text(added.Json, "clientId"), Text(added.Json, "scope"), Text(added.Json, "redirectUri")));
        Assert.DoesNotContain(_secret, added.Output, StringComparison.Ordinal);

        var listed = Assert.Single((await _here.RunAsync("cloud", "list", "--json")).Done().Json.EnumerateArray());
        Assert.Equal(("other", Url), (Text(listed, "name"), Text(listed, "url")));

        var good = (await _here.RunAsync("cloud", "test", "other", "--json")).Done().Json;
        Assert.True(good.GetProperty("good").GetBoolean());
        Assert.Equal(["metadata", "TLS", "API", "client"], good.GetProperty("findings").EnumerateArray().Select(finding => Text(finding, "subject")));

        (await _there.RunAsync("client", "rotate-secret", _clientId)).Done();
        var bad = await _here.RunAsync("cloud", "test", "other");
        Assert.Equal((1, "Not as it has to be: client."), (bad.ExitCode, bad.Error.Trim()));
        Assert.Contains("BAD   client: The client id and secret are not accepted.", bad.Output, StringComparison.Ordinal);

        Assert.Equal("Removed other.\n", (await _here.RunAsync("cloud", "remove", "other")).Done().Output);
        Assert.Equal("There is no linked cloud \"other\".", (await _here.RunAsync("cloud", "remove", "other")).Refusal(1));
        Assert.Equal("There is no linked cloud \"other\".", (await _here.RunAsync("cloud", "test", "other")).Refusal(1));
    }

    [Fact]
    public async Task Adding_says_what_was_found_and_what_to_register_there()
    {
        var lines = (await AddAsync(_here)).Done().Output.TrimEnd('\n').Split('\n');

        Assert.Contains($"good  metadata: The metadata document of {Url} names its endpoints.", lines);
        Assert.Contains("good  API: The Devices API is there and checks tokens.", lines);
        Assert.Equal("redirect URI: https://localhost:8443/linked-clouds/other/callback", lines[^1]);
    }

    [Fact]
    public async Task A_cloud_is_not_linked_with_itself() =>
        Assert.Contains("not linked with itself", (await AddAsync(_there)).Refusal(1), StringComparison.Ordinal);

    [Fact]
    public async Task Without_its_trust_root_it_is_refused()
    {
        var added = await _here.RunAsync("cloud", "add", "other", "--url", Url, "--client-id", _clientId, "--client-secret", _secret);

        Assert.Equal(1, added.ExitCode);
        Assert.Contains("--trust FILE", Assert.Single(added.Error.TrimEnd('\n').Split('\n')), StringComparison.Ordinal);
        Assert.Contains("BAD   TLS: There is no trusted TLS", added.Output, StringComparison.Ordinal);
        Assert.Contains("BAD   API: ", added.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Adding_a_cloud_again_changes_it()
    {
        (await AddAsync(_here)).Done();
        var secret = (await _there.RunAsync("client", "rotate-secret", _clientId, "--json")).Done().Json.GetProperty("client_secret").GetString()!;
        Assert.Equal(1, (await _here.RunAsync("cloud", "test", "other")).ExitCode);

        _secret = secret;
        Assert.Contains("Changed other: all is as it was given now, its accounts stay linked.", (await AddAsync(_here, "--scope", "r:*")).Done().Output, StringComparison.Ordinal);
        (await _here.RunAsync("cloud", "test", "other")).Done();
        Assert.Equal("r:*", Text(Assert.Single((await _here.RunAsync("cloud", "list", "--json")).Done().Json.EnumerateArray()), "scope"));
    }

    [Fact]
    public async Task A_secret_is_given_once()
    {
        string[] cloud = ["cloud", "add", "other", "--url", Url, "--client-id", _clientId];

        Assert.Contains("--client-secret-stdin", (await _here.RunAsync(cloud)).Refusal(2), StringComparison.Ordinal);
        Assert.Contains("exclude", (await _here.RunAsync([.. cloud, "--client-secret", "a", "--client-secret-stdin"])).Refusal(2), StringComparison.Ordinal);
        Assert.Contains("Standard input", (await _here.RunAsync([.. cloud, "--client-secret-stdin"])).Refusal(2), StringComparison.Ordinal);
        Assert.Contains("UUID", (await _here.RunAsync([.. cloud, "--client-secret", "a", "--cloud-id", "x"])).Refusal(2), StringComparison.Ordinal);
    }

    private static string? Text(JsonElement value, string name) => value.GetProperty(name).GetString();

    private Task<CommandResult> AddAsync(Installation installation, params string[] more) => installation.RunAsync(
        _secret + "\n", ["cloud", "add", "other", "--url", Url, "--client-id", _clientId, "--client-secret-stdin", "--trust", Anchors, .. more], Ending);
}
