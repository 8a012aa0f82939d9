using OcfCloud.Simulator.Cloud;
using OcfCloud.Simulator.DataFiles;
using OcfCloud.Simulator.Devices;
using OcfCloud.Simulator.Resources;
using OcfCloud.Simulator.Tests.Support;

namespace OcfCloud.Simulator.Tests.DataFiles;

public sealed class StateFileTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Fact]
    public void What_was_written_is_read_again_with_tokens_status_and_values()
    {
        var path = _directory.File("light-1.json");
        var memory = DeviceMemory.Open(path);
        var tokens = new CloudTokens("3b0c6d9e-1111-4222-8333-444455556666", "access", "refresh", DateTimeOffset.UnixEpoch.AddHours(1));
        memory.Keep(new CloudRecord { Cis = "coaps+tcp://127.0.0.1:5684", Sid = Guid.NewGuid(), Cps = ProvisioningStatus.Registered, Tokens = tokens });
        var lamp = new BinarySwitch("/light/switch");
        lamp.Turn(true);
        memory.Keep([lamp]);

        var again = DeviceMemory.Open(path).Current;

        Assert.Equal(memory.Current.DeviceId, again.DeviceId);
        Assert.Equal(memory.Current.Cloud, again.Cloud);
        Assert.True(again.Values["/light/switch"]!["value"]!.GetValue<bool>());
    }

    [Fact]
    public void Only_the_owner_may_read_it()
    {
        if (OperatingSystem.IsWindows())
            return; // file modes are those of Unix
        var path = _directory.File("light-1.json");
        DeviceMemory.Open(path);

        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(path));
    }

    [Fact]
    public void Replacing_leaves_no_other_file_behind()
    {
        var file = new StateFile<CloudRecord>(_directory.File("x.json"));

        file.Write(new CloudRecord());
        file.Write(new CloudRecord { Apn = "github" });

        Assert.Equal([_directory.File("x.json")], Directory.GetFiles(_directory.Root));
        Assert.Equal("github", file.Read()!.Apn);
    }

    [Fact]
    public void The_first_of_two_writers_wins_where_only_an_absent_file_is_written()
    {
        var file = new StateFile<CloudRecord>(_directory.File("x.json"));

        var first = file.WriteIfAbsent(new CloudRecord { Apn = "first" });
        var second = file.WriteIfAbsent(new CloudRecord { Apn = "second" });

        Assert.Equal("first", first.Apn);
        Assert.Equal("first", second.Apn);
        Assert.Single(Directory.GetFiles(_directory.Root));
    }

    [Fact]
    public void A_file_that_holds_something_else_is_said_so()
    {
        File.WriteAllText(_directory.File("x.json"), "not JSON");

        var error = Assert.Throws<InvalidDataException>(() => new StateFile<CloudRecord>(_directory.File("x.json")).Read());

        Assert.Contains("x.json", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_number_that_is_in_use_is_passed_over_and_free_again_afterwards()
    {
        var data = new DataDirectory(_directory.Root);

        using var first = SimulatedNumber.Take(data, "light");
        var second = SimulatedNumber.Take(data, "light");
        using var other = SimulatedNumber.Take(data, "sensor");
        second.Dispose();
        using var third = SimulatedNumber.Take(data, "light");

        Assert.Equal(["light-1", "light-2", "sensor-1", "light-2"], [first.Name, second.Name, other.Name, third.Name]);
    }

    [Fact]
    public void Host_json_is_read_and_an_absent_one_is_none()
    {
        File.WriteAllText(
            _directory.File("host.json"),
            """{"https":"https://127.0.0.1:8443","http":null,"coaps":"coaps+tcp://127.0.0.1:5684","sid":"987e6543-a21f-10d1-a112-421345746237","pid":1}""");

        var host = HostFile.TryRead(_directory.File("host.json"));

        Assert.Equal(("https://127.0.0.1:8443", "coaps+tcp://127.0.0.1:5684"), (host?.Https, host?.Coaps));
        Assert.Null(HostFile.TryRead(_directory.File("nothing.json")));
    }
}
