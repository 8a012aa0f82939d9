using System.Text;
using Microsoft.AspNetCore.Http;
using OcfCloud.CloudLinking.Targets;
using OcfCloud.Core.Requests;

namespace OcfCloud.CloudLinking.Tests.RemoteRequests;

/// <summary>cloud-to-cloud.md, 2: requests to mirrored devices on the wire.</summary>
public sealed class MirroredRequestsTests
{
    private const string Json = "application/json", OcfCbor = "application/vnd.ocf+cbor";

    // {"v": 1}
    private static readonly byte[] One = [0xa1, 0x61, 0x76, 0x01];

    [Theory]
    [InlineData("/light", "", "/light")]
    [InlineData("/a b/ü%2F;x", "", "/a%20b/%C3%BC%252F%3Bx")]
    [InlineData("/light", "if=oic.if.baseline", "/light?if=oic.if.baseline")]
    [InlineData("/light", "x=a&b|y=1+2;3|ü=%41|z", "/light?x=a%26b&y=1%2B2%3B3&%C3%BC=%2541&z")]
    public async Task Path_and_query_are_encoded_so_that_the_cloud_reads_the_same(string href, string query, string target)
    {
        await using var server = await TargetServer.StartAsync();

        await server.SendAsync(server.Get(href, query.Split('|', StringSplitOptions.RemoveEmptyEntries)));

        var call = Assert.Single(server.Calls);
        Assert.Equal(("GET", $"/api/v1/devices/{server.Device.Device}{target}"), (call.Method, call.Target));
        Assert.Null(call.ContentType);
    }

    [Theory]
    [InlineData("/light", "x=/subscriptions")]
    [InlineData("/light", "/subscriptions/")]
    [InlineData("/light", "x=1")]
    public async Task What_comes_of_it_is_the_device_s_whatever_a_client_writes_into_the_query(string href, string query)
    {
        await using var server = await TargetServer.StartAsync();

        await server.SendAsync(server.Get(href, query));
        await server.SendAsync(server.Post(href, One) with { Query = [query] });

        Assert.Equal([TargetSubject.Device, TargetSubject.Device], server.Subjects);
    }

    [Theory]
    [InlineData(DeviceMethod.Get, "light")]
    [InlineData(DeviceMethod.Get, "/")]
    [InlineData(DeviceMethod.Get, "/a//b")]
    [InlineData(DeviceMethod.Get, "/a/../../../../oauth")]
    [InlineData(DeviceMethod.Get, "/./a")]
    [InlineData(DeviceMethod.Get, "/a\nb")]
    [InlineData(DeviceMethod.Get, "/light/subscriptions/7")]
    [InlineData(DeviceMethod.Post, "/light/Subscriptions")]
    [InlineData(DeviceMethod.Post, "/subscriptions")]
    public async Task A_path_that_is_no_resources_there_goes_nowhere(DeviceMethod method, string href)
    {
        await using var server = await TargetServer.StartAsync();

        Assert.Equal(404, (await server.SendAsync(new MirroredRequest(server.Device, method, href))).Code);
        Assert.Empty(server.Calls);
    }

    [Theory]
    [InlineData(10000, OcfCbor + ", " + Json + ";q=0.9")]
    [InlineData(60, OcfCbor + ", " + Json + ";q=0.9")]
    [InlineData(50, Json + ", " + OcfCbor + ";q=0.9")]
    public async Task The_client_s_format_is_asked_for_first_and_what_comes_is_in_it(int accept, string header)
    {
        await using var server = await TargetServer.StartAsync();
        server.Answers = call => call.Accept.StartsWith(Json, StringComparison.Ordinal) ? TargetServer.Json("""{"v":1}""") : TargetServer.Cbor("a1617601");

        var answer = await server.SendAsync(server.Get("/light") with { Accept = accept });

        Assert.Equal(header, Assert.Single(server.Calls).Accept);
        Assert.Equal((205, accept), (answer.Code, answer.ContentFormat));
        Assert.Equal(accept == 50 ? """{"v":1}"""u8.ToArray() : One, answer.Payload.ToArray());
    }

    [Fact]
    public async Task An_answer_in_the_other_encoding_is_converted()
    {
        await using var server = await TargetServer.StartAsync();
        server.Answers = _ => TargetServer.Json("""{"v":1}""");
        Assert.Equal(One, (await server.SendAsync(server.Get("/light"))).Payload.ToArray());
        Assert.Equal(60, (await server.SendAsync(server.Get("/light") with { Accept = 60 })).ContentFormat);

        server.Answers = _ => TargetServer.Cbor("a1617601");
        Assert.Equal("""{"v":1}""", Text(await server.SendAsync(server.Get("/light") with { Accept = 50 })));
        // {"v": h'01'}
        server.Answers = _ => TargetServer.Cbor("a161764101");
        Assert.Equal(406, (await server.SendAsync(server.Get("/light") with { Accept = 50 })).Code);
    }

    [Fact]
    public async Task Hrefs_are_as_the_device_says_them()
    {
        await using var server = await TargetServer.StartAsync();
        var id = server.Device.Device;
        server.Answers = _ => TargetServer.Json($$"""[{"href":"/{{id}}/a","rt":["x"]},{"href":"/{{id}}/b","rep":{"href":"/{{id}}/c","n":1} },{"href":"/other","rt":[]}]""");

        Assert.Equal(
            $$"""[{"href":"/a","rt":["x"]},{"href":"/b","rep":{"href":"/{{id}}/c","n":1} },{"href":"/other","rt":[]}]""".Replace(" ", "", StringComparison.Ordinal),
            Text(await server.SendAsync(server.Get("/oic/res") with { Accept = 50 })));
    }

    [Theory]
    [InlineData(null, "{}")]
    [InlineData("text/html", "<html>")]
    [InlineData(Json, "{")]
    [InlineData(OcfCbor, "{")]
    [InlineData(Json, """{"a":1,"a":2}""")]
    public async Task Rubbish_is_5_02(string? type, string body)
    {
        await using var server = await TargetServer.StartAsync();
        server.Answers = _ => Results.Bytes(Encoding.UTF8.GetBytes(body), type);

        Assert.Equal(502, (await server.SendAsync(server.Get("/light"))).Code);
    }

    [Fact]
    public async Task A_POST_tells_in_the_client_s_encoding_and_an_empty_answer_has_no_format()
    {
        await using var server = await TargetServer.StartAsync();

        var answer = await server.SendAsync(server.Post("/light", One, 60));
        await server.SendAsync(server.Post("/light", """{"v":1}"""u8.ToArray(), 50));
        await server.SendAsync(server.Post("/light", []));

        Assert.Equal((204, null, 0), (answer.Code, answer.ContentFormat, answer.Payload.Length));
        Assert.Equal([OcfCbor, Json, null], server.Calls.Select(call => call.ContentType));
        Assert.Equal([Convert.ToHexString(One), Convert.ToHexString("""{"v":1}"""u8), ""], server.Calls.Select(call => Convert.ToHexString(call.Body)));
        Assert.All(server.Calls, call => Assert.Equal("POST", call.Method));
    }

    [Fact]
    public async Task What_was_created_is_at_the_devices_own_path()
    {
        await using var server = await TargetServer.StartAsync();
        server.Answers = _ => Results.Created($"/api/v1/devices/{server.Device.Device}/scenes/7", null);

        var answer = await server.SendAsync(server.Post("/scenes", One) with { Query = ["if=oic.if.create"] });

        Assert.Equal((201, "/scenes/7"), (answer.Code, answer.Location));
    }

    [Fact]
    public async Task After_406_a_GET_is_repeated_once_in_the_other_encoding_which_is_remembered_of_that_cloud()
    {
        await using var server = await TargetServer.StartAsync();
        server.Answers = call => call.Accept == Json ? TargetServer.Json("""{"v":1}""") : Results.StatusCode(406);

        Assert.Equal(One, (await server.SendAsync(server.Get("/light"))).Payload.ToArray());
        Assert.Equal(One, (await server.SendAsync(server.Get("/light"))).Payload.ToArray());
        var elsewhere = server.Device with { LinkedCloud = Guid.NewGuid() };
        await server.SendAsync(new MirroredRequest(elsewhere, DeviceMethod.Get, "/light"));

        Assert.Equal([OcfCbor + ", " + Json + ";q=0.9", Json, Json, OcfCbor + ", " + Json + ";q=0.9", Json], server.Calls.Select(call => call.Accept));
    }

    [Fact]
    public async Task A_406_to_both_is_the_device_s_and_nothing_is_remembered()
    {
        await using var server = await TargetServer.StartAsync();
        server.Answers = _ => Results.StatusCode(406);

        Assert.Equal(406, (await server.SendAsync(server.Get("/light"))).Code);
        Assert.Equal(406, (await server.SendAsync(server.Post("/light", One))).Code);

        Assert.Equal(["GET", "GET", "POST"], server.Calls.Select(call => call.Method));
        Assert.Contains(OcfCbor, server.Calls.Last().Accept, StringComparison.Ordinal);
    }

    [Fact]
    public async Task After_415_a_POST_is_repeated_once_with_its_payload_converted_and_that_is_remembered()
    {
        await using var server = await TargetServer.StartAsync();
        server.Answers = call => call.ContentType == Json ? TargetServer.Json("""{"v":1}""") : Results.StatusCode(415);

        var first = await server.SendAsync(server.Post("/light", One));
        Assert.Equal((204, 10000), (first.Code, first.ContentFormat));
        await server.SendAsync(server.Post("/light", One));

        Assert.Equal([OcfCbor, Json, Json], server.Calls.Select(call => call.ContentType));
        Assert.Equal("""{"v":1}"""u8.ToArray(), server.Calls.Last().Body);
    }

    [Fact]
    public async Task A_415_stays_one_where_the_payload_has_no_other_form()
    {
        await using var server = await TargetServer.StartAsync();
        server.Answers = _ => Results.StatusCode(415);

        Assert.Equal(415, (await server.SendAsync(server.Post("/light", [0xa1, 0x61, 0x76, 0x41, 0x01]))).Code);
        Assert.Single(server.Calls);
    }

    [Fact]
    public async Task The_tag_of_a_representation_passes()
    {
        await using var server = await TargetServer.StartAsync();
        server.Answers = _ => Results.Bytes(One, OcfCbor, entityTag: new Microsoft.Net.Http.Headers.EntityTagHeaderValue("\"0102\"", isWeak: true));
        var answer = await server.SendAsync(server.Get("/light"));

        Assert.Equal<byte>([1, 2], answer.ETag.ToArray());
    }

    [Fact]
    public async Task Without_an_account_nothing_is_asked()
    {
        await using var server = await TargetServer.StartAsync();
        server.Account = null;

        var answer = await server.SendAsync(server.Get("/light"));

        Assert.Equal(502, answer.Code);
        Assert.Contains("link the account again", answer.Diagnostic, StringComparison.Ordinal);
        Assert.Empty(server.Calls);
    }

    private static string Text(DeviceAnswer answer) => Encoding.UTF8.GetString(answer.Payload.Span);
}
