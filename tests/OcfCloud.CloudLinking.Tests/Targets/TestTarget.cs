using System.Collections.Concurrent;
using System.Net;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Microsoft.Extensions.DependencyInjection;

namespace OcfCloud.CloudLinking.Tests.Targets;

/// <summary>A Target Cloud over TLS on loopback that behaves as a test says.</summary>
internal sealed class TestTarget : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly TestAuthority _authority;
    private int _generation = 1;

    private TestTarget(WebApplication app, TestAuthority authority)
    {
        _app = app;
        _authority = authority;
        var port = new Uri(app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single()).Port;
        Url = $"https://localhost:{port}";
    }

    public string Url { get; }

    /// <summary>Its authority's certificate.</summary>
    public string Anchors => _authority.Pem;

    /// <summary>Requests to the API.</summary>
    public ConcurrentQueue<TargetCall> Calls { get; } = new();

    /// <summary>Requests to the token endpoint.</summary>
    public ConcurrentQueue<TargetCall> TokenRequests { get; } = new();

    /// <summary>Answers the API; else every request with the newest token is answered 200 and others 401.</summary>
    public Func<TargetCall, HttpContext, Task>? Answer { get; set; }

    /// <summary>Answers the token endpoint; else every request with another token.</summary>
    public Func<TargetCall, HttpContext, Task>? AnswerToken { get; set; }

    /// <summary>The metadata document; null: 404.</summary>
    public Func<string, string?>? Metadata { get; set; }

    /// <summary>The newest access token.</summary>
    public string Token => $"access-{Volatile.Read(ref _generation)}";

    public static async Task<TestTarget> StartAsync(
        X509Certificate2? certificate = null, TestAuthority? authority = null, bool wantsCertificate = false, HttpProtocols protocols = HttpProtocols.Http1AndHttp2)
    {
        authority ??= new TestAuthority();
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore();
        builder.WebHost.UseKestrelHttpsConfiguration();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0, listen =>
        {
            listen.Protocols = protocols;
            listen.UseHttps(https =>
            {
                https.ServerCertificate = certificate ?? authority.Issue();
                https.ClientCertificateMode = wantsCertificate ? ClientCertificateMode.AllowCertificate : ClientCertificateMode.NoCertificate;
                https.AllowAnyClientCertificate();
            });
        }));
        var app = builder.Build();
        TestTarget? target = null;
        app.Run(context => target!.ServeAsync(context));
        await app.StartAsync(TestContext.Current.CancellationToken);
        return target = new TestTarget(app, authority);
    }

    /// <summary>Makes the tokens so far worthless.</summary>
    public void EndTokens() => Interlocked.Increment(ref _generation);

    /// <summary>The metadata document that a good cloud has, with members put in or (null) taken out.</summary>
    public string GoodMetadata(string? issuer = null, params (string Name, string? Json)[] changes)
    {
        var members = new Dictionary<string, string?>(StringComparer.Ordinal)
        {
            ["issuer"] = $"\"{issuer ?? Url}\"",
            ["authorization_endpoint"] = $"\"{Url}/authorize\"",
            ["token_endpoint"] = $"\"{Url}/token\"",
            ["revocation_endpoint"] = $"\"{Url}/revoke\"",
            ["scopes_supported"] = """["r:*", "w:*", "offline_access"]""",
            ["authorization_response_iss_parameter_supported"] = "true",
        };
        foreach (var (name, json) in changes) members[name] = json;
        return "{" + string.Join(", ", members.Where(member => member.Value is not null).Select(member => $"\"{member.Key}\": {member.Value}")) + "}";
    }

    public Task StopAsync() => _app.StopAsync(new CancellationToken(canceled: true));

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        await _app.DisposeAsync();
        _authority.Dispose();
    }

    private async Task ServeAsync(HttpContext context)
    {
        using var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body);
        var call = new TargetCall(
            context.Request.Method, context.Features.Get<IHttpRequestFeature>()!.RawTarget,
            context.Request.Headers.ToDictionary(header => header.Key, header => header.Value.ToString(), StringComparer.OrdinalIgnoreCase), body.ToArray(),
            context.Connection.ClientCertificate?.Subject);
        var path = context.Request.Path.Value!;
        if (path.Contains("/.well-known/", StringComparison.Ordinal))
        {
            if (Metadata?.Invoke(path) is { } document) await context.Response.WriteAsync(document);
            else context.Response.StatusCode = 404;
        }
        else if (path is "/token" or "/revoke")
        {
            TokenRequests.Enqueue(call);
            await (AnswerToken ?? IssueAsync)(call, context);
        }
        else
        {
            Calls.Enqueue(call);
            await (Answer ?? AnswerAsync)(call, context);
        }
    }

    /// <summary>What <see cref="Answer"/> replaces.</summary>
    public Task AnswerAsync(TargetCall call, HttpContext context)
    {
        if (call.Headers.GetValueOrDefault("Authorization") != $"Bearer {Token}") context.Response.StatusCode = 401;
        return Task.CompletedTask;
    }

    /// <summary>What <see cref="AnswerToken"/> replaces.</summary>
    public Task IssueAsync(TargetCall call, HttpContext context)
    {
        var next = Interlocked.Increment(ref _generation);
        return context.Response.WriteAsync($$"""{"access_token": "access-{{next}}", "token_type": "bearer", "expires_in": 600, "refresh_token": "refresh-{{next}}"}""");
    }
}

/// <summary>A request as it came.</summary>
internal sealed record TargetCall(string Method, string Target, IReadOnlyDictionary<string, string> Headers, byte[] Body, string? ClientCertificate)
{
    public string Text => Encoding.UTF8.GetString(Body);

    /// <summary>A form's values.</summary>
    public IReadOnlyDictionary<string, string> Form => Text.Split('&').Select(pair => pair.Split('=')).ToDictionary(pair => WebUtility.UrlDecode(pair[0]), pair => WebUtility.UrlDecode(pair[1]));
}
