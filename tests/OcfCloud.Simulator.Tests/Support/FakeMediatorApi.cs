using System.Collections.Concurrent;
using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using OcfCloud.Simulator.DataFiles;
using OcfCloud.Simulator.Tests.LogIn;

namespace OcfCloud.Simulator.Tests.Support;

/// <summary>The mediator API of a <see cref="FakeCloud"/>, over HTTPS with a certificate of the cloud's CA.</summary>
internal sealed class FakeMediatorApi : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly FakeCloud _cloud;
    private readonly X509Certificate2 _certificate;
    private int _issued;

    private FakeMediatorApi(FakeCloud cloud, DataDirectory data)
    {
        _cloud = cloud;
        _certificate = IssueServer(data);
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrelHttpsConfiguration();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0, listen => listen.UseHttps(_certificate)));
        _app = builder.Build();
        _app.MapPost("/mediator/v1/device-tokens", (Func<HttpContext, Task<IResult>>)IssueAsync);
        _app.MapPost("/mediator/v1/registrations", (HttpContext context) => Authorized(context, "user-token", () => Registration("mediator-access-1")));
        _app.MapPost("/mediator/v1/tokenrefresh", () => Results.Json(Registration("mediator-access-2")));
        _app.MapGet("/mediator/v1/devices", () => Results.Json(Devices));
        Authorization.Map(_app);
    }

    /// <summary>The bearer tokens that came, with what they were for.</summary>
    public ConcurrentQueue<string> Bearers { get; } = new();

    /// <summary>The authorization server behind the same door.</summary>
    public FakeAuthorizationServer Authorization { get; } = new();

    /// <summary>What the cloud tells of the user's devices.</summary>
    public JsonArray Devices { get; set; } = [];

    /// <summary>Seconds that the mediator's access token lives.</summary>
    public long ExpiresIn { get; set; } = 3600;

    public string Url => _app.Urls.Single();

    public static async Task<FakeMediatorApi> StartAsync(FakeCloud cloud, DataDirectory data)
    {
        var api = new FakeMediatorApi(cloud, data);
        await api._app.StartAsync();
        return api;
    }

    public async ValueTask DisposeAsync()
    {
        await _app.DisposeAsync();
        _certificate.Dispose();
    }

    private async Task<IResult> IssueAsync(HttpContext context)
    {
        var body = await context.Request.ReadFromJsonAsync<JsonObject>();
        Bearers.Enqueue($"{context.Request.Headers.Authorization} for {body!["di"]}");
        if (context.Request.Headers.Authorization == "Bearer wrong")
            return Results.Problem("The token is not valid.", statusCode: StatusCodes.Status401Unauthorized);
        return Results.Json(
            new JsonObject
            {
                ["at"] = $"one-time-{Interlocked.Increment(ref _issued)}",
                ["apn"] = "ocfcloud",
                ["cis"] = _cloud.Address.ToString(),
                ["sid"] = _cloud.Id.ToString("D"),
                ["expiresin"] = 600,
            },
            statusCode: StatusCodes.Status201Created);
    }

    private static IResult Authorized(HttpContext context, string token, Func<JsonObject> answer) =>
        context.Request.Headers.Authorization == $"Bearer {token}"
            ? Results.Json(answer(), statusCode: StatusCodes.Status201Created)
            : Results.Problem("The token is not valid.", statusCode: StatusCodes.Status401Unauthorized);

    private JsonObject Registration(string access) => new()
    {
        ["uid"] = "8a6b0d1c-0000-4000-8000-000000000001",
        ["accesstoken"] = access,
        ["refreshtoken"] = "mediator-refresh",
        ["expiresin"] = ExpiresIn,
    };

    private static X509Certificate2 IssueServer(DataDirectory data)
    {
        using var issuer = X509Certificate2.CreateFromPemFile(data.CloudAnchor, Path.ChangeExtension(data.CloudAnchor, ".key"));
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=https", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddIpAddress(IPAddress.Loopback);
        request.CertificateExtensions.Add(names.Build());
        var now = DateTimeOffset.UtcNow;
        using var certificate = request.Create(issuer, now.AddHours(-1), now.AddDays(1), RandomNumberGenerator.GetBytes(16));
        return certificate.CopyWithPrivateKey(key);
    }
}
