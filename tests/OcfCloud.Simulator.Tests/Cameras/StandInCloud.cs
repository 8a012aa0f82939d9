using System.Collections.Concurrent;
using System.Net;
using System.Net.WebSockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json.Nodes;
using System.Threading.Channels;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Microsoft.Extensions.Logging;

namespace OcfCloud.Simulator.Tests.Cameras;

/// <summary>A cloud with a CA of its own: enrols cameras, gives access tokens for assertions and certificates, takes uplinks of both kinds.</summary>
internal sealed class StandInCloud : IAsyncDisposable
{
    private const string Protocol = "h2c-reverse";
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(20);

    private readonly WebApplication _app;
    private readonly X509Certificate2 _certificate;
    private readonly Channel<StandInUplink> _uplinks = Channel.CreateUnbounded<StandInUplink>();
    private readonly ConcurrentBag<StandInUplink> _all = [];
    private readonly HashSet<string> _assertions = [];
    private int _tokens;

    private StandInCloud(string name, int port)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: true, hasPathLengthConstraint: false, 0, critical: true));
        Anchor = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddYears(1));
        _certificate = IssueServer(Anchor);
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrelHttpsConfiguration();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, port, listen =>
        {
            listen.Protocols = HttpProtocols.Http1;
            listen.UseHttps(https =>
            {
                https.ServerCertificate = _certificate;
                https.ClientCertificateMode = ClientCertificateMode.AllowCertificate;
                https.AllowAnyClientCertificate();
            });
        }));
        _app = builder.Build();
        _app.UseWebSockets(new WebSocketOptions { KeepAliveInterval = Timeout.InfiniteTimeSpan });
        _app.MapGet("/metadata", () => Results.Json(new JsonObject { ["issuer"] = Url, ["token_endpoint"] = TokenEndpoint }));
        _app.MapPost("/token", (Func<HttpContext, Task<IResult>>)TokenAsync);
        _app.MapPost("/api/v1/cameras", (Func<HttpContext, Task<IResult>>)EnrolAsync);
        _app.MapGet("/onvif/uplink", (RequestDelegate)UplinkAsync);
    }

    public X509Certificate2 Anchor { get; }

    public string Url => _app.Urls.Single();

    public int Port => new Uri(Url).Port;

    public string TokenEndpoint => $"{Url}/token";

    public string HttpsUplink => $"{Url}/onvif/uplink";

    public string WssUplink => HttpsUplink.Replace("https:", "wss:", StringComparison.Ordinal);

    /// <summary>Public keys of clients, by client id.</summary>
    public ConcurrentDictionary<string, byte[]> Clients { get; } = new();

    /// <summary>Which uplinks enrolled cameras are told.</summary>
    public bool OffersHttps { get; set; } = true;

    public bool OffersWss { get; set; } = true;

    /// <summary>Keys that are refused with 409.</summary>
    public int Conflicts { get; set; }

    /// <summary>Upgrades are answered with this status where it is not 101.</summary>
    public int UplinkStatus { get; set; } = 101;

    /// <summary>Nothing is ever said on uplinks.</summary>
    public bool IsMute { get; set; }

    public ConcurrentQueue<JsonObject> AssertionHeaders { get; } = new();

    public ConcurrentQueue<JsonObject> AssertionClaims { get; } = new();

    /// <summary>Upgrade requests: the request's target and its bearer token.</summary>
    public ConcurrentQueue<(string Target, string? Bearer, string? Thumbprint)> Upgrades { get; } = new();

    public int TokensIssued => _tokens;

    public static async Task<StandInCloud> StartAsync(string name = "cloud", int port = 0)
    {
        var cloud = new StandInCloud(name, port);
        await cloud._app.StartAsync();
        return cloud;
    }

    /// <summary>The next uplink that came up.</summary>
    public async Task<StandInUplink> NextAsync() => await _uplinks.Reader.ReadAsync(TestContext.Current.CancellationToken).AsTask().WaitAsync(Deadline);

    public async ValueTask DisposeAsync()
    {
        foreach (var uplink in _all)
            uplink.Dispose();
        await _app.DisposeAsync();
        _certificate.Dispose();
        Anchor.Dispose();
    }

    private async Task<IResult> EnrolAsync(HttpContext context)
    {
        if (context.Request.Headers.Authorization != "Bearer user-token")
            return Results.Problem("The token is not valid.", statusCode: StatusCodes.Status401Unauthorized);
        var body = await context.Request.ReadFromJsonAsync<JsonObject>();
        var request = CertificateRequest.LoadSigningRequest(Convert.FromBase64String((string)body!["csr"]!), HashAlgorithmName.SHA256);
        if (Conflicts > 0)
        {
            Conflicts--;
            return Results.Problem("The key is known.", statusCode: StatusCodes.Status409Conflict);
        }

        var clientId = $"cam-{Clients.Count + 1}";
        Clients[clientId] = request.PublicKey.ExportSubjectPublicKeyInfo();
        return Results.Json(
            new JsonObject
            {
                ["id"] = $"id-of-{clientId}",
                ["clientId"] = clientId,
                ["serverUri"] = $"{Url}/metadata",
                ["scope"] = "onvif.uplink",
                ["uplinks"] = new JsonArray([.. Uplinks().Select(address => (JsonNode)address)]),
                ["trustAnchors"] = new JsonArray(Anchor.ExportCertificatePem()),
            },
            statusCode: StatusCodes.Status201Created);
    }

    private IEnumerable<string> Uplinks()
    {
        if (OffersHttps)
            yield return HttpsUplink;
        if (OffersWss)
            yield return WssUplink;
    }

    private async Task<IResult> TokenAsync(HttpContext context)
    {
        var form = await context.Request.ReadFormAsync();
        var clientId = form["client_id"].ToString();
        if (form["grant_type"] != "client_credentials" || form["scope"] != "onvif.uplink" || !Clients.TryGetValue(clientId, out var publicKey))
            return Refusal();
        var isGood = form["client_assertion"].ToString() is { Length: > 0 } assertion
            ? IsSigned(assertion, publicKey, clientId)
            : context.Connection.ClientCertificate?.PublicKey.ExportSubjectPublicKeyInfo().AsSpan().SequenceEqual(publicKey) == true;
        return isGood
            ? Results.Json(new JsonObject
            {
                ["access_token"] = $"token-{Interlocked.Increment(ref _tokens)}",
                ["token_type"] = "Bearer",
                ["expires_in"] = 3600,
            })
            : Refusal();
        static IResult Refusal() => Results.Json(new JsonObject { ["error"] = "invalid_client" }, statusCode: StatusCodes.Status401Unauthorized);
    }

    private bool IsSigned(string assertion, byte[] publicKey, string clientId)
    {
        var parts = assertion.Split('.');
        var header = JsonNode.Parse(System.Buffers.Text.Base64Url.DecodeFromChars(parts[0]))!.AsObject();
        var claims = JsonNode.Parse(System.Buffers.Text.Base64Url.DecodeFromChars(parts[1]))!.AsObject();
        AssertionHeaders.Enqueue(header);
        AssertionClaims.Enqueue(claims);
        var signed = System.Text.Encoding.ASCII.GetBytes($"{parts[0]}.{parts[1]}");
        var signature = System.Buffers.Text.Base64Url.DecodeFromChars(parts[2]);
        bool verified;
        if ((string)header["alg"]! == "RS256")
        {
            using var rsa = RSA.Create();
            rsa.ImportSubjectPublicKeyInfo(publicKey, out _);
            verified = rsa.VerifyData(signed, signature, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        }
        else
        {
            using var key = ECDsa.Create();
            key.ImportSubjectPublicKeyInfo(publicKey, out _);
            verified = key.VerifyData(signed, signature, HashAlgorithmName.SHA256);
        }

        lock (_assertions)
        {
            return verified && (string)claims["iss"]! == clientId && (string)claims["sub"]! == clientId
                && (string)claims["aud"]! is var audience && (audience == TokenEndpoint || audience == Url)
                && Math.Abs((long)claims["iat"]! - DateTimeOffset.UtcNow.ToUnixTimeSeconds()) < 300
                && _assertions.Add((string)claims["jti"]!);
        }
    }

    private async Task UplinkAsync(HttpContext context)
    {
        var bearer = context.Request.Query["access_token"].ToString() is { Length: > 0 } query ? query : context.Request.Headers.Authorization.ToString();
        Upgrades.Enqueue((
            context.Features.Get<IHttpRequestFeature>()!.RawTarget, bearer.Length == 0 ? null : bearer, context.Connection.ClientCertificate?.Thumbprint));
        if (UplinkStatus != 101)
        {
            context.Response.StatusCode = UplinkStatus;
            return;
        }

        Stream stream;
        var isWebSocket = context.WebSockets.IsWebSocketRequest;
        if (isWebSocket)
        {
            stream = WebSocketStream.Create(await context.WebSockets.AcceptWebSocketAsync(Protocol), WebSocketMessageType.Binary, ownsWebSocket: false);
        }
        else
        {
            Assert.Equal(Protocol, context.Request.Headers.Upgrade);
            context.Response.Headers.Upgrade = Protocol;
            context.Response.Headers.Connection = "Upgrade";
            stream = await context.Features.Get<IHttpUpgradeFeature>()!.UpgradeAsync();
        }

        using var uplink = new StandInUplink(stream, isWebSocket);
        if (!IsMute)
        {
            _all.Add(uplink);
            await uplink.BeginAsync();
            _uplinks.Writer.TryWrite(uplink);
        }

        using var either = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, _app.Lifetime.ApplicationStopping);
        await uplink.Ended.WaitAsync(either.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        context.Abort();
    }

    private static X509Certificate2 IssueServer(X509Certificate2 issuer)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=https", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddIpAddress(IPAddress.Loopback);
        request.CertificateExtensions.Add(names.Build());
        var now = DateTimeOffset.UtcNow;
        using var certificate = request.Create(issuer, now.AddHours(-1), now.AddDays(1), RandomNumberGenerator.GetBytes(16));
        using var whole = certificate.CopyWithPrivateKey(key);
        return X509CertificateLoader.LoadPkcs12(whole.Export(X509ContentType.Pkcs12), password: null);
    }
}
