using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using OcfCloud.Core;
using OcfCloud.Core.Devices;
using OcfCloud.Core.Outbound;
using OcfCloud.Core.Storage;
using OcfCloud.Identity;
using OcfCloud.Identity.KeyRing;
using OcfCloud.Identity.Tokens;
using OcfCloud.Identity.Users;
using OcfCloud.Onvif.Cameras;
using OcfCloud.Onvif.Enrolment;
using OcfCloud.Onvif.Operation;
using OcfCloud.Onvif.Provisioning;
using OcfCloud.Onvif.Provisioning.StartDeviceSharing;
using OcfCloud.Onvif.ShareTokens;
using OcfCloud.Onvif.Sharing;
using OcfCloud.Storage.PostgreSql;
using OcfCloud.Storage.Sqlite;
using OcfCloud.Testing;

namespace OcfCloud.Onvif.Tests.Sharing;

/// <summary>A cloud as far as clouds speak with one another about cameras: real TLS, a real store, a clock that the test moves. Nothing works on the shares that begin.</summary>
internal sealed class SharingCloud : IAsyncDisposable
{
    /// <summary>Who signs the certificates of all clouds.</summary>
    public static readonly SharingAuthority Authority = new();

    private readonly string _folder;
    private readonly WebApplication _app;

    private SharingCloud(string folder, WebApplication app, string url, SharingClock clock, FakeChecks checks, EveryLine log)
    {
        (_folder, _app, Url, Clock, Checks, Log) = (folder, app, url, clock, checks, log);
        Http = NewClient();
    }

    public string Url { get; }

    public string Xaddr => $"{Url}/onvif/cloud";

    public SharingClock Clock { get; }

    public FakeChecks Checks { get; }

    public EveryLine Log { get; }

    /// <summary>A caller without a token.</summary>
    public HttpClient Http { get; }

    public Store Store => Get<Store>();

    public ShareTokenDesk Desk => Get<ShareTokenDesk>();

    private static CancellationToken Ending => TestContext.Current.CancellationToken;

    public static async Task<SharingCloud> StartAsync(StoreProvider store, PostgreSqlFixture postgreSql, Action<OnvifOptions>? configure = null, bool allowsLoopback = true)
    {
        var database = "";
        if (store == StoreProvider.PostgreSql)
        {
            postgreSql.Require();
            database = await postgreSql.CreateMigratedDatabaseAsync();
        }

        var folder = Directory.CreateTempSubdirectory("ocfcloud-test-").FullName;
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        socket.Listen();
        var local = (IPEndPoint)socket.LocalEndPoint!;
        var url = $"https://localhost:{local.Port}";
        var (clock, checks, log) = (new SharingClock(), new FakeChecks(), new EveryLine());

        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions { EnvironmentName = "Production" });
        builder.WebHost.UseKestrelCore();
        builder.WebHost.UseKestrelHttpsConfiguration();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(local, listen => listen.UseHttps(Authority.Issue())));
        var services = builder.Services;
        services.Configure<SocketTransportOptions>(options => options.CreateBoundListenSocket = _ => socket);
        services.AddLogging(logging => logging.SetMinimumLevel(LogLevel.Trace).AddFilter((category, _) => category?.StartsWith("OcfCloud", StringComparison.Ordinal) == true).AddProvider(log));
        services.AddRouting();
        services.AddSingleton<TimeProvider>(clock);
        services.AddProblemDetails();
        services.AddCloudCore();
        if (store == StoreProvider.Sqlite) services.AddSqliteStore(folder);
        else services.AddPostgreSqlStore(database, folder);
        services.AddCloudIdentity(tokens => tokens.Issuer = url, new KeyRingOptions { Folder = Directory.CreateDirectory(Path.Combine(folder, "keys")).FullName });
        services.AddQuickPasswords();
        services.AddCloudBearerChecks(_ => { }, _ => { });
        services.AddSingleton(Outbound(allowsLoopback));
        AddRoom(services, url, configure);
        services.AddSingleton<ICameraChecks>(checks);

        var app = builder.Build();
        app.UseExceptionHandler();
        app.UseStatusCodePages();
        app.UseRouting();
        app.UseAuthentication();
        app.UseAuthorization();
        ShareTokensApi.Map(app);
        StartDeviceSharingApi.Map(app);
        OperationServices.Map(app);
        await app.Services.MigrateStoreAsync(Ending);
        await app.StartAsync(Ending);
        return new SharingCloud(folder, app, url, clock, checks, log);
    }

    public T Get<T>()
        where T : notnull => _app.Services.GetRequiredService<T>();

    public async Task<UserId> AddUserAsync() => new((await Get<UserAccounts>().AddAsync($"user-{Guid.NewGuid():N}", password: null, administrator: false, Ending)).User!.Id);

    /// <summary>A caller with a token of this user.</summary>
    public async Task<HttpClient> AsAsync(UserId user, string scope = "cameras")
    {
        Assert.True(ScopeSet.TryParse(scope, out var scopes));
        var client = NewClient();
        var token = await Get<AccessTokens>().IssueAsync(user, "somebody", "test-client", scopes, lifetime: null, Ending);
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token.Text);
        return client;
    }

    /// <summary>A camera that connected and said who it is.</summary>
    public async Task<Camera> AddCameraAsync(UserId user, CameraState state = CameraState.Active, bool isOnline = false)
    {
        var camera = new Camera
        {
            Id = Guid.NewGuid(),
            UserId = user,
            ClientId = $"cam-{Guid.NewGuid():N}",
            State = state,
            CreatedAt = Clock.GetUtcNow(),
            Manufacturer = state == CameraState.Waiting ? null : "Acme",
            Model = state == CameraState.Waiting ? null : "AC-2000",
            SerialNumber = state == CameraState.Waiting ? null : $"00408C{Guid.NewGuid():N}"[..12],
        };
        await Store.WriteAsync(
            (context, _) =>
            {
                context.Add(camera);
                if (isOnline) context.Add(new CameraUplink { CameraId = camera.Id, Kind = UplinkKind.Https, Node = Guid.NewGuid(), Connection = Guid.NewGuid(), Since = Clock.GetUtcNow() });
                return Task.CompletedTask;
            },
            Ending);
        return camera;
    }

    /// <summary>A token of a new camera of a new user.</summary>
    public async Task<IssuedShareToken> NewTokenAsync(ShareTokenOrder? order = null, bool isOnline = false) => await TokenOfAsync(await AddCameraAsync(await AddUserAsync(), isOnline: isOnline), order);

    public async Task<IssuedShareToken> TokenOfAsync(Camera camera, ShareTokenOrder? order = null)
    {
        var outcome = await Desk.IssueAsync(camera.UserId, camera.Id, order ?? new ShareTokenOrder(), Ending);
        Assert.Equal(ShareTokenRefusal.None, outcome.Refusal);
        return outcome.Token!;
    }

    public Task<List<Share>> SharesAsync(Guid token) => Store.ReadAsync((context, stop) => context.Set<Share>().Where(share => share.TokenId == token).ToListAsync(stop), Ending);

    public Task ChangeAsync<T>(Guid id, Action<T> change)
        where T : class => Store.WriteAsync(async (context, stop) => change((await context.Set<T>().FindAsync([id], stop))!), Ending);

    public Task<IncomingShare> IncomingAsync(Guid id) => Store.ReadAsync((context, stop) => context.Set<IncomingShare>().SingleAsync(share => share.Id == id, stop), Ending);

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        await _app.StopAsync(new CancellationToken(canceled: true));
        await _app.DisposeAsync();
        Microsoft.Data.Sqlite.SqliteConnection.ClearAllPools();
        Directory.Delete(_folder, recursive: true);
    }

    private static void AddRoom(IServiceCollection services, string url, Action<OnvifOptions>? configure)
    {
        services.Configure<OnvifOptions>(options =>
        {
            options.PublicUrl = url;
            options.PublicUplink = "https://localhost:8444";
            options.TrustAnchors = () => [Authority.Own];
            options.LookInterval = TimeSpan.FromMilliseconds(50);
            options.CloudCallTimeout = TimeSpan.FromSeconds(10);
            configure?.Invoke(options);
        });
        services.TryAddSingleton<SealedSecrets>();
        services.TryAddSingleton<SharingSignal>();
        services.TryAddSingleton<CloudDoorLimits>();
        services.TryAddSingleton(provider => new OutboundGuard(provider.GetRequiredService<OutboundOptions>(), provider.GetRequiredService<TimeProvider>()));
        EnrolmentServices.Add(services);
        ShareTokenServices.Add(services);
        OperationServices.Add(services);
        OperationServices.AddBackground(services);
        StartDeviceSharingApi.Add(services);
    }

    private static OutboundOptions Outbound(bool allowsLoopback)
    {
        var options = new OutboundOptions { TrustAnchors = { Authority.Own } };
        if (allowsLoopback)
        {
            options.AllowedNetworks.Add(IPNetwork.Parse("127.0.0.0/8"));
            options.AllowedNetworks.Add(IPNetwork.Parse("::1/128"));
        }

        return options;
    }

    private HttpClient NewClient() => new(new SocketsHttpHandler
    {
        SslOptions =
        {
            CertificateChainPolicy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, CustomTrustStore = { Authority.Own }, RevocationMode = X509RevocationMode.NoCheck },
        },
    })
    {
        BaseAddress = new Uri(Url),
    };
}
