using System.Collections.Concurrent;
using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using OcfCloud.Core.Outbound;

namespace OcfCloud.CloudApi.Tests.Notifications;

/// <summary>A receiver of events on a port of loopback, with a certificate of its own or another's.</summary>
internal sealed class Receiver : IAsyncDisposable
{
    private readonly WebApplication _app;

    private Receiver(WebApplication app, X509Certificate2 certificate)
    {
        _app = app;
        Certificate = certificate;
        var port = new Uri(app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single()).Port;
        Url = $"https://localhost:{port}/events";
    }

    public X509Certificate2 Certificate { get; }

    public string Url { get; }

    public ConcurrentQueue<ReceivedEvent> Received { get; } = new();

    /// <summary>Answers each; null = 204.</summary>
    public Func<ReceivedEvent, HttpContext, Task>? Answer { get; set; }

    public static async Task<Receiver> StartAsync(HttpProtocols protocols = HttpProtocols.Http1AndHttp2, X509Certificate2? shared = null)
    {
        var certificate = shared ?? NewCertificate();
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore();
        builder.WebHost.UseKestrelHttpsConfiguration();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0, listen =>
        {
            listen.Protocols = protocols;
            listen.UseHttps(certificate);
        }));
        var app = builder.Build();
        Receiver? receiver = null;
        app.Run(context => receiver!.ReceiveAsync(context));
        await app.StartAsync(TestContext.Current.CancellationToken);
        return receiver = new Receiver(app, certificate);
    }

    /// <summary>What lets the guard call it.</summary>
    public OutboundOptions Outbound(bool allowed = true)
    {
        var options = new OutboundOptions();
        options.TrustAnchors.Add(Certificate);
        if (allowed) options.AllowedNetworks.Add(IPNetwork.Parse("127.0.0.1/32"));
        return options;
    }

    public async ValueTask DisposeAsync()
    {
        using var now = new CancellationTokenSource(TimeSpan.FromMilliseconds(100));
        await _app.StopAsync(now.Token);
        await _app.DisposeAsync();
        Certificate.Dispose();
    }

    private static X509Certificate2 NewCertificate()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=localhost", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: true, hasPathLengthConstraint: false, 0, critical: true));
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName("localhost");
        request.CertificateExtensions.Add(names.Build());
        using var own = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
        return X509CertificateLoader.LoadPkcs12(own.Export(X509ContentType.Pfx), null);
    }

    private async Task ReceiveAsync(HttpContext context)
    {
        using var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body);
        var received = new ReceivedEvent(
            context.Request.Protocol, context.Request.Method, context.Request.Path,
            context.Request.Headers.ToDictionary(header => header.Key, header => header.Value.ToString(), StringComparer.OrdinalIgnoreCase), body.ToArray());
        Received.Enqueue(received);
        if (Answer is null) context.Response.StatusCode = 204;
        else await Answer(received, context);
    }
}

/// <summary>A request as it came.</summary>
internal sealed record ReceivedEvent(string Protocol, string Method, string Path, IReadOnlyDictionary<string, string> Headers, byte[] Body)
{
    public long Number => long.Parse(Headers["Sequence-Number"]);
}
