using OcfCloud.EndToEnd.Devices;
using OcfCloud.EndToEnd.Harness;

namespace OcfCloud.EndToEnd.Endurance.Storms;

/// <summary>Devices that come and go: each signs up, signs in, publishes, and two of three deregister.</summary>
internal sealed class StormVisitor(Storm storm, CloudUser user) : StormMember(storm)
{
    private readonly List<Guid> _registered = [];
    private readonly HashSet<Guid> _asked = [];
    private readonly List<Guid> _gone = [];
    private TestDevice? _device;
    private int _turns;

    /// <summary>After a restart: who was answered is there, who went is not.</summary>
    public void CheckDevices(IReadOnlySet<Guid> found)
    {
        Assert.All(_registered.Except(_asked), di => Assert.True(found.Contains(di), $"{di} signed up and is gone"));
        Assert.All(_gone, di => Assert.False(found.Contains(di), $"{di} deregistered and is there"));
    }

    /// <summary>Whoever was answered was told of, coming before going.</summary>
    public void CheckEvents(StormEvents events)
    {
        var told = events.InOrderAt(Storm.DevicesUrlOf(user)).SelectMany(e => e.Devices.Select(di => (di, e.Type))).ToLookup(t => t.di, t => t.Type);
        Assert.All(_registered, di => Assert.Equal("devices_registered", told[di].FirstOrDefault()));
        Assert.All(_gone, di => Assert.Equal("devices_unregistered", told[di].LastOrDefault()));
    }

    public bool HasToldAll(StormEvents events)
    {
        var told = events.At(Storm.DevicesUrlOf(user)).Where(e => e.Type == "devices_unregistered").SelectMany(e => e.Devices).ToHashSet();
        return _gone.TrueForAll(told.Contains);
    }

    public override ValueTask DisposeAsync() => _device?.DisposeAsync() ?? ValueTask.CompletedTask;

    protected override async Task TurnAsync()
    {
        await DisposeAsync();
        _device = new TestDevice(user.Cloud, ("/visit", "x.visit"));
        var id = _device.Id;
        await _device.ConnectAsync();
        await _device.SignUpAsync(await user.CreateDeviceTokenAsync(id));
        Storm.CountAnswered();
        _registered.Add(id);
        await _device.SignInAsync();
        await _device.PublishAsync();
        Storm.CountAnswered();
        if (++_turns % 3 == 0) return;
        _asked.Add(id);
        Assert.Equal("2.02", (await _device.RequestAsync("DELETE", "/oic/sec/account")).CodeText);
        Storm.CountAnswered();
        _gone.Add(id);
    }
}
