using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;

namespace OcfCloud.Host.Tests.Composition;

public sealed class DevelopmentStartTests : IDisposable
{
    private readonly Installation _installation = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _installation.Dispose();

    [Fact]
    public async Task A_first_start_makes_everything_and_says_where_it_is()
    {
        await using var host = await RunningHost.StartAsync(_installation);

        var (https, http, coaps) = (host.File.GetProperty("https").GetString(), host.File.GetProperty("http").GetString(), host.File.GetProperty("coaps").GetString());
        Assert.Equal(["https", "http", "coaps", "uplink", "mutualTls", "publicUrl", "sid", "pid"], host.File.EnumerateObject().Select(member => member.Name));
        Assert.StartsWith("https://127.0.0.1:", host.File.GetProperty("uplink").GetString(), StringComparison.Ordinal);
        Assert.Equal(JsonValueKind.Null, host.File.GetProperty("mutualTls").ValueKind);
        Assert.StartsWith("coaps+tcp://127.0.0.1:", coaps, StringComparison.Ordinal);
        Assert.Equal($"https://localhost:{new Uri(https!).Port}", new Uri(host.File.GetProperty("publicUrl").GetString()!).GetLeftPart(UriPartial.Authority));
        Assert.Equal(Environment.ProcessId, host.File.GetProperty("pid").GetInt32());
        Assert.Contains($"https {https}", host.Printed);
        Assert.Contains($"http {http}", host.Printed);
        Assert.Contains($"coaps {coaps}", host.Printed);
        Assert.Single(host.Printed, line => line.StartsWith("password: ", StringComparison.Ordinal));
        foreach (var file in new[] { "ocfcloud.db", "pki/device-ca.pem", "pki/device-ca.key", "pki/cloud-ca.pem", "pki/cloud-ca.key", "pki/cloud.pem", "pki/cloud.key", "simulator/token" })
        {
            Assert.True(File.Exists(Path.Combine(_installation.Data, file)), file);
        }
    }

    [Fact]
    public async Task Secrets_are_for_their_owner_alone()
    {
        await using var host = await RunningHost.StartAsync(_installation);

        string[] secrets =
        [
            "ocfcloud.db", "ocfcloud.db-wal", "pki/device-ca.key", "pki/cloud-ca.key", "pki/cloud.key", "simulator/token",
            .. Directory.GetFiles(Path.Combine(_installation.Data, "keys")),
        ];
        foreach (var secret in secrets)
        {
            if (!OperatingSystem.IsWindows()) Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(Path.Combine(_installation.Data, secret)));
        }
    }

    [Fact]
    public async Task A_second_start_keeps_the_cloud_and_shows_no_password()
    {
        string sid;
        await using (var first = await RunningHost.StartAsync(_installation)) sid = first.File.GetProperty("sid").GetString()!;

        await using var second = await RunningHost.StartAsync(_installation);

        Assert.Equal(sid, second.File.GetProperty("sid").GetString());
        Assert.DoesNotContain(second.Printed, line => line.StartsWith("password: ", StringComparison.Ordinal));
    }

    [Fact]
    public async Task The_first_start_makes_the_demo_user_beside_those_that_commands_added()
    {
        (await _installation.RunAsync("user", "add", "alice")).Done();
        await using var host = await RunningHost.StartAsync(_installation);

        var users = (await _installation.RunAsync("user", "list", "--json")).Done().Json;
        Assert.Equal(["alice", "demo"], users.EnumerateArray().Select(user => user.GetProperty("name").GetString()));
        Assert.True(File.Exists(Path.Combine(_installation.Data, "simulator", "token")));
    }

    [Fact]
    public async Task A_demo_user_that_was_removed_stays_removed()
    {
        (await _installation.RunAsync("user", "add", "alice")).Done();
        await using (await RunningHost.StartAsync(_installation)) (await _installation.RunAsync("user", "remove", "demo")).Done();

        await using var second = await RunningHost.StartAsync(_installation);

        Assert.Equal(1, (await _installation.RunAsync("user", "list", "--json")).Done().Json.GetArrayLength());
    }

    [Fact]
    public async Task A_stop_ends_with_0_and_takes_the_host_file_away()
    {
        await using var host = await RunningHost.StartAsync(_installation);

        Assert.Equal(0, await host.StopAsync());
        Assert.False(File.Exists(Path.Combine(_installation.Data, "host.json")));
    }

    [Fact]
    public async Task A_second_host_on_the_same_directory_is_refused()
    {
        await using var host = await RunningHost.StartAsync(_installation);

        var refusal = (await _installation.RunAsync(RunningHost.Arguments())).Refusal(1);

        Assert.Equal($"OcfCloud:DataDirectory: \"{_installation.Data}\" is in use by another host", refusal);
        Assert.True(File.Exists(Path.Combine(_installation.Data, "host.json")));
    }

    [Fact]
    public async Task Health_is_answered_on_both_doors()
    {
        await using var host = await RunningHost.StartAsync(_installation);

        foreach (var door in new[] { host.Https, host.Http })
        {
            foreach (var path in new[] { "/health/live", "/health/ready" })
            {
                using var answer = await door.GetAsync(path, Cancellation);
                using var head = await door.SendAsync(new HttpRequestMessage(HttpMethod.Head, path), Cancellation);
                Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
                Assert.Equal(HttpStatusCode.OK, head.StatusCode);
            }
        }

        Assert.Equal($"CN=uuid:{host.File.GetProperty("sid").GetString()}", host.Presented);
    }

    [Theory]
    [InlineData("/", "/")]
    [InlineData("/mediator/v1/devices?a=b&c=%20d", "/mediator/v1/devices?a=b&c=%20d")]
    [InlineData("/healthy", "/healthy")]
    public async Task Everything_else_on_plain_http_is_sent_to_the_public_url(string asked, string sent)
    {
        await using var host = await RunningHost.StartAsync(_installation, "--OcfCloud:PublicUrl=https://cloud.example:9443");
        using var request = new HttpRequestMessage(HttpMethod.Post, asked) { Headers = { Host = "evil.example" } };

        using var answer = await host.Http.SendAsync(request, Cancellation);

        Assert.Equal(HttpStatusCode.PermanentRedirect, answer.StatusCode);
        Assert.Equal($"https://cloud.example:9443{sent}", answer.Headers.Location!.OriginalString);
    }

    [Theory]
    [InlineData("/onvif/cloud/getAvailableFWImages")]
    [InlineData("/onvif/cloud/startDeviceSharing?a=b")]
    [InlineData("/ONVIF/uplink")]
    public async Task Nothing_of_ONVIF_is_done_or_sent_elsewhere_on_plain_http(string asked)
    {
        await using var host = await RunningHost.StartAsync(_installation);

        using var answer = await host.Http.PostAsync(new Uri(asked, UriKind.Relative), content: null, Cancellation);

        Assert.Equal(HttpStatusCode.Forbidden, answer.StatusCode);
        Assert.Null(answer.Headers.Location);
    }

    [Fact]
    public async Task The_simulators_token_opens_the_mediator_API()
    {
        await using var host = await RunningHost.StartAsync(_installation, "--OcfCloud:PublicCoaps=coaps+tcp://cloud.example:5684");
        var token = (await File.ReadAllTextAsync(Path.Combine(_installation.Data, "simulator", "token"), Cancellation)).Trim();

        var body = await DeviceTokenAsync(host, token);

        Assert.Equal("coaps+tcp://cloud.example:5684", body.GetProperty("cis").GetString());
        Assert.Equal(host.File.GetProperty("sid").GetString(), body.GetProperty("sid").GetString());
        Assert.Equal("ocfcloud", body.GetProperty("apn").GetString());
    }

    [Fact]
    public async Task Without_a_public_coaps_address_mediators_get_the_public_name_and_our_port()
    {
        await using var host = await RunningHost.StartAsync(_installation, "--OcfCloud:PublicUrl=https://cloud.example");
        var token = (await File.ReadAllTextAsync(Path.Combine(_installation.Data, "simulator", "token"), Cancellation)).Trim();

        var port = new Uri(host.File.GetProperty("coaps").GetString()!).Port;
        Assert.Equal($"coaps+tcp://cloud.example:{port}", (await DeviceTokenAsync(host, token)).GetProperty("cis").GetString());
    }

    [Fact]
    public async Task Commands_work_beside_the_host_and_take_effect_within_five_seconds()
    {
        await using var host = await RunningHost.StartAsync(_installation);

        (await _installation.RunAsync("user", "add", "alice")).Done();
        var token = (await _installation.RunAsync("token", "create", "--user", "alice", "--lifetime", "01:00:00")).Done().LastLine;
        await DeviceTokenAsync(host, token);
        (await _installation.RunAsync("user", "remove", "alice")).Done();

        var deadline = Environment.TickCount64 + 5_000;
        while ((await AskAsync(host, token)) != HttpStatusCode.Unauthorized)
        {
            Assert.True(Environment.TickCount64 < deadline, "The removed user's token is still taken after five seconds.");
            await Task.Delay(100, Cancellation);
        }
    }

    [Fact]
    public async Task A_store_that_does_not_answer_is_not_ready_but_alive()
    {
        await using var host = await RunningHost.StartAsync(_installation);
        File.Delete(Path.Combine(_installation.Data, "ocfcloud.db"));
        Directory.CreateDirectory(Path.Combine(_installation.Data, "ocfcloud.db"));
        Microsoft.Data.Sqlite.SqliteConnection.ClearAllPools();

        using var ready = await host.Http.GetAsync("/health/ready", Cancellation);
        using var live = await host.Http.GetAsync("/health/live", Cancellation);

        Assert.Equal(HttpStatusCode.ServiceUnavailable, ready.StatusCode);
        Assert.Contains("The store does not answer.", await ready.Content.ReadAsStringAsync(Cancellation), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.OK, live.StatusCode);
    }

    private static async Task<HttpStatusCode> AskAsync(RunningHost host, string token)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/mediator/v1/devices") { Headers = { Authorization = new AuthenticationHeaderValue("Bearer", token) } };
        using var answer = await host.Https.SendAsync(request, Cancellation);
        return answer.StatusCode;
    }

    private static async Task<JsonElement> DeviceTokenAsync(RunningHost host, string token)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/mediator/v1/device-tokens") { Headers = { Authorization = new AuthenticationHeaderValue("Bearer", token) } };
        using var answer = await host.Https.SendAsync(request, Cancellation);
        Assert.Equal(HttpStatusCode.Created, answer.StatusCode);
        return JsonDocument.Parse(await answer.Content.ReadAsStringAsync(Cancellation)).RootElement;
    }
}
