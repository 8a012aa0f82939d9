using System.Text.Json.Nodes;
using Microsoft.Extensions.Time.Testing;
using OcfCloud.Coap;
using OcfCloud.Simulator.Cloud;
using OcfCloud.Simulator.Devices;
using OcfCloud.Simulator.Resources;
using OcfCloud.Simulator.Serving;
using OcfCloud.Simulator.Tests.Support;

namespace OcfCloud.Simulator.Tests.Serving;

public sealed class ResourceServerTests : IDisposable
{
    private readonly DeviceModel _light = DeviceModel.Create(DeviceKind.Light, "light-1", DeviceState.New(), new FakeTimeProvider(), new Random(1));
    private readonly ResourceServer _server;

    public ResourceServerTests() => _server = new ResourceServer(
        _light.DeviceId, [.. _light.Resources, new CloudConfigurationResource(new CloudConfiguration(new CloudRecord(), _ => { }))]);

    public void Dispose() => _light.Dispose();

    [Fact]
    public void A_GET_is_answered_in_OCF_CBOR_with_the_token_of_the_request()
    {
        var request = FakeRequests.Get("/light/switch");
        request.Token = CoapToken.FromUInt64(7);

        var answer = Ask(request);

        Assert.Equal(CoapCode.Content, answer.Code);
        Assert.Equal(CoapContentFormat.OcfCbor, answer.ContentFormat);
        Assert.Equal(request.Token, answer.Token);
        Assert.Equal("""{"value":false}""", FakeRequests.Json(answer));
        Assert.False(answer.Options.Contains(CoapOptionNumber.OcfContentFormatVersion));
    }

    [Theory]
    [InlineData(CoapOptionNumber.OcfAcceptContentFormatVersion)]
    [InlineData(CoapOptionNumber.OcfContentFormatVersion)]
    public void Who_speaks_of_versions_gets_the_version(CoapOptionNumber option)
    {
        var answer = Ask(FakeRequests.Get("/light/switch").WithOption(option, 2048));

        Assert.Equal(2048u, answer.Options.UInt32(CoapOptionNumber.OcfContentFormatVersion));
    }

    [Fact]
    public void A_POST_changes_the_resource_and_is_told()
    {
        var told = new List<string>();
        _server.Updated += (request, answer) => told.Add($"{request.Path} {answer.Code}");

        var answer = Ask(FakeRequests.Post("/light/switch", new JsonObject { ["value"] = true }));

        Assert.Equal(CoapCode.Changed, answer.Code);
        Assert.True(_light.Get<BinarySwitch>("/light/switch").IsOn);
        Assert.Equal(["/light/switch 2.04"], told);
    }

    [Fact]
    public void Refusals_have_their_code_and_a_diagnostic_without_a_format()
    {
        var body = new JsonObject { ["value"] = true };
        Refused(CoapCode.NotFound, FakeRequests.Get("/nothing"));
        Refused(CoapCode.MethodNotAllowed, CoapMessage.Request(CoapCode.Delete, "/light/switch"));
        Refused(CoapCode.MethodNotAllowed, CoapMessage.Request(CoapCode.Put, "/light/switch"));
        Refused(CoapCode.MethodNotAllowed, FakeRequests.Post("/oic/d", body));
        Refused(CoapCode.MethodNotAllowed, FakeRequests.Post("/oic/res", body));
        Refused(CoapCode.BadRequest, FakeRequests.Get("/light/switch?if=oic.if.s"));
        Refused(CoapCode.BadRequest, FakeRequests.Post("/light/switch?if=oic.if.s", body));
        Refused(CoapCode.BadRequest, FakeRequests.Post("/light/switch", new JsonArray()));
        Refused(CoapCode.BadRequest, CoapMessage.Request(CoapCode.Post, "/light/switch").WithPayload(new byte[] { 0xbf }, CoapContentFormat.OcfCbor));
        Refused(CoapCode.UnsupportedContentFormat, CoapMessage.Request(CoapCode.Post, "/light/switch").WithPayload("{}"u8.ToArray(), CoapContentFormat.Json));
        Refused(CoapCode.NotAcceptable, FakeRequests.Get("/light/switch").WithOption(CoapOptionNumber.Accept, CoapContentFormat.Json));
        Refused(CoapCode.BadOption, FakeRequests.Get("/light/switch").WithOption(CoapOptionNumber.IfMatch, 1));
    }

    [Fact]
    public void What_is_not_published_does_not_exist_for_the_cloud()
    {
        Refused(CoapCode.NotFound, FakeRequests.Get(CloudConfigurationResource.Path));

        Assert.Equal(CoapCode.Content, _server.Answer(FakeRequests.Get(CloudConfigurationResource.Path), Requester.Neighbour, endpoint: null).Code);
    }

    [Fact]
    public void Who_may_not_configure_the_cloud_is_told_so_before_anybody_looks_at_the_payload()
    {
        var request = CoapMessage.Request(CoapCode.Post, CloudConfigurationResource.Path).WithPayload(new byte[] { 0xbf }, CoapContentFormat.OcfCbor);

        Assert.Equal(CoapCode.Forbidden, _server.Answer(request, Requester.Neighbour, endpoint: null).Code);
        Assert.Equal(CoapCode.BadRequest, _server.Answer(request, Requester.Mediator, endpoint: null).Code);
    }

    [Fact]
    public void Observable_resources_are_observed_one_by_one_and_all_at_once_as_a_batch()
    {
        var lamp = _light.Resources.Single(r => r.Href == "/light/switch");
        var dimmer = _light.Resources.Single(r => r.Href == "/light/dimming");

        Assert.True(_server.Observed(FakeRequests.Get("/light/switch"), Requester.Cloud)!(lamp));
        Assert.False(_server.Observed(FakeRequests.Get("/light/switch"), Requester.Cloud)!(dimmer));
        Assert.True(_server.Observed(FakeRequests.Get("/oic/res?if=oic.if.b"), Requester.Cloud)!(dimmer));
        Assert.Null(_server.Observed(FakeRequests.Get("/oic/d"), Requester.Cloud));
        Assert.Null(_server.Observed(FakeRequests.Get("/oic/res"), Requester.Cloud));
    }

    private CoapMessage Ask(CoapMessage request) => _server.Answer(request, Requester.Cloud, endpoint: null);

    private void Refused(CoapCode code, CoapMessage request)
    {
        var answer = Ask(request);
        Assert.Equal(code, answer.Code);
        Assert.NotEmpty(answer.Diagnostic);
        Assert.Null(answer.ContentFormat);
    }
}
