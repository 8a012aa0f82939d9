using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;
using OcfCloud.CloudApi.Notifications;
using OcfCloud.CloudApi.Subscriptions;
using OcfCloud.Core;
using OcfCloud.Core.Devices;
using OcfCloud.Core.Directory;
using OcfCloud.Core.Events;
using OcfCloud.Core.Outbound;
using OcfCloud.Core.Storage;
using OcfCloud.Core.Subscriptions;
using OcfCloud.Core.Tokens;
using OcfCloud.Identity;
using OcfCloud.Identity.KeyRing;
using OcfCloud.Identity.Users;
using OcfCloud.Storage.Sqlite;

namespace OcfCloud.Benchmarks;

/// <summary>Notifications from a device's publish to the first byte at receivers on loopback, over TLS, with SQLite, everything in one process.</summary>
internal static class NotificationRun
{
    private const int Subscriptions = 1_000, Bursts = 20, Single = 100;

    public static async Task RunAsync()
    {
        var folder = Directory.CreateTempSubdirectory("ocfcloud-bench-").FullName;
        var arrivals = new ConcurrentQueue<(string Path, long At)>();
        await using var receiver = await ReceiverAsync(arrivals, out var certificate);
        var port = new Uri(receiver.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single()).Port;
        await using var cloud = CloudOn(folder, certificate);
        await cloud.Services.GetRequiredService<StoreMigration>().ApplyAsync(CancellationToken.None);
        await cloud.StartAsync();
        try
        {
            var (device, user) = await DeviceAsync(cloud.Services);
            var many = Enumerable.Range(0, Subscriptions).Select(n => $"/many/{n}").ToArray();
            foreach (var path in many) await SubscribeAsync(cloud.Services, device, user, $"https://localhost:{port}{path}");
            await WaitAsync(arrivals, Subscriptions);
            arrivals.Clear();

            var started = Stopwatch.GetTimestamp();
            for (var burst = 0; burst < Bursts; burst++) await PublishAsync(cloud.Services, device, user, $"/burst/{burst}");
            await WaitAsync(arrivals, Subscriptions * Bursts);
            var took = Stopwatch.GetElapsedTime(started, arrivals.Max(a => a.At));
            Console.WriteLine($"{Subscriptions * Bursts} notifications to {Subscriptions} subscriptions in {took.TotalSeconds:F2} s: {Subscriptions * Bursts / took.TotalSeconds:F0} a second");

            arrivals.Clear();
            started = Stopwatch.GetTimestamp();
            await PublishAsync(cloud.Services, device, user, "/one");
            await WaitAsync(arrivals, Subscriptions);
            Print("one change to all of them, change to first byte", [.. arrivals.Select(a => Stopwatch.GetElapsedTime(started, a.At))]);

            var (other, _) = await DeviceAsync(cloud.Services, user);
            await SubscribeAsync(cloud.Services, other, user, $"https://localhost:{port}/single");
            await WaitAsync(arrivals, Subscriptions + 1);
            var latencies = new List<TimeSpan>();
            for (var n = 0; n < Single; n++)
            {
                arrivals.Clear();
                started = Stopwatch.GetTimestamp();
                await PublishAsync(cloud.Services, other, user, $"/single/{n}");
                await WaitAsync(arrivals, 1);
                latencies.Add(Stopwatch.GetElapsedTime(started, arrivals.Min(a => a.At)));
            }

            Print($"{Single} changes one after the other to one subscription, change to first byte", latencies);
        }
        finally
        {
            await cloud.StopAsync();
            Directory.Delete(folder, recursive: true);
        }
    }

    private static void Print(string what, List<TimeSpan> latencies)
    {
        latencies.Sort();
        Console.WriteLine($"{what}: median {latencies[latencies.Count / 2].TotalMilliseconds:F1} ms, p99 {latencies[(int)(latencies.Count * 0.99)].TotalMilliseconds:F1} ms");
    }

    private static async Task WaitAsync(ConcurrentQueue<(string, long)> arrivals, int count)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromMinutes(2));
        while (arrivals.Count < count) await Task.Delay(1, limit.Token);
    }

    private static WebApplication CloudOn(string folder, X509Certificate2 certificate)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        var services = builder.Services;
        services.AddLogging();
        services.AddSingleton(TimeProvider.System);
        var outbound = new OutboundOptions();
        outbound.AllowedNetworks.Add(IPNetwork.Parse("127.0.0.1/32"));
        outbound.TrustAnchors.Add(certificate);
        services.AddSingleton(outbound);
        services.AddSingleton(new DirectoryOptions { MaxLinksPerDevice = 10_000 });
        services.AddCloudCore();
        services.AddSqliteStore(folder);
        services.AddCloudIdentity(tokens => tokens.Issuer = "https://cloud.example", new KeyRingOptions { Folder = Directory.CreateDirectory(Path.Combine(folder, "keys")).FullName });
        services.AddSubscriptionsApi(new NotificationOptions());
        services.AddCloudCoreBackground();
        return builder.Build();
    }

    private static async Task<(DeviceId Device, UserId User)> DeviceAsync(IServiceProvider services, UserId? owner = null)
    {
        var user = owner ?? new UserId((await services.GetRequiredService<UserAccounts>().AddAsync("alice", password: null, administrator: false, CancellationToken.None)).User!.Id);
        var device = DeviceId.New();
        var token = (await services.GetRequiredService<OneTimeTokens>().IssueAsync(user, device, CancellationToken.None))!;
        await services.GetRequiredService<DeviceAccounts>().SignUpAsync(device, token.Token, CancellationToken.None);
        return (device, user);
    }

    private static Task<SubscribeOutcome> SubscribeAsync(IServiceProvider services, DeviceId device, UserId user, string url) => services.GetRequiredService<SubscriptionStore>().SubscribeAsync(
        new NewSubscription(
            user, "peer", new SubscriptionTarget(device, null), [EventKind.ResourcesPublished], url,
            services.GetRequiredService<IDataProtectionProvider>().CreateProtector("OcfCloud.SigningSecrets").Protect(Encoding.UTF8.GetBytes("3BZ6oI9xbRJzOUvUoRb5RgaZjPqHrmql")),
            NotificationEncoding.Json, "bench"),
        CancellationToken.None);

    private static async Task PublishAsync(IServiceProvider services, DeviceId device, UserId user, string path)
    {
        if (!ResourceHref.TryParse(path, out var href) || !ResourceLink.TryCreate(href, ["oic.r.light"], ["oic.if.a"], 3, [], out var link)) throw new InvalidOperationException(path);
        await services.GetRequiredService<ResourceDirectory>().PublishAsync(device, user, [link], null, CancellationToken.None);
    }

    private static Task<WebApplication> ReceiverAsync(ConcurrentQueue<(string Path, long At)> arrivals, out X509Certificate2 certificate)
    {
        var shown = certificate = Certificate();
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore();
        builder.WebHost.UseKestrelHttpsConfiguration();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0, listen => listen.UseHttps(shown)));
        var app = builder.Build();
        app.Run(context =>
        {
            arrivals.Enqueue((context.Request.Path, Stopwatch.GetTimestamp()));
            context.Response.StatusCode = 204;
            return Task.CompletedTask;
        });
        return StartedAsync(app);
    }

    private static X509Certificate2 Certificate()
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

    private static async Task<WebApplication> StartedAsync(WebApplication app)
    {
        await app.StartAsync();
        return app;
    }
}
