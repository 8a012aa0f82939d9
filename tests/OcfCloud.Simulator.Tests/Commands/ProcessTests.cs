using System.Diagnostics;
using OcfCloud.Coap;
using OcfCloud.Simulator.Tests.Support;

namespace OcfCloud.Simulator.Tests.Commands;

public sealed class ProcessTests : IAsyncLifetime
{
    private CommandRoom _room = null!;

    public async ValueTask InitializeAsync() => _room = await CommandRoom.StartAsync();

    public ValueTask DisposeAsync() => _room.DisposeAsync();

    [Fact]
    public async Task The_process_writes_plain_lines_and_ends_in_order_when_it_is_told_to()
    {
        if (OperatingSystem.IsWindows())
            return; // signals are those of Unix
        using var process = Start("device", "light");
        var connection = await _room.Cloud.ConnectionAsync();
        await connection.ExpectAsync("/oic/sec/account");
        await connection.ExpectAsync("/oic/sec/session");
        await connection.ExpectAsync("/oic/rd");

        using (var kill = Process.Start("kill", ["-TERM", $"{process.Id}"]))
            await kill.WaitForExitAsync(Cancellation);
        var output = await process.StandardOutput.ReadToEndAsync(Cancellation);
        await process.WaitForExitAsync(Cancellation);

        Assert.Equal(0, process.ExitCode);
        Assert.Equal(CoapCloseReason.PeerReleased, await connection.Closed);
        Assert.Contains("light-1: signed in: online\n", output, StringComparison.Ordinal);
        Assert.DoesNotContain('\u001b', output);
    }

    [Fact]
    public async Task A_killed_device_goes_on_with_its_session_when_it_starts_again()
    {
        using (var process = Start("device", "light"))
        {
            var connection = await _room.Cloud.ConnectionAsync();
            await connection.ExpectAsync("/oic/sec/account");
            await connection.ExpectAsync("/oic/sec/session");
            process.Kill();
            await process.WaitForExitAsync(Cancellation);
        }

        using var again = Start("device", "light");
        await (await _room.Cloud.ConnectionAsync()).ExpectAsync("/oic/sec/session");
        again.Kill();
        await again.WaitForExitAsync(Cancellation);
    }

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    // The program as it was built for itself: beside the tests it lacks what their own framework brings.
    private static string Program => Path.Combine(
        AppContext.BaseDirectory.Replace("tests/OcfCloud.Simulator.Tests/", "src/OcfCloud.Simulator/", StringComparison.Ordinal), "OcfCloud.Simulator.dll");

    private Process Start(params string[] arguments) => Process.Start(new ProcessStartInfo(
        "dotnet", ["exec", Program, .. arguments, "--data", _room.Pki.Data.Root])
    {
        UseShellExecute = false,
        RedirectStandardOutput = true,
        RedirectStandardError = true,
    })!;
}
