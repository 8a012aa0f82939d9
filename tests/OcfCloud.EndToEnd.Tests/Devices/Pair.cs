using OcfCloud.EndToEnd.Harness;
using OcfCloud.EndToEnd.Wire;

namespace OcfCloud.EndToEnd.Devices;

/// <summary>A device with one resource and a client of the same user, both signed in.</summary>
internal sealed class Pair : IAsyncDisposable
{
    private Pair(Cloud cloud) => (Device, Client) = (new TestDevice(cloud, ("/light", "oic.r.light")), new TestDevice(cloud));

    public TestDevice Device { get; }

    public TestDevice Client { get; }

    public DeviceResource Light => Device.Resources[0];

    public static async Task<Pair> JoinAsync(CloudUser user, WireOptions? device = null, WireOptions? client = null)
    {
        var pair = new Pair(user.Cloud);
        await pair.Device.JoinAsync(user, device);
        await pair.Client.JoinAsync(user, client);
        return pair;
    }

    public string PathOf(string href) => Device.PathOf(href);

    /// <summary>Changes the light's value, which its observers are told.</summary>
    public void Press(int value) => Light.Change(new Dictionary<string, object?> { ["value"] = value });

    public async Task AssertNothingReachedTheDeviceAsync()
    {
        await Client.Connection.PingAsync();
        await Device.Connection.PingAsync();
        Assert.False(Device.Connection.Requests.TryRead(out var request), $"The device was asked for {request?.Path}.");
    }

    public async ValueTask DisposeAsync()
    {
        await Client.DisposeAsync();
        await Device.DisposeAsync();
    }
}
