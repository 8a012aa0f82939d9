using OcfCloud.Host.Settings;

namespace OcfCloud.Host.Tests.Settings;

public sealed class SettingsSourceTests
{
    // A key of this test's own: the environment is the whole process's.
    private const string Variable = "OcfCloud__Devices__TwinSpread";

    [Fact]
    public void The_command_line_goes_before_the_environment_and_that_before_the_default()
    {
        var before = SettingsSource.Load(new Dictionary<string, string?>()).Read(CloudSettings.TwinSpread);
        Environment.SetEnvironmentVariable(Variable, "00:00:07");
        try
        {
            Assert.Equal(TimeSpan.FromSeconds(10), before);
            Assert.Equal(TimeSpan.FromSeconds(7), SettingsSource.Load(new Dictionary<string, string?>()).Read(CloudSettings.TwinSpread));
            Assert.Equal(
                TimeSpan.FromSeconds(8),
                SettingsSource.Load(new Dictionary<string, string?> { ["OcfCloud:Devices:TwinSpread"] = "00:00:08" }).Read(CloudSettings.TwinSpread));
        }
        finally
        {
            Environment.SetEnvironmentVariable(Variable, null);
        }
    }
}
