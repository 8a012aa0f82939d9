using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using OcfCloud.Core.Devices;
using OcfCloud.Core.Subscriptions;

namespace OcfCloud.CloudLinking.Tests.Synchronisation.Support;

/// <summary>Another cloud on a real port: devices, subscriptions, and events when the test says so.</summary>
internal sealed class TargetCloud : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly TimeProvider _time;
    private readonly HttpClient _http = new();
    private readonly ConcurrentQueue<string> _requests = new();
    private readonly ConcurrentDictionary<DeviceId, JsonObject> _devices = new();
    private readonly ConcurrentDictionary<string, TargetSubscription> _subscriptions = new();

    private TargetCloud(WebApplication app, TimeProvider time) => (_app, _time) = (app, time);

    public string Url => _app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single();

    /// <summary>What was asked: "GET /api/v1/devices".</summary>
    public IReadOnlyList<string> Requests => [.. _requests];

    /// <summary>Subscriptions that live there.</summary>
    public IReadOnlyCollection<TargetSubscription> Subscriptions => [.. _subscriptions.Values];

    public TargetSubscription OfAll => Subscriptions.Single(s => s.Path == "/api/v1/devices/subscriptions");

    /// <summary>Answers in the target's stead where it returns true.</summary>
    public Func<HttpContext, Task<bool>>? Instead { get; set; }

    /// <summary>Called with a subscription before its 201 is sent.</summary>
    public Func<TargetSubscription, Task>? BeforeAnswer { get; set; }

    public static async Task<TargetCloud> StartAsync(TimeProvider time)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        var app = builder.Build();
        var target = new TargetCloud(app, time);
        app.Run(target.AnswerAsync);
        await app.StartAsync(TestContext.Current.CancellationToken);
        return target;
    }

    public TargetSubscription Of(DeviceId device, string href = "") => Subscriptions.Single(s => s.Path == $"/api/v1/devices/{device}{href}/subscriptions");

    public DeviceId AddDevice(string name = "light", string status = "online", params string[] hrefs)
    {
        var device = DeviceId.New();
        _devices[device] = new JsonObject
        {
            ["device"] = new JsonObject { ["di"] = device.ToString(), ["n"] = name, ["rt"] = new JsonArray("oic.wk.d", "oic.d.light"), ["dmn"] = new JsonArray() },
            ["status"] = status,
            ["links"] = new JsonArray([.. hrefs.Select(href => Link(device, href))]),
        };
        return device;
    }

    public void Change(DeviceId device, Action<JsonObject> change) => change(_devices[device]);

    public void RemoveDevice(DeviceId device) => _devices.TryRemove(device, out _);

    /// <summary>Forgets one or all subscriptions, without a word.</summary>
    public void Forget(TargetSubscription? one = null)
    {
        if (one is null) _subscriptions.Clear();
        else _subscriptions.TryRemove(one.Id, out _);
    }

    public static JsonObject Link(DeviceId device, string href) => new()
    {
        ["href"] = $"/{device}{href}",
        ["rt"] = new JsonArray("oic.r.switch.binary"),
        ["if"] = new JsonArray("oic.if.a"),
        ["p"] = new JsonObject { ["bm"] = 3 },
    };

    public static JsonArray Links(DeviceId device, params string[] hrefs) => new([.. hrefs.Select(href => Link(device, href))]);

    public static JsonArray Dis(params DeviceId[] devices) => new([.. devices.Select(device => new JsonObject { ["di"] = device.ToString() })]);

    /// <summary>Sends an event; the next one, or one of that number.</summary>
    public async Task<HttpStatusCode> TellAsync(TargetSubscription to, string eventType, JsonNode? body, long? number = null)
    {
        var sequence = number ?? to.Next;
        to.Next = sequence + 1;
        var bytes = body is null ? [] : Encoding.UTF8.GetBytes(body.ToJsonString());
        using var answer = await SendAsync(to, eventType, sequence, bytes, body is null ? null : "application/json");
        return answer.StatusCode;
    }

    /// <summary>Sends an event as it is said.</summary>
    public async Task<HttpResponseMessage> SendAsync(
        TargetSubscription to, string eventType, long sequence, byte[] body, string? contentType, DateTimeOffset? at = null, Action<HttpRequestMessage>? change = null)
    {
        var timestamp = (at ?? _time.GetUtcNow()).ToUnixTimeSeconds();
        using var request = new HttpRequestMessage(HttpMethod.Post, to.EventsUrl) { Content = new ByteArrayContent(body) };
        if (contentType is not null) request.Content.Headers.TryAddWithoutValidation("Content-Type", contentType);
        request.Headers.Add("Event-Type", eventType);
        request.Headers.Add("Subscription-ID", to.Id);
        request.Headers.Add("Sequence-Number", sequence.ToString(CultureInfo.InvariantCulture));
        request.Headers.Add("Event-Timestamp", timestamp.ToString(CultureInfo.InvariantCulture));
        request.Headers.Add("Event-Signature", EventSignature.Of(to.Secret, contentType, eventType, to.Id, sequence, timestamp, body));
        change?.Invoke(request);
        return await _http.SendAsync(request, TestContext.Current.CancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        await _app.DisposeAsync();
    }

    private async Task AnswerAsync(HttpContext context)
    {
        var path = context.Request.Path.Value!;
        _requests.Enqueue($"{context.Request.Method} {path}");
        if (Instead is { } instead && await instead(context)) return;
        if (path.EndsWith("/subscriptions", StringComparison.Ordinal) && context.Request.Method == "POST") await SubscribeAsync(context, path);
        else if (context.Request.Method == "DELETE") context.Response.StatusCode = _subscriptions.TryRemove(path[(path.LastIndexOf('/') + 1)..], out _) ? 202 : 404;
        else if (path == "/api/v1/devices") await WriteAsync(context, 200, new JsonArray([.. _devices.Values.Select(device => device.DeepClone())]));
        else if (DeviceId.TryParse(path[(path.LastIndexOf('/') + 1)..], out var id) && _devices.TryGetValue(id, out var device)) await WriteAsync(context, 200, device);
        else context.Response.StatusCode = 404;
    }

    private async Task SubscribeAsync(HttpContext context, string path)
    {
        var di = path.Split('/')[4];
        if (di != "subscriptions" && (!DeviceId.TryParse(di, out var device) || !_devices.ContainsKey(device)))
        {
            context.Response.StatusCode = 404;
            return;
        }
        using var body = await JsonDocument.ParseAsync(context.Request.Body);
        var json = body.RootElement;
        var subscription = new TargetSubscription
        {
            Id = Guid.NewGuid().ToString(),
            Path = path,
            EventsUrl = json.GetProperty("eventsUrl").GetString()!,
            EventTypes = [.. json.GetProperty("eventTypes").EnumerateArray().Select(type => type.GetString()!)],
            Secret = json.GetProperty("signingSecret").GetString()!,
        };
        _subscriptions[subscription.Id] = subscription;
        if (BeforeAnswer is { } before) await before(subscription);
        await WriteAsync(context, 201, new JsonObject { ["subscriptionId"] = subscription.Id });
    }

    public static Task WriteAsync(HttpContext context, int status, JsonNode body)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = "application/json";
        return context.Response.WriteAsync(body.ToJsonString());
    }
}
