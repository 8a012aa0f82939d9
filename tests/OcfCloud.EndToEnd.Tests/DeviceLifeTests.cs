using OcfCloud.EndToEnd.Devices;
using OcfCloud.EndToEnd.Harness;
using OcfCloud.EndToEnd.Wire;

namespace OcfCloud.EndToEnd;

/// <summary>The life of a device in the cloud, as its user sees it through a client.</summary>
public sealed class DeviceLifeTests(QuietCloud fixture) : IClassFixture<QuietCloud>
{
    [Fact]
    public async Task A_client_discovers_reads_changes_and_observes_a_device_of_its_user()
    {
        var (cloud, user) = (fixture.Cloud, fixture.User);
        await using var light = new TestDevice(cloud, ("/light", "oic.r.switch.binary"));
        await using var client = new TestDevice(cloud);
        await light.JoinAsync(user);
        await client.JoinAsync(user);

        Assert.Equal([light.PathOf("/light")], await client.DiscoverAsync("?rt=oic.r.switch.binary"));

        var read = await client.RequestAsync("GET", light.PathOf("/light"));
        Assert.Equal("2.05", read.CodeText);
        Assert.Equal(false, Cbor.DecodeMap(read.Payload)["value"]);

        var changed = await client.RequestAsync("POST", light.PathOf("/light"), Cbor.Map(("value", true)));
        Assert.Equal("2.04", changed.CodeText);

        var notifications = await client.Connection.ObserveAsync(WireRequest.Of("GET", light.PathOf("/light"), observe: 0));
        Assert.Equal(true, Cbor.DecodeMap((await notifications.ReadAsync(TestContext.Current.CancellationToken)).Payload)["value"]);
        light.Resources[0].Change(new Dictionary<string, object?> { ["value"] = false });
        Assert.Equal(false, Cbor.DecodeMap((await notifications.ReadAsync(TestContext.Current.CancellationToken)).Payload)["value"]);
    }
}
