using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using OcfCloud.Core;
using OcfCloud.Core.Devices;
using OcfCloud.Core.Events;
using OcfCloud.Core.Storage;
using OcfCloud.Identity.DeviceClients;
using OcfCloud.Onvif.Cameras;
using OcfCloud.Onvif.Soap;
using OcfCloud.Onvif.Uplink;

namespace OcfCloud.Onvif.Tests.Uplink.Support;

/// <summary>The uplinks of this room on a real store and a real port with TLS. Several on one store are several nodes, or lives of one.</summary>
internal sealed class UplinkCloud : IAsyncDisposable
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(20);

    private readonly WebApplication _app;
    private bool _stopped;

    private UplinkCloud(WebApplication app, RecordedLog log) => (_app, Log) = (app, log);

    public RecordedLog Log { get; }

    public UserId User { get; } = UserId.New();

    public Store Store => Get<Store>();

    public ICameraConnections Connections => Get<ICameraConnections>();

    public TestCredentials Credentials => Get<TestCredentials>();

    public Uri Url => new(Get<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single() + "/onvif/uplink");

    private static CancellationToken Ending => TestContext.Current.CancellationToken;

    public static async Task<UplinkCloud> StartAsync(Action<IServiceCollection> addStore, Action<OnvifOptions>? configure = null, bool isLogged = true)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        var log = new RecordedLog();
        builder.WebHost.UseKestrelCore();
        builder.WebHost.UseKestrelHttpsConfiguration();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0, listen =>
        {
            listen.Protocols = HttpProtocols.Http1;
            listen.UseHttps(https =>
            {
                https.ServerCertificate = NewCertificate("localhost");
                https.ClientCertificateMode = ClientCertificateMode.AllowCertificate;
                https.AllowAnyClientCertificate();
            });
        }));
        var services = builder.Services;
        services.AddLogging(logging => logging.SetMinimumLevel(isLogged ? LogLevel.Trace : LogLevel.None).AddProvider(log));
        services.AddRouting();
        services.AddSingleton(new OutboxOptions { PollPeriod = TimeSpan.FromMilliseconds(50), RetryPeriod = TimeSpan.FromMilliseconds(50) });
        services.AddCloudCore();
        addStore(services);
        services.AddCloudCoreBackground();
        services.AddSingleton<TestCredentials>();
        services.AddSingleton<IDeviceCredentials>(provider => provider.GetRequiredService<TestCredentials>());
        services.AddSingleton<ICameraCalls, TestCalls>();
        services.Configure<OnvifOptions>(options =>
        {
            options.UplinkBatchPeriod = TimeSpan.FromMilliseconds(10);
            options.LookInterval = TimeSpan.FromMilliseconds(50);
            options.InformationRetryFirst = TimeSpan.FromMilliseconds(50);
            configure?.Invoke(options);
        });
        UplinkServices.Add(services);
        UplinkServices.AddBackground(services);
        var app = builder.Build();
        app.UseRouting();
        UplinkServices.Map(app);
        await app.Services.GetRequiredService<OnlineState>().ClearFormerLifeAsync(Ending);
        await app.StartAsync(Ending);
        return new UplinkCloud(app, log);
    }

    public T Get<T>()
        where T : notnull => _app.Services.GetRequiredService<T>();

    /// <summary>A camera that is enrolled, with its client's key.</summary>
    public async Task<Camera> EnrolAsync(CameraState state = CameraState.Waiting, Guid? share = null)
    {
        var id = Guid.NewGuid();
        var camera = new Camera { Id = id, UserId = User, ClientId = $"cam-{id:N}", State = state, IncomingShareId = share, CreatedAt = DateTimeOffset.UtcNow };
        await Store.WriteAsync(
            (context, _) =>
            {
                context.Add(camera);
                context.Add(new DeviceClientKey
                {
                    Thumbprint = id.ToString("N"),
                    ClientId = camera.ClientId,
                    Jwk = "{}",
                    CertificationRequest = [],
                    RegisteredAt = DateTimeOffset.UtcNow,
                });
                return Task.CompletedTask;
            },
            Ending);
        return camera;
    }

    /// <summary>How that camera dials, with its token in the header.</summary>
    public Dialler DiallerOf(Camera camera) => new(Url) { Token = TestCredentials.Good + camera.ClientId };

    /// <summary>Opens an uplink that the camera serves, and waits until it is written.</summary>
    public async Task<TestCamera.Connected> ConnectAsync(TestCamera device, Camera camera, UplinkKind kind)
    {
        var before = await RowsAsync(camera);
        var connected = device.Serve(await DiallerOf(camera).DialAsync(kind));
        await UntilAsync(async () => (await RowsAsync(camera)).Exists(row => row.Kind == kind && !before.Exists(b => b.Connection == row.Connection)));
        await connected.Spoken.WaitAsync(Deadline, Ending);
        return connected;
    }

    public Task<Camera?> ReadAsync(Camera camera) =>
        Store.ReadAsync((context, token) => context.Set<Camera>().FirstOrDefaultAsync(c => c.Id == camera.Id, token), Ending);

    public Task<List<CameraUplink>> RowsAsync(Camera camera) =>
        Store.ReadAsync((context, token) => context.Set<CameraUplink>().Where(u => u.CameraId == camera.Id).ToListAsync(token), Ending);

    /// <summary>Changes the store as another part of the room does, with the announcement.</summary>
    public Task ChangeAsync(Camera camera, Func<CloudDbContext, Task> change) => Store.WriteAsync(
        async (context, token) =>
        {
            await UserLock.TakeAsync(context, camera.UserId, token);
            await change(context);
            Get<Announcements>().CameraChanged(context, camera.UserId, camera.Id);
        },
        Ending);

    public async Task<string> AskAsync(Camera camera, string path = "/x")
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = new ByteArrayContent([1, 2, 3]) };
        using var answer = await Connections.SendAsync(camera.Id, request, Ending).WaitAsync(Deadline, Ending);
        return await answer.Content.ReadAsStringAsync(Ending);
    }

    /// <summary>Waits until something is so, as often as it takes.</summary>
    public static async Task UntilAsync(Func<Task<bool>> isSo)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(Ending);
        limit.CancelAfter(Deadline);
        while (!await isSo()) await Task.Delay(10, limit.Token);
    }

    public static X509Certificate2 NewCertificate(string name)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var made = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256).CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));

        // A key that lives in memory alone is no good for TLS on some platforms.
        return X509CertificateLoader.LoadPkcs12(made.Export(X509ContentType.Pkcs12), null);
    }

    public async Task StopAsync()
    {
        if (_stopped) return;
        _stopped = true;
        await _app.StopAsync(CancellationToken.None);
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        await _app.DisposeAsync();
    }
}
