using System.Text.Json.Nodes;
using Microsoft.Extensions.Time.Testing;
using OcfCloud.Simulator.Cloud;
using OcfCloud.Simulator.Devices;
using OcfCloud.Simulator.Resources;

namespace OcfCloud.Simulator.Tests.Resources;

public sealed class LinkListTests : IDisposable
{
    private readonly DeviceModel _light = DeviceModel.Create(DeviceKind.Light, "light-1", DeviceState.New(), new FakeTimeProvider(), new Random(1));
    private readonly LinkList _links;

    public LinkListTests()
    {
        var conf = new CloudConfigurationResource(new CloudConfiguration(new CloudRecord(), _ => { }));
        _links = new LinkList(_light.DeviceId, [.. _light.Resources, conf]);
    }

    public void Dispose() => _light.Dispose();

    [Fact]
    public void A_device_publishes_itself_and_its_resources_but_not_its_cloud_configuration()
    {
        Assert.Equal(["/oic/d", "/oic/p", "/light/switch", "/light/dimming"], Hrefs(_links.Published()));
    }

    [Fact]
    public void Only_neighbours_see_the_cloud_configuration()
    {
        Assert.DoesNotContain(CloudConfigurationResource.Path, Hrefs(List([], Requester.Cloud)));
        Assert.Contains(CloudConfigurationResource.Path, Hrefs(List([], Requester.Neighbour)));
    }

    [Fact]
    public void Links_are_found_by_type_and_carry_the_endpoint()
    {
        var found = List(["rt=oic.r.coapcloudconf"], Requester.Mediator);

        Assert.Equal([CloudConfigurationResource.Path], Hrefs(found));
        Assert.Equal("coaps+tcp://127.0.0.1:7", found[0]!["eps"]![0]!["ep"]!.GetValue<string>());
        Assert.Equal(3, found[0]!["p"]!["bm"]!.GetValue<int>());
    }

    [Fact]
    public void Baseline_wraps_the_links_and_batch_gives_all_values()
    {
        Assert.Equal("oic.wk.res", List(["if=oic.if.baseline"], Requester.Cloud)[0]!["rt"]![0]!.GetValue<string>());
        var batch = List(["if=oic.if.b"], Requester.Cloud);
        Assert.Equal("""{"value":false}""", batch.Single(l => l!["href"]!.GetValue<string>() == "/light/switch")!["rep"]!.ToJsonString());
        Assert.Equal(ResourceStatus.BadRequest, _links.Retrieve(["if=oic.if.a"], Requester.Cloud, endpoint: null).Status);
    }

    private JsonArray List(string[] queries, Requester requester) =>
        _links.Retrieve(queries, requester, "coaps+tcp://127.0.0.1:7").Representation!.AsArray();

    private static string[] Hrefs(JsonArray links) => [.. links.Select(l => l!["href"]!.GetValue<string>())];
}
