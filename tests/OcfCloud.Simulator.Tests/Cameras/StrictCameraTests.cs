using System.Diagnostics;

namespace OcfCloud.Simulator.Tests.Cameras;

public sealed class StrictCameraTests
{
    [Fact]
    public async Task The_camera_of_another_HTTP_2_stack_does_by_itself_what_it_should()
    {
        using var tests = Process.Start(new ProcessStartInfo("node", ["--test", Path.Combine(Root, "tests", "strict-camera", "test.js")])
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
        })!;
        var output = await tests.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await tests.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.True(tests.ExitCode == 0, output);
    }

    private static string Root
    {
        get
        {
            var directory = new DirectoryInfo(AppContext.BaseDirectory);
            while (!File.Exists(Path.Combine(directory!.FullName, "OcfCloud.sln")))
                directory = directory.Parent;
            return directory.FullName;
        }
    }
}
