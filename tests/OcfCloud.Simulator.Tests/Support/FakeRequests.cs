using System.Text.Json.Nodes;
using OcfCloud.Coap;
using OcfCloud.Simulator.Payloads;

namespace OcfCloud.Simulator.Tests.Support;

internal static class FakeRequests
{
    public static CoapMessage Get(string path) => CoapMessage.Request(CoapCode.Get, path);

    public static CoapMessage Post(string path, JsonNode body) =>
        CoapMessage.Request(CoapCode.Post, path).WithPayload(RepresentationCodec.Encode(body), CoapContentFormat.OcfCbor);

    public static string Json(CoapMessage answer)
    {
        Assert.True(RepresentationCodec.TryDecode(answer.Payload, out var node), $"{answer.Code} {answer.Diagnostic}");
        return node!.ToJsonString();
    }
}
