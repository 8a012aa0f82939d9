using System.Net;
using System.Net.Http.Json;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using OcfCloud.Core.Storage;
using OcfCloud.Onvif.Cameras;
using OcfCloud.Onvif.Operation;
using OcfCloud.Onvif.Soap;
using OcfCloud.Onvif.Tests.Support;
using OcfCloud.Testing;

namespace OcfCloud.Onvif.Tests.Enrolment;

public sealed class CameraApiTests(PostgreSqlFixture postgreSql)
{
    private readonly FakeCameraCalls _calls = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(StoreProvider.Sqlite)]
    [InlineData(StoreProvider.PostgreSql)]
    public async Task An_enrolled_camera_waits_in_its_owners_list_and_in_nobody_elses(StoreProvider provider)
    {
        await using var host = await StartAsync(provider);
        using var owner = await host.CallerAsync("anna");
        using var other = await host.CallerAsync("bert");
        using var camera = CameraIdentity.Make();

        using var answer = await EnrolAsync(owner, camera.Request);
        var enrolled = await answer.Content.ReadFromJsonAsync<JsonElement>(Cancellation);

        Assert.Equal(HttpStatusCode.Created, answer.StatusCode);
        var id = enrolled.GetProperty("id").GetString();
        Assert.Equal($"/api/v1/cameras/{id}", answer.Headers.Location!.OriginalString);
        Assert.Equal($"{OnvifHost.PublicUrl}/.well-known/openid-configuration", enrolled.GetProperty("serverUri").GetString());
        Assert.Equal("onvif.uplink", enrolled.GetProperty("scope").GetString());
        Assert.Equal(["https://cloud.test:8444/onvif/uplink", "wss://cloud.test:8444/onvif/uplink"], enrolled.GetProperty("uplinks").EnumerateArray().Select(uplink => uplink.GetString()));
        using var anchor = X509Certificate2.CreateFromPem(Assert.Single(enrolled.GetProperty("trustAnchors").EnumerateArray().ToArray()).GetString());
        Assert.Equal("CN=cloud.test", anchor.Subject);

        var shown = await owner.GetFromJsonAsync<JsonElement>($"/api/v1/cameras/{id}", Cancellation);
        Assert.Equal(["id", "clientId", "manufacturer", "model", "serialNumber", "firmwareVersion", "status", "reason", "connection"], shown.EnumerateObject().Select(member => member.Name));
        Assert.Equal("waiting", shown.GetProperty("status").GetString());
        Assert.Equal(enrolled.GetProperty("clientId").GetString(), shown.GetProperty("clientId").GetString());
        Assert.Equal(JsonValueKind.Null, shown.GetProperty("connection").ValueKind);
        Assert.Single((await owner.GetFromJsonAsync<JsonElement>("/api/v1/cameras", Cancellation)).EnumerateArray().ToArray());
        Assert.Empty((await other.GetFromJsonAsync<JsonElement>("/api/v1/cameras", Cancellation)).EnumerateArray().ToArray());
        foreach (var request in new[] { HttpMethod.Get, HttpMethod.Delete })
        {
            Assert.Equal(HttpStatusCode.NotFound, await StatusAsync(other, request, $"/api/v1/cameras/{id}"));
            Assert.Equal(HttpStatusCode.NotFound, await StatusAsync(owner, request, "/api/v1/cameras/nonsense"));
        }

        Assert.Equal(HttpStatusCode.NotFound, await StatusAsync(other, HttpMethod.Post, $"/api/v1/cameras/{id}/information"));
        Assert.Equal(HttpStatusCode.NoContent, await StatusAsync(owner, HttpMethod.Delete, $"/api/v1/cameras/{id}"));
        Assert.Equal(HttpStatusCode.NotFound, await StatusAsync(owner, HttpMethod.Get, $"/api/v1/cameras/{id}"));

        // The key is free again.
        using var again = await EnrolAsync(other, camera.Request);
        Assert.Equal(HttpStatusCode.Created, again.StatusCode);
    }

    [Fact]
    public async Task The_newest_uplink_is_a_cameras_connection()
    {
        await using var host = await StartAsync();
        using var owner = await host.CallerAsync("anna");
        var id = await AddCameraAsync(host, owner, CameraState.Active);
        await host.Store.WriteAsync(
            (context, _) =>
            {
                context.Add(new CameraUplink { CameraId = id, Kind = UplinkKind.Https, Since = host.Time.GetUtcNow() });
                context.Add(new CameraUplink { CameraId = id, Kind = UplinkKind.Wss, Since = host.Time.GetUtcNow().AddMinutes(1) });
                return Task.CompletedTask;
            },
            Cancellation);

        var shown = await owner.GetFromJsonAsync<JsonElement>($"/api/v1/cameras/{id}", Cancellation);

        Assert.Equal("online", shown.GetProperty("status").GetString());
        Assert.Equal("wss", shown.GetProperty("connection").GetProperty("kind").GetString());
        Assert.Equal(host.Time.GetUtcNow().AddMinutes(1), shown.GetProperty("connection").GetProperty("since").GetDateTimeOffset());
    }

    [Fact]
    public async Task What_is_no_good_request_is_refused_with_the_reason()
    {
        await using var host = await StartAsync();
        using var owner = await host.CallerAsync("anna");
        using var camera = CameraIdentity.Make();
        using var small = CameraIdentity.MakeRsa(2048);
        var broken = camera.Request;
        broken[^1] ^= 1;
        string[] bad =
        [
            "",
            "{",
            "[]",
            "\"csr\"",
            "{}",
            """{"csr": 1}""",
            """{"csr": ""}""",
            """{"csr": "a", "csr": "b"}""",
            """{"csr": "no base64!"}""",
            $$"""{"csr": "{{new string('A', 30_000)}}"}""",
            $$"""{"csr": "{{Convert.ToBase64String(Encoding.ASCII.GetBytes("no DER"))}}"}""",
            $$"""{"csr": "{{Convert.ToBase64String(broken)}}"}""",
            $$"""{"csr": "{{Convert.ToBase64String(small.Request)}}"}""",
        ];

        foreach (var body in bad)
        {
            using var answer = await owner.PostAsync(Cameras, new StringContent(body, Encoding.UTF8, "application/json"), Cancellation);
            Assert.True(answer.StatusCode == HttpStatusCode.BadRequest, body);
            Assert.Equal("application/problem+json", answer.Content.Headers.ContentType!.MediaType);
            Assert.NotEmpty((await answer.Content.ReadFromJsonAsync<JsonElement>(Cancellation)).GetProperty("detail").GetString()!);
        }

        using var text = await owner.PostAsync(Cameras, new StringContent("csr", Encoding.UTF8, "text/plain"), Cancellation);
        Assert.Equal(HttpStatusCode.UnsupportedMediaType, text.StatusCode);
        using var large = await owner.PostAsync(Cameras, new StringContent(new string(' ', OnvifHost.MaxRequestBodySize + 1), Encoding.UTF8, "application/json"), Cancellation);
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, large.StatusCode);

        // Members that nobody here knows do no harm.
        using var good = await owner.PostAsJsonAsync("/api/v1/cameras", new { csr = Convert.ToBase64String(camera.Request), name = "Door" }, Cancellation);
        Assert.Equal(HttpStatusCode.Created, good.StatusCode);
    }

    [Fact]
    public async Task A_key_that_is_another_cameras_is_refused_and_an_account_fills_up()
    {
        await using var host = await StartAsync(configure: services => services.Configure<OnvifOptions>(options => options.MaxCamerasPerUser = 1));
        using var owner = await host.CallerAsync("anna");
        using var other = await host.CallerAsync("bert");
        using var camera = CameraIdentity.Make();
        using var second = CameraIdentity.Make();
        await camera.EnrolAsync(owner);

        using var cloned = await EnrolAsync(other, camera.Request);
        using var full = await EnrolAsync(owner, second.Request);

        Assert.Equal(HttpStatusCode.Conflict, cloned.StatusCode);
        Assert.Equal(HttpStatusCode.Conflict, full.StatusCode);
        Assert.Contains("no more fit in", (await full.Content.ReadFromJsonAsync<JsonElement>(Cancellation)).GetProperty("detail").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_api_is_for_tokens_with_its_scope()
    {
        await using var host = await StartAsync();
        var user = await host.AddUserAsync("anna");
        using var peer = host.As(await host.TokenAsync(user, "r:* w:* mediator"));

        Assert.Equal(HttpStatusCode.Unauthorized, await StatusAsync(host.Http, HttpMethod.Get, "/api/v1/cameras"));
        Assert.Equal(HttpStatusCode.Forbidden, await StatusAsync(peer, HttpMethod.Get, "/api/v1/cameras"));
    }

    [Fact]
    public async Task A_camera_is_asked_who_it_is()
    {
        await using var host = await StartAsync();
        using var owner = await host.CallerAsync("anna");
        var id = await AddCameraAsync(host, owner, CameraState.Waiting);
        _calls.Information = CallAnswer<DeviceInformation>.Done(new DeviceInformation("Acme", "AC-2000", "4.2.1", new string('9', 300), "7B1"));

        using var answer = await owner.PostAsync(new Uri($"/api/v1/cameras/{id}/information", UriKind.Relative), null, Cancellation);
        var shown = await answer.Content.ReadFromJsonAsync<JsonElement>(Cancellation);

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal(("Acme", "AC-2000", "4.2.1"), (shown.GetProperty("manufacturer").GetString(), shown.GetProperty("model").GetString(), shown.GetProperty("firmwareVersion").GetString()));
        Assert.Equal(Camera.MaxTextLength, shown.GetProperty("serialNumber").GetString()!.Length);
        Assert.Equal("offline", shown.GetProperty("status").GetString());
    }

    [Theory]
    [InlineData(StoreProvider.Sqlite, "00408CFA1234", "offline", IncomingShareState.Connected)]
    [InlineData(StoreProvider.PostgreSql, "another", "quarantined", IncomingShareState.Quarantined)]
    public async Task A_camera_that_is_asked_before_its_uplink_did_is_compared_with_what_was_promised(StoreProvider provider, string promised, string status, IncomingShareState state)
    {
        await using var host = await StartAsync(provider);
        using var owner = await host.CallerAsync("anna");
        var share = await AddShareAsync(host, owner, promised);
        _calls.Information = CallAnswer<DeviceInformation>.Done(new DeviceInformation("Acme", "AC-2000", "4.2.1", "00408CFA1234", "7B1"));

        using var answer = await owner.PostAsync(new Uri($"/api/v1/cameras/{share.CameraId}/information", UriKind.Relative), null, Cancellation);
        var shown = await answer.Content.ReadFromJsonAsync<JsonElement>(Cancellation);

        Assert.Equal((HttpStatusCode.OK, status, "00408CFA1234"), (answer.StatusCode, shown.GetProperty("status").GetString(), shown.GetProperty("serialNumber").GetString()));
        var row = await host.Store.ReadAsync((context, token) => context.Set<IncomingShare>().SingleAsync(one => one.Id == share.Id, token), Cancellation);
        Assert.Equal((state, row.Reason), (row.State, shown.GetProperty("reason").GetString()));
    }

    [Fact]
    public async Task A_camera_of_a_share_that_is_gone_is_quarantined()
    {
        await using var host = await StartAsync();
        using var owner = await host.CallerAsync("anna");
        var share = await AddShareAsync(host, owner, "00408CFA1234");
        await host.Store.WriteAsync((context, token) => context.Set<IncomingShare>().ExecuteDeleteAsync(token), Cancellation);
        _calls.Information = CallAnswer<DeviceInformation>.Done(new DeviceInformation("Acme", "AC-2000", "4.2.1", "00408CFA1234", "7B1"));

        using var answer = await owner.PostAsync(new Uri($"/api/v1/cameras/{share.CameraId}/information", UriKind.Relative), null, Cancellation);

        var shown = await answer.Content.ReadFromJsonAsync<JsonElement>(Cancellation);
        Assert.Equal("quarantined", shown.GetProperty("status").GetString());
        Assert.Contains("not known any more", shown.GetProperty("reason").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Another_camera_behind_the_same_key_is_quarantined_and_the_first_ones_name_stays()
    {
        await using var host = await StartAsync();
        using var owner = await host.CallerAsync("anna");
        var id = await AddCameraAsync(host, owner, CameraState.Waiting);
        var path = new Uri($"/api/v1/cameras/{id}/information", UriKind.Relative);
        var said = new DeviceInformation("Acme", "AC-2000", "4.2.1", new string('9', 300), "7B1");
        _calls.Information = CallAnswer<DeviceInformation>.Done(said);
        (await owner.PostAsync(path, null, Cancellation)).Dispose();

        // What is cut is compared as it is cut, and firmware is no name.
        _calls.Information = CallAnswer<DeviceInformation>.Done(said with { FirmwareVersion = "4.3.0" });
        using var same = await owner.PostAsync(path, null, Cancellation);
        var known = await same.Content.ReadFromJsonAsync<JsonElement>(Cancellation);
        Assert.Equal(("offline", "4.3.0"), (known.GetProperty("status").GetString(), known.GetProperty("firmwareVersion").GetString()));

        _calls.Information = CallAnswer<DeviceInformation>.Done(said with { Model = "ac-2000", SerialNumber = "1" });
        using var other = await owner.PostAsync(path, null, Cancellation);
        var shown = await other.Content.ReadFromJsonAsync<JsonElement>(Cancellation);
        Assert.Equal(("quarantined", "AC-2000"), (shown.GetProperty("status").GetString(), shown.GetProperty("model").GetString()));
        Assert.Equal("The camera says that it is another one than before: its model, serial number differs.", shown.GetProperty("reason").GetString());
    }

    [Fact]
    public async Task Without_an_uplink_endpoint_nothing_is_enrolled_and_nothing_asked_for()
    {
        await using var host = await StartAsync(configure: services => services.Configure<OnvifOptions>(options => options.PublicUplink = ""));
        using var owner = await host.CallerAsync("anna");
        using var camera = CameraIdentity.Make();

        using var enrolled = await EnrolAsync(owner, camera.Request);
        using var asked = await owner.PostAsJsonAsync("/api/v1/incoming-shares", new { shareToken = "a.b.c" }, Cancellation);

        foreach (var answer in new[] { enrolled, asked })
        {
            Assert.Equal(HttpStatusCode.Conflict, answer.StatusCode);
            Assert.Contains("uplink endpoint is off", (await answer.Content.ReadFromJsonAsync<JsonElement>(Cancellation)).GetProperty("detail").GetString(), StringComparison.Ordinal);
        }

        var metadata = await host.Http.GetFromJsonAsync<JsonElement>("/.well-known/openid-configuration", Cancellation);
        Assert.False(metadata.TryGetProperty("mtls_endpoint_aliases", out _));
    }

    [Theory]
    [InlineData(CallOutcome.Offline, HttpStatusCode.ServiceUnavailable)]
    [InlineData(CallOutcome.NoAnswer, HttpStatusCode.GatewayTimeout)]
    [InlineData(CallOutcome.Unreadable, HttpStatusCode.BadGateway)]
    [InlineData(CallOutcome.Fault, HttpStatusCode.Conflict)]
    public async Task A_camera_that_does_not_do_it_is_told_apart(CallOutcome outcome, HttpStatusCode status)
    {
        await using var host = await StartAsync();
        using var owner = await host.CallerAsync("anna");
        var id = await AddCameraAsync(host, owner, CameraState.Active);
        var fault = new SoapFault(true, ["NotAuthorized"], "Administrators alone.");
        _calls.Information = outcome == CallOutcome.Fault ? CallAnswer<DeviceInformation>.Faulty(fault) : CallAnswer<DeviceInformation>.Without(outcome);
        _calls.Upgrade = outcome == CallOutcome.Fault ? CallAnswer<string>.Faulty(fault) : CallAnswer<string>.Without(outcome);

        Assert.Equal(status, await StatusAsync(owner, HttpMethod.Post, $"/api/v1/cameras/{id}/information"));
        using var upgrade = await owner.PostAsJsonAsync($"/api/v1/cameras/{id}/firmware", new { version = "4.3.0" }, Cancellation);
        Assert.Equal(status, upgrade.StatusCode);
        if (outcome == CallOutcome.Fault) Assert.Contains("Administrators alone.", await upgrade.Content.ReadAsStringAsync(Cancellation), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_camera_upgrades_its_firmware_only_where_it_is_the_owners_and_known()
    {
        await using var host = await StartAsync();
        using var owner = await host.CallerAsync("anna");
        var good = await AddCameraAsync(host, owner, CameraState.Active);
        _calls.Upgrade = CallAnswer<string>.Done("PT3M");

        using var answer = await owner.PostAsJsonAsync($"/api/v1/cameras/{good}/firmware", new { version = "4.3.0" }, Cancellation);
        using var nothing = await owner.PostAsJsonAsync($"/api/v1/cameras/{good}/firmware", new { version = "" }, Cancellation);

        Assert.Equal("""{"expectedDownTime":"PT3M"}""", await answer.Content.ReadAsStringAsync(Cancellation));
        Assert.Equal(HttpStatusCode.BadRequest, nothing.StatusCode);
        foreach (var (state, words) in new[] { (CameraState.Quarantined, "is quarantined"), (CameraState.Transferred, "transferred to another cloud"), (CameraState.Waiting, "not said yet who it is") })
        {
            using var refused = await owner.PostAsJsonAsync($"/api/v1/cameras/{await AddCameraAsync(host, owner, state)}/firmware", new { version = "4.3.0" }, Cancellation);
            Assert.Equal(HttpStatusCode.Conflict, refused.StatusCode);
            Assert.Contains(words, await refused.Content.ReadAsStringAsync(Cancellation), StringComparison.Ordinal);
        }

        Assert.Equal([(good, "4.3.0")], _calls.Upgrades);
    }

    private static Uri Cameras { get; } = new("/api/v1/cameras", UriKind.Relative);

    private Task<OnvifHost> StartAsync(StoreProvider provider = StoreProvider.Sqlite, Action<IServiceCollection>? configure = null) => OnvifHost.StartAsync(
        provider,
        postgreSql,
        services =>
        {
            services.AddSingleton<ICameraCalls>(_calls);
            configure?.Invoke(services);
        });

    private static Task<HttpResponseMessage> EnrolAsync(HttpClient owner, byte[] request) =>
        owner.PostAsJsonAsync("/api/v1/cameras", new { csr = Convert.ToBase64String(request) }, Cancellation);

    /// <summary>A camera that waits, with the share that brought it.</summary>
    private static async Task<IncomingShare> AddShareAsync(OnvifHost host, HttpClient owner, string serialNumber)
    {
        using var identity = CameraIdentity.Make();
        var client = await identity.EnrolAsync(owner);
        return await host.Store.WriteAsync(
            async (context, token) =>
            {
                var enrolled = await context.Set<Camera>().SingleAsync(one => one.ClientId == client, token);
                var id = Guid.NewGuid();
                context.Remove(enrolled);
                await context.SaveChangesAsync(token);
                var camera = new Camera { Id = Guid.NewGuid(), UserId = enrolled.UserId, ClientId = client, IncomingShareId = id, CreatedAt = enrolled.CreatedAt };
                var share = new IncomingShare
                {
                    Id = id,
                    UserId = camera.UserId,
                    State = IncomingShareState.Completed,
                    Xaddr = "https://pcs.example",
                    Manufacturer = "Acme",
                    Model = "AC-2000",
                    SerialNumber = serialNumber,
                    Token = [],
                    TokenHash = [1],
                    Nonce = [],
                    NonceHash = id.ToByteArray(),
                    ClientId = client,
                    CameraId = camera.Id,
                    DeadlineAt = host.Time.GetUtcNow().AddDays(7),
                };
                context.Add(camera);
                context.Add(share);
                return share;
            },
            Cancellation);
    }

    private static async Task<Guid> AddCameraAsync(OnvifHost host, HttpClient owner, CameraState state)
    {
        using var camera = CameraIdentity.Make();
        var client = await camera.EnrolAsync(owner);
        return await host.Store.WriteAsync(
            async (context, token) =>
            {
                var row = await context.Set<Camera>().SingleAsync(one => one.ClientId == client, token);
                row.State = state;
                return row.Id;
            },
            Cancellation);
    }

    private static async Task<HttpStatusCode> StatusAsync(HttpClient client, HttpMethod method, string path)
    {
        using var request = new HttpRequestMessage(method, path);
        using var answer = await client.SendAsync(request, Cancellation);
        return answer.StatusCode;
    }
}
