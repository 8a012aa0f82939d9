using OcfCloud.Simulator.Cloud;
using OcfCloud.Simulator.Devices;

namespace OcfCloud.Simulator.Tests.Support;

/// <summary>A light that lives in a <see cref="FakeCloud"/>, with waits that a test has time for.</summary>
internal sealed class DeviceRoom : IAsyncDisposable
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(20);
    private CancellationTokenSource _stop = new();
    private readonly string _statePath;
    private readonly Guid _deviceId = Guid.NewGuid();
    private Task _living = Task.CompletedTask;

    public DeviceRoom()
    {
        Pki = new TestPki();
        Cloud = new FakeCloud(Pki);
        Pki.Data.EnsureSimulatorFolder();
        _statePath = Pki.Data.SimulatorFile("light-1.json");
        Device = Open();
    }

    public TestPki Pki { get; }

    public FakeCloud Cloud { get; }

    public SimulatedDevice Device { get; private set; }

    public CloudTiming Timing { get; set; } = Short;

    /// <summary>Waits of a few milliseconds.</summary>
    public static CloudTiming Short => new()
    {
        BackOffFirst = TimeSpan.FromMilliseconds(20),
        BackOffMax = TimeSpan.FromMilliseconds(100),
        RefreshMargin = TimeSpan.Zero,
        ProbeAfter = TimeSpan.FromMilliseconds(50),
    };

    public CloudRecord Kept => DeviceMemory.Open(_statePath).Current.Cloud;

    /// <summary>Begins to live, in the fake cloud where nothing else is said.</summary>
    public void Start(Guid? sid = null)
    {
        if (Device.Configuration.Current.Cps != ProvisioningStatus.Registered)
            Assert.Null(Device.Configuration.Provision(Cloud.Address.ToString(), sid ?? Cloud.Id, "one-time", "ocfcloud"));
        Begin();
    }

    /// <summary>Begins to live, wherever the configuration says.</summary>
    public void Begin() => _living = Device.RunAsync(_stop.Token);

    /// <summary>Begins to live and waits until the device is signed in and has published.</summary>
    public async Task<FakeCloudConnection> SignInAsync()
    {
        Start();
        var connection = await Cloud.ConnectionAsync();
        await connection.ExpectAsync("/oic/sec/account");
        await connection.ExpectAsync("/oic/sec/session");
        await connection.ExpectAsync("/oic/rd");
        return connection;
    }

    /// <summary>Ends the device's process, so to say, and starts another that takes it up from its state file, with the present timing.</summary>
    public async Task RestartAsync()
    {
        await ReopenAsync();
        Start();
    }

    /// <summary>Like <see cref="RestartAsync"/>, but does not let it live yet.</summary>
    public async Task ReopenAsync()
    {
        await StopAsync();
        Device.Dispose();
        Device = Open();
        _stop = new CancellationTokenSource();
        _living = Task.CompletedTask;
    }

    /// <summary>Waits until the configuration is as asked for.</summary>
    public async Task<CloudRecord> WhenAsync(Predicate<CloudRecord> condition)
    {
        while (true)
        {
            var (record, _, changed) = Device.Configuration.Observe();
            if (condition(record))
                return record;
            await changed.WaitAsync(Deadline, TestContext.Current.CancellationToken);
        }
    }

    /// <summary>Ends in order.</summary>
    public async Task StopAsync()
    {
        await _stop.CancelAsync();
        await _living.WaitAsync(Deadline, TestContext.Current.CancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _living;
        await Cloud.DisposeAsync();
        Device.Dispose();
        Pki.Dispose();
    }

    private SimulatedDevice Open() => new(
        DeviceKind.Light,
        "light-1",
        DeviceMemory.Open(_statePath, _deviceId),
        Pki.IssueDevice(_deviceId),
        Pki.CloudAnchors,
        Timing,
        TimeProvider.System,
        _ => { });
}
