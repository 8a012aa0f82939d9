using OcfCloud.Coap;
using OcfCloud.Core.Devices;
using OcfCloud.DeviceGateway.Resources;

namespace OcfCloud.DeviceGateway.Tests.Resources;

/// <summary>What all of the cloud's resources do with a request's options, before they look at anything else.</summary>
public sealed class SharedOptionTests
{
    private const int UnknownCritical = 2051, UnknownElective = 2052;

    public static TheoryData<string, string> Requests => new()
    {
        { "POST", "/oic/sec/account" },
        { "DELETE", "/oic/sec/account" },
        { "POST", "/oic/sec/session" },
        { "POST", "/oic/sec/tokenrefresh" },
        { "POST", "/oic/rd" },
        { "DELETE", "/oic/rd" },
        { "GET", "/oic/rd" },
        { "GET", "/oic/res" },
    };

    public static TheoryData<string, string> WrongMethods => new()
    {
        { "GET", "/oic/sec/account" },
        { "PUT", "/oic/sec/account" },
        { "GET", "/oic/sec/session" },
        { "DELETE", "/oic/sec/session" },
        { "GET", "/oic/sec/tokenrefresh" },
        { "PUT", "/oic/rd" },
        { "FETCH", "/oic/rd" },
        { "POST", "/oic/res" },
        { "DELETE", "/oic/res" },
        { "iPATCH", "/oic/res" },
    };

    [Theory]
    [MemberData(nameof(Requests))]
    public async Task A_critical_option_that_is_not_known_is_4_02(string method, string path)
    {
        var diagnostic = await RefusalAsync(method, path, CoapCode.BadOption, request => request.Options.Add(UnknownCritical, ReadOnlyMemory<byte>.Empty));
        Assert.Contains("2051", diagnostic, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Requests))]
    public async Task A_precondition_is_a_critical_option_that_is_not_known(string method, string path)
    {
        await RefusalAsync(method, path, CoapCode.BadOption, request => request.Options.Add(CoapOptionNumber.IfNoneMatch, ReadOnlyMemory<byte>.Empty));
        await RefusalAsync(method, path, CoapCode.BadOption, request => request.Options.Add(CoapOptionNumber.IfMatch, new byte[] { 1 }));
    }

    [Theory]
    [MemberData(nameof(Requests))]
    public async Task A_proxy_option_is_5_05(string method, string path) =>
        await RefusalAsync(method, path, CoapCode.ProxyingNotSupported, request => request.Options.Add(CoapOptionNumber.ProxyUri, "coap://elsewhere"));

    [Theory]
    [MemberData(nameof(Requests))]
    public async Task Accept_of_another_format_is_4_06(string method, string path)
    {
        await RefusalAsync(method, path, CoapCode.NotAcceptable, request => request.Options.Add(CoapOptionNumber.Accept, CoapContentFormat.LinkFormat));
        await RefusalAsync(method, path, CoapCode.NotAcceptable, request => request.Options.Add(CoapOptionNumber.Accept, CoapContentFormat.TextPlain));
    }

    [Theory]
    [MemberData(nameof(Requests))]
    public async Task Accept_twice_or_too_long_is_4_02(string method, string path)
    {
        await RefusalAsync(method, path, CoapCode.BadOption, request => request.WithOption(CoapOptionNumber.Accept, 60).WithOption(CoapOptionNumber.Accept, 60));
        await RefusalAsync(method, path, CoapCode.BadOption, request => request.Options.Add(CoapOptionNumber.Accept, new byte[] { 1, 2, 3, 4, 5 }));
    }

    [Theory]
    [MemberData(nameof(Requests))]
    public async Task An_interface_that_the_resource_has_not_is_4_00(string method, string path) =>
        await RefusalAsync(
            method, path, CoapCode.BadRequest, request => request.Options.Add(CoapOptionNumber.UriQuery, path == "/oic/res" ? "if=oic.if.b" : "if=oic.if.ll"));

    [Theory]
    [InlineData("/oic/sec/account")]
    [InlineData("/oic/sec/session")]
    [InlineData("/oic/sec/tokenrefresh")]
    [InlineData("/oic/rd")]
    public async Task A_body_of_another_format_is_4_15(string path)
    {
        foreach (var format in new[] { CoapContentFormat.TextPlain, CoapContentFormat.OctetStream, 65_000, 10_001 })
            await RefusalAsync("POST", path, CoapCode.UnsupportedContentFormat, request => request.WithPayload(Cbor.Encode(new Fields()), format));
    }

    [Theory]
    [InlineData("/oic/sec/account")]
    [InlineData("/oic/sec/session")]
    [InlineData("/oic/sec/tokenrefresh")]
    [InlineData("/oic/rd")]
    public async Task Of_several_faults_the_first_in_order_is_answered(string path)
    {
        var faults = new (CoapCode Code, Action<CoapMessage> Spoil)[]
        {
            (CoapCode.UnsupportedContentFormat, request => request.WithPayload(new byte[] { 0xff }, CoapContentFormat.TextPlain)),
            (CoapCode.BadRequest, request => request.Options.Add(CoapOptionNumber.UriQuery, "if=oic.if.a")),
            (CoapCode.NotAcceptable, request => request.WithOption(CoapOptionNumber.Accept, 0)),
            (CoapCode.BadOption, request => request.Options.Add(UnknownCritical, ReadOnlyMemory<byte>.Empty)),
        };
        for (var i = 0; i < faults.Length; i++)
        {
            await RefusalAsync("POST", path, faults[i].Code, request =>
            {
                foreach (var (_, spoil) in faults[..(i + 1)]) spoil(request);
            });
        }
    }

    [Theory]
    [MemberData(nameof(WrongMethods))]
    public async Task Another_method_is_not_the_resources(string method, string path)
    {
        await using var room = await GatewayRoom.OpenAsync();
        var request = CoapMessage.Request(MethodOf(method), path);
        Assert.False(room.Find(request)!.Allows(request.Code));
    }

    [Theory]
    [InlineData("/")]
    [InlineData("/oic")]
    [InlineData("/oic/sec")]
    [InlineData("/oic/sec/roles")]
    [InlineData("/oic/sec/account/more")]
    [InlineData("/oic/account")]
    [InlineData("/oic/res/more")]
    [InlineData("/OIC/RES")]
    [InlineData("/sec/account")]
    public async Task Other_paths_are_not_the_clouds(string path)
    {
        await using var room = await GatewayRoom.OpenAsync();
        Assert.Null(room.Find(CoapMessage.Request(CoapCode.Get, path)));
    }

    [Fact]
    public async Task Finding_a_resource_allocates_nothing()
    {
        await using var room = await GatewayRoom.OpenAsync();
        var bytes = CoapMessage.Request(CoapCode.Post, "/oic/sec/tokenrefresh?if=oic.if.baseline").ToBytes();
        CoapFrameReader.Read(bytes, bytes.Length, out var frame, out _);
        var found = room.Resources.Find(frame.ReadOptions());

        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 100; i++) found = room.Resources.Find(frame.ReadOptions());
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
        Assert.NotNull(found);
    }

    [Fact]
    public async Task Options_of_OCF_and_those_that_may_be_ignored_are_no_fault()
    {
        await using var room = await GatewayRoom.OpenAsync();
        var (caller, _) = await room.SignInAsync(UserId.New(), DeviceId.New());
        var request = CoapMessage.Request(CoapCode.Get, "/oic/rd?if=oic.if.baseline&x=y&z");
        request.Options.Add(CoapOptionNumber.UriHost, "cloud");
        request.Options.Add(CoapOptionNumber.UriPort, 5684);
        request.Options.Add(CoapOptionNumber.OcfAcceptContentFormatVersion, 2048);
        request.Options.Add(CoapOptionNumber.OcfContentFormatVersion, 2048);
        request.Options.Add(UnknownElective, new byte[] { 1 });

        var answer = await room.AskAsync(caller, request);

        Assert.Equal(CoapCode.Content, answer.Message.Code);
    }

    [Theory]
    [InlineData(null, 10000)]
    [InlineData(10000, 10000)]
    [InlineData(60, 60)]
    public async Task The_answer_has_the_format_that_was_asked_for(int? accept, int format)
    {
        await using var room = await GatewayRoom.OpenAsync();
        var (caller, _) = await room.SignInAsync(UserId.New(), DeviceId.New());
        var request = CoapMessage.Request(CoapCode.Get, "/oic/rd");
        if (accept is { } asked) request.WithOption(CoapOptionNumber.Accept, (uint)asked);

        var answer = (await room.AskAsync(caller, request)).Message;

        Assert.Equal(format, answer.ContentFormat);
        Assert.Equal(["rt", "if", "sel"], Cbor.DecodeMap(answer.Payload).Keys);
    }

    [Fact]
    public async Task The_answer_can_be_JSON()
    {
        await using var room = await GatewayRoom.OpenAsync();
        var (caller, _) = await room.SignInAsync(UserId.New(), DeviceId.New());

        var answer = (await room.AskAsync(caller, CoapMessage.Request(CoapCode.Get, "/oic/rd").WithOption(CoapOptionNumber.Accept, 50))).Message;

        Assert.Equal(50, answer.ContentFormat);
        Assert.Equal("""{"rt":["oic.wk.rd"],"if":["oic.if.baseline"],"sel":0}""", answer.Diagnostic);
    }

    private static async Task<string> RefusalAsync(string method, string path, CoapCode expected, Action<CoapMessage> spoil)
    {
        await using var room = await GatewayRoom.OpenAsync();
        var (caller, _) = await room.SignInAsync(UserId.New(), DeviceId.New());
        var request = CoapMessage.Request(MethodOf(method), path);
        spoil(request);

        ResourceAnswer answer = await room.AskAsync(caller, request);

        Assert.Equal(expected, answer.Message.Code);
        // Field: a diagnostic with a format makes a device drop the connection.
        Assert.Null(answer.Message.ContentFormat);
        Assert.NotEmpty(answer.Message.Diagnostic);
        Assert.Equal(path == "/oic/sec/account" && method == "POST", answer.ClosesConnection);
        return answer.Message.Diagnostic;
    }

    private static CoapCode MethodOf(string name) => name switch
    {
        "GET" => CoapCode.Get,
        "POST" => CoapCode.Post,
        "PUT" => CoapCode.Put,
        "DELETE" => CoapCode.Delete,
        "FETCH" => CoapCode.Fetch,
        _ => CoapCode.IPatch,
    };
}
