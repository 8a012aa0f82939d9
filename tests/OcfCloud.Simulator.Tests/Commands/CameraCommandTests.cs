using System.Diagnostics;
using System.Net;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text.Json.Nodes;
using OcfCloud.Simulator.Tests.Cameras;
using OcfCloud.Simulator.Tests.Support;

namespace OcfCloud.Simulator.Tests.Commands;

public sealed class CameraCommandTests : IAsyncLifetime
{
    private static readonly string GetDeviceInformation = Soap.Envelope(Soap.Device, "<t:GetDeviceInformation/>");

    private readonly TemporaryDirectory _data = new();
    private readonly List<RunningCommand> _running = [];
    private StandInCloud _cloud = null!;

    public async ValueTask InitializeAsync()
    {
        _cloud = await StandInCloud.StartAsync();
        _cloud.OffersWss = false;
        Directory.CreateDirectory(_data.File("pki"));
        Directory.CreateDirectory(_data.File("simulator"));
        await File.WriteAllTextAsync(_data.File("pki/cloud-ca.pem"), _cloud.Anchor.ExportCertificatePem());
        await File.WriteAllTextAsync(_data.File("simulator/token"), "user-token\n");
        await File.WriteAllTextAsync(_data.File("host.json"), new JsonObject { ["https"] = _cloud.Url }.ToJsonString());
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var command in _running)
            await command.StopAsync();
        await _cloud.DisposeAsync();
        _data.Dispose();
    }

    [Fact]
    public async Task A_camera_enrols_itself_and_tells_what_becomes_of_it()
    {
        var command = Start("camera", "--model", "AC-3000", "--serial", "0042");
        var uplink = await _cloud.NextAsync();

        Assert.Equal("camera-1: Acme AC-3000 0042", await command.LineAsync("Acme"));
        Assert.Equal("camera-1: enrolled as id-of-cam-1", await command.LineAsync("enrolled"));
        Assert.Equal($"camera-1: connected: {_cloud.HttpsUplink}", await command.LineAsync("connected"));
        var (_, body) = await uplink.CallAsync(Soap.DevicePath, GetDeviceInformation);
        Assert.Equal(("AC-3000", "0042"), (body!.Text("Model"), body!.Text("SerialNumber")));
        Assert.Equal(0, await command.StopAsync());
    }

    [Fact]
    public async Task Several_cameras_live_in_one_process_each_with_a_key_and_a_serial_number_of_its_own()
    {
        Start("camera", "--count", "5");
        var serialNumbers = new HashSet<string>();
        for (var i = 0; i < 5; i++)
            serialNumbers.Add((await (await _cloud.NextAsync()).CallAsync(Soap.DevicePath, GetDeviceInformation)).Body!.Text("SerialNumber"));

        Assert.Equal(5, serialNumbers.Count);
        Assert.Equal(5, _cloud.Clients.Count);
    }

    [Fact]
    public async Task A_camera_that_was_enrolled_is_not_enrolled_again()
    {
        var first = Start("camera");
        await _cloud.NextAsync();
        await first.LineAsync("connected");
        await first.StopAsync();

        Start("camera");

        await _cloud.NextAsync();
        Assert.Single(_cloud.Clients);
    }

    [Fact]
    public async Task A_camera_whose_enrolment_was_forgotten_takes_another_key()
    {
        _cloud.Conflicts = 1;
        Start("camera");
        await _cloud.NextAsync();
        Assert.Single(_cloud.Clients);
    }

    [Fact]
    public async Task A_camera_may_be_enrolled_by_hand()
    {
        var request = _data.File("camera.csr");
        Assert.Equal(0, await Start("camera", "--csr", request).Ended);
        var pem = await File.ReadAllTextAsync(request, Cancellation);
        using var http = new HttpClient(new SocketsHttpHandler
        {
            SslOptions = { CertificateChainPolicy = OcfCloud.Simulator.Certificates.TrustAnchors.Of(_cloud.Anchor).CreatePolicy() },
        });
        http.DefaultRequestHeaders.Authorization = new("Bearer", "user-token");
        using var answer = await http.PostAsync(
            new Uri($"{_cloud.Url}/api/v1/cameras"),
            JsonContent.Create(new JsonObject { ["csr"] = Convert.ToBase64String(PemBytes(pem)) }),
            Cancellation);
        var printed = await answer.Content.ReadAsStringAsync(Cancellation);
        await File.WriteAllTextAsync(_data.File("enrolment.json"), $"Using launch settings\n{printed}\n", Cancellation);

        Start("camera", "--enrolment", _data.File("enrolment.json"));

        await _cloud.NextAsync();
        Assert.Single(_cloud.Clients);
    }

    [Fact]
    public async Task A_refused_enrolment_ends_the_command_with_the_clouds_words()
    {
        var command = Start("camera", "--token", "wrong");
        Assert.Equal(1, await command.Ended);
        Assert.Contains("401 Unauthorized: The token is not valid.", command.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_local_endpoint_answers_over_HTTP_1_1()
    {
        var command = Start("camera", "--listen", "127.0.0.1:0");
        var address = (await command.LineAsync("listens at"))["camera-1: listens at ".Length..];
        using var http = new HttpClient();
        using var response = await http.PostAsync(new Uri(new Uri(address), Soap.DevicePath), Soap.Content(GetDeviceInformation, action: null), Cancellation);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
    }

    [Theory]
    [InlineData("--count", "0")]
    [InlineData("--count", "2", "--serial", "0042")]
    [InlineData("--misbehave", "wrongly")]
    [InlineData("--listen", "nowhere")]
    [InlineData("--watchdog", "00:00:00")]
    [InlineData("--key-generation", "-00:00:01")]
    [InlineData("--client-auth", "none")]
    public async Task A_command_line_that_cannot_be_is_wrong_usage(params string[] options) => Assert.Equal(2, await Start(["camera", .. options]).Ended);

    [Fact]
    public async Task A_killed_camera_comes_back_with_its_keys_and_its_configuration()
    {
        string serialNumber;
        using (var process = StartProcess())
        {
            var uplink = await _cloud.NextAsync();
            serialNumber = (await uplink.CallAsync(Soap.DevicePath, GetDeviceInformation)).Body!.Text("SerialNumber");
            process.Kill();
            await process.WaitForExitAsync(Cancellation);
        }

        using var again = StartProcess();
        var (_, body) = await (await _cloud.NextAsync()).CallAsync(Soap.DevicePath, GetDeviceInformation);
        Assert.Equal(serialNumber, body!.Text("SerialNumber"));
        Assert.Single(_cloud.Clients);
        again.Kill();
        await again.WaitForExitAsync(Cancellation);
    }

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private static byte[] PemBytes(string pem)
    {
        var fields = PemEncoding.Find(pem);
        Assert.Equal("CERTIFICATE REQUEST", pem[fields.Label]);
        return Convert.FromBase64String(pem[fields.Base64Data]);
    }

    private RunningCommand Start(params string[] arguments)
    {
        var command = new RunningCommand([.. arguments, "--data", _data.Root]);
        _running.Add(command);
        return command;
    }

    // The program as it was built for itself: beside the tests it lacks what their own framework brings.
    private Process StartProcess()
    {
        var program = Path.Combine(
            AppContext.BaseDirectory.Replace("tests/OcfCloud.Simulator.Tests/", "src/OcfCloud.Simulator/", StringComparison.Ordinal), "OcfCloud.Simulator.dll");
        return Process.Start(new ProcessStartInfo("dotnet", ["exec", program, "camera", "--data", _data.Root])
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
        })!;
    }
}
