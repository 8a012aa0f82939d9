using OcfCloud.Coap;
using OcfCloud.Core.Devices;
using OcfCloud.Core.Directory;
using OcfCloud.DeviceGateway.Resources;
using OcfCloud.DeviceGateway.Tests.Resources;

namespace OcfCloud.DeviceGateway.Tests.Directory;

/// <summary>A device that is signed in and publishes.</summary>
internal sealed class DirectoryRoom(GatewayRoom room, TestCaller caller, DeviceId device) : IAsyncDisposable
{
    public const string PublishPath = "/oic/rd?rt=oic.wk.rdpub";

    public GatewayRoom Room => room;

    public TestCaller Caller => caller;

    public DeviceId Device => device;

    public static async Task<DirectoryRoom> OpenAsync()
    {
        var room = await GatewayRoom.OpenAsync();
        var device = DeviceId.New();
        return new DirectoryRoom(room, (await room.SignInAsync(UserId.New(), device)).Caller, device);
    }

    public static Fields Link(string href, params string[] rt) => new()
    {
        ["href"] = href,
        ["rt"] = rt.Length > 0 ? rt : new[] { "oic.r.switch.binary" },
        ["if"] = new[] { "oic.if.a", "oic.if.baseline" },
        ["p"] = new Fields { ["bm"] = 3 },
    };

    public Fields Body(params object?[] links) => new() { ["di"] = device.ToString(), ["links"] = links, ["ttl"] = 0 };

    public Task<ResourceAnswer> PublishAsync(params object?[] links) => room.PostAsync(caller, PublishPath, Body(links));

    /// <summary>The links of an answer.</summary>
    public static List<OrderedDictionary<string, object?>> LinksOf(ResourceAnswer answer)
    {
        Assert.Equal(CoapCode.Changed, answer.Message.Code);
        return [.. ((List<object?>)Cbor.DecodeMap(answer.Message.Payload)["links"]!).Cast<OrderedDictionary<string, object?>>()];
    }

    public Task<IReadOnlyList<PublishedLink>> StoredAsync() => room.Directory.OfDeviceAsync(device, TestContext.Current.CancellationToken);

    public ValueTask DisposeAsync() => room.DisposeAsync();
}
