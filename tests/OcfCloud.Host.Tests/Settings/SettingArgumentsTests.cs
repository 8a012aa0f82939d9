using OcfCloud.Host.Settings;

namespace OcfCloud.Host.Tests.Settings;

public sealed class SettingArgumentsTests
{
    [Fact]
    public void Settings_are_split_off_wherever_they_stand()
    {
        var complete = SettingArguments.Split(
            ["--OcfCloud:DataDirectory=/a=b", "user", "add", "--ocfcloud:Devices:IdlePing=00:00:05", "alice", "--ConnectionStrings:OcfCloud=Host=db"],
            out var settings,
            out var rest,
            out _);

        Assert.True(complete);
        Assert.Equal(["user", "add", "alice"], rest);
        Assert.Equal("/a=b", settings["OcfCloud:DataDirectory"]);
        Assert.Equal("00:00:05", settings["OcfCloud:Devices:IdlePing"]);
        Assert.Equal("Host=db", settings["ConnectionStrings:OcfCloud"]);
    }

    [Fact]
    public void A_setting_without_a_value_is_wrong_usage()
    {
        Assert.False(SettingArguments.Split(["--OcfCloud:DataDirectory", "/tmp"], out _, out _, out var misused));
        Assert.Equal("--OcfCloud:DataDirectory", misused);
    }

    [Fact]
    public void The_last_of_two_values_counts()
    {
        SettingArguments.Split(["--OcfCloud:CloudId=a", "--OcfCloud:CLOUDID=b"], out var settings, out _, out _);

        Assert.Equal("b", Assert.Single(settings).Value);
    }
}
