using System.Net;
using System.Net.Sockets;
using OcfCloud.EndToEnd.Devices;
using OcfCloud.EndToEnd.Harness;
using OcfCloud.EndToEnd.Wire;

namespace OcfCloud.EndToEnd.Endurance;

/// <summary>How the host stops when it is told to (more of that: <see cref="OperationTests"/>), and does not start where it must not.</summary>
public sealed class StopTests
{
    [Fact]
    public async Task A_device_that_does_not_answer_holds_a_stop_up_no_longer_than_the_limit()
    {
        await using var cloud = await Cloud.StartAsync(TestStore.Sqlite, "Devices:DrainTimeout=00:00:02");
        var user = await cloud.AddUserAsync("alice");
        await using var light = new TestDevice(cloud, ("/light", "oic.r.switch.binary"));
        await using var client = new TestDevice(cloud);
        await light.JoinAsync(user);
        await client.JoinAsync(user);
        var asked = HoldRequests(light);

        var answer = client.RequestAsync("GET", light.PathOf("/light?slow"));
        await asked.WaitAsync(WireConnection.Deadline, TestContext.Current.CancellationToken);
        // The default would be 20 s for the device and 15 s for the process.
        Assert.Equal(0, await cloud.StopAsync().WaitAsync(TimeSpan.FromSeconds(12), TestContext.Current.CancellationToken));
        await client.Connection.EndAsync();
        try
        {
            Assert.Equal("5.03", (await answer).CodeText);
        }
        catch (WireEndedException)
        {
            // Closed before a word: the same to the client.
        }
    }

    [Fact]
    public async Task Commands_take_effect_while_the_host_runs()
    {
        await using var cloud = await Cloud.StartAsync();
        var user = await cloud.AddUserAsync("alice");
        await using var light = new TestDevice(cloud, ("/light", "oic.r.switch.binary"));
        await light.JoinAsync(user);

        (await cloud.RunAsync("device", "remove", light.Id.ToString())).Succeeded();
        await light.Connection.Ended.WaitAsync(TimeSpan.FromSeconds(5), TestContext.Current.CancellationToken);
        await light.ConnectAsync();
        Assert.Equal("4.01", (await light.TrySignInAsync()).CodeText);

        await light.ConnectAsync();
        await light.SignUpAsync(await user.CreateDeviceTokenAsync());
        await light.SignInAsync();
        (await cloud.ArrangeAsync("user", "remove", "alice")).Succeeded();
        await light.Connection.Ended.WaitAsync(TimeSpan.FromSeconds(5), TestContext.Current.CancellationToken);
        Assert.Empty((await cloud.ArrangeAsync("device", "list", "--json")).Succeeded().Json.EnumerateArray());

        var unknown = await cloud.RunAsync("device", "remove", light.Id.ToString());
        Assert.Equal(1, unknown.ExitCode);
        Assert.Single(unknown.Errors);
        Assert.Equal(2, (await cloud.ArrangeAsync("device", "dance")).ExitCode);
    }

    [Fact]
    public async Task A_second_host_on_the_ports_or_the_data_of_a_running_one_does_not_start()
    {
        await using var cloud = await Cloud.StartAsync();
        // The same command once more: the first of the three ports that is taken is named.
        await using (var same = cloud.Launch([]))
        {
            await AssertRefusedAsync(same, "OcfCloud:Endpoints:Https");
        }

        await using (var other = BareHost.Launch(cloud.DataDirectory, TestStore.Sqlite))
        {
            await AssertRefusedAsync(other, "OcfCloud:DataDirectory");
        }

        // The running one did not notice.
        using var http = cloud.CreateHttpClient();
        Assert.Equal(HttpStatusCode.OK, (await http.GetAsync("/health/ready", TestContext.Current.CancellationToken)).StatusCode);
    }

    [Theory]
    [InlineData("Endpoints:Https")]
    [InlineData("Endpoints:Http")]
    [InlineData("Endpoints:Coaps")]
    [InlineData("Endpoints:Uplink")]
    public async Task A_port_that_is_taken_is_named(string key)
    {
        using var folder = new TemporaryFolder();
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        await using var host = BareHost.Launch(folder.File("data"), TestStore.Sqlite, $"{key}=127.0.0.1:{((IPEndPoint)taken.LocalEndpoint).Port}");
        await AssertRefusedAsync(host, "OcfCloud:" + key);
        Assert.False(File.Exists(folder.File("data", "ocfcloud.db")));
    }

    [Theory]
    [InlineData("Endpoints:Coaps=nonsense")]
    [InlineData("Devices:IdlePing=soon")]
    [InlineData("Devices:MaxMessageSize=-1")]
    [InlineData("Devices:TrustAnchors:0=/there/is/no/such/file.pem")]
    [InlineData("Store:Provider=Oracle")]
    [InlineData("CloudId=1234")]
    [InlineData("Endpoint:Coaps=5684")]
    public async Task A_wrong_setting_stops_the_start_with_one_line_that_names_it(string setting)
    {
        using var folder = new TemporaryFolder();
        var refused = await CommandProcess.Shared.RunAsync(BareHost.Arguments(folder.File("data"), setting));
        Assert.Equal(1, refused.ExitCode);
        Assert.StartsWith("OcfCloud:" + setting.Split('=')[0] + ":", Assert.Single(refused.Errors, line => line.Length > 0), StringComparison.Ordinal);
    }

    private static async Task AssertRefusedAsync(RunningProgram host, string key)
    {
        Assert.Equal(1, await host.WaitForExitAsync());
        var line = Assert.Single(host.Errors, line => line.Length > 0);
        Assert.StartsWith(key + ":", line, StringComparison.Ordinal);
    }

    /// <summary>The device lets requests with the query <c>slow</c> wait, and tells of the first.</summary>
    private static Task<WireMessage> HoldRequests(TestDevice device)
    {
        var asked = new TaskCompletionSource<WireMessage>(TaskCreationOptions.RunContinuationsAsynchronously);
        var answer = device.Connection.OnRequest!;
        device.Connection.OnRequest = request =>
        {
            if (!request.Queries.Contains("slow"))
            {
                return answer(request);
            }

            asked.TrySetResult(request);
            return null;
        };
        return asked.Task;
    }
}
