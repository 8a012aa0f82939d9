using System.Text.Json;
using System.Text.Json.Nodes;

namespace OcfCloud.Simulator.Tests.Support;

/// <summary>A running cloud's data directory, and the simulator's command line in this process.</summary>
internal sealed class CommandRoom : IAsyncDisposable
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(20);
    private readonly List<RunningCommand> _running = [];

    private CommandRoom(TestPki pki, FakeCloud cloud, FakeMediatorApi mediator)
    {
        Pki = pki;
        Cloud = cloud;
        Mediator = mediator;
    }

    public TestPki Pki { get; }

    public FakeCloud Cloud { get; }

    public FakeMediatorApi Mediator { get; }

    public static async Task<CommandRoom> StartAsync()
    {
        var pki = new TestPki();
        var cloud = new FakeCloud(pki);
        var room = new CommandRoom(pki, cloud, await FakeMediatorApi.StartAsync(cloud, pki.Data));
        pki.Data.EnsureSimulatorFolder();
        await File.WriteAllTextAsync(pki.Data.UserToken, "user-token\n");
        await room.WriteHostAsync(room.Mediator.Url, cloud);
        return room;
    }

    /// <summary>A cloud says that it is the one that runs here.</summary>
    public Task WriteHostAsync(string url, FakeCloud cloud)
    {
        var host = new JsonObject { ["https"] = url, ["coaps"] = cloud.Address.ToString(), ["sid"] = cloud.Id.ToString("D") };
        return File.WriteAllTextAsync(Pki.Data.HostFile, JsonSerializer.Serialize(host));
    }

    /// <summary>Starts a command.</summary>
    public RunningCommand Start(params string[] arguments)
    {
        var command = new RunningCommand([.. arguments, "--data", Pki.Data.Root]);
        _running.Add(command);
        return command;
    }

    /// <summary>Runs a command to its end.</summary>
    public async Task<(int ExitCode, string Output, string Error)> RunAsync(params string[] arguments)
    {
        var command = Start(arguments);
        var code = await command.Ended.WaitAsync(Deadline, TestContext.Current.CancellationToken);
        return (code, command.Output, command.Error);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var command in _running)
            await command.StopAsync();
        await Mediator.DisposeAsync();
        await Cloud.DisposeAsync();
        Pki.Dispose();
    }
}
