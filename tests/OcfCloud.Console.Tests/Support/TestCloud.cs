using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;
using OcfCloud.CloudApi.Problems;
using OcfCloud.CloudLinking;
using OcfCloud.CloudLinking.Targets;
using OcfCloud.Core;
using OcfCloud.Core.Requests;
using OcfCloud.Core.Storage;
using OcfCloud.Identity;
using OcfCloud.Identity.AuthorizationServer;
using OcfCloud.Identity.Bearer;
using OcfCloud.Identity.Clients;
using OcfCloud.Identity.Http;
using OcfCloud.Identity.KeyRing;
using OcfCloud.Identity.Tokens;
using OcfCloud.Identity.Users;
using OcfCloud.Onvif;
using OcfCloud.Onvif.Enrolment;
using OcfCloud.Onvif.Metrics;
using OcfCloud.Onvif.Soap;
using OcfCloud.Onvif.Uplink;
using OcfCloud.Storage.PostgreSql;
using OcfCloud.Storage.Sqlite;
using OcfCloud.Testing;

namespace OcfCloud.Console.Tests.Support;

/// <summary>The console and the authorization server behind Kestrel with TLS, on a store of their own, with one resource that a bearer token opens.</summary>
internal sealed class TestCloud : IAsyncDisposable
{
    public const string Password = "correct horse";
    public const string RedirectUri = "https://peer.example/callback";
    public const int MaxRequestBodySize = 1_048_576;

    private readonly WebApplication _app;
    private readonly X509Certificate2 _certificate;

    private readonly string? _issuer;

    private TestCloud(WebApplication app, X509Certificate2 certificate, string? issuer) => (_app, _certificate, _issuer) = (app, certificate, issuer);

    public Uri Url { get; private set; } = new("https://127.0.0.1");

    /// <summary>What it calls itself: its own address, or that of the node that was there first.</summary>
    public string Issuer => _issuer ?? Url.GetLeftPart(UriPartial.Authority);

    /// <summary>What it logged from warnings on.</summary>
    public RecordedLog Log { get; private init; } = new();

    /// <summary>What answers for its devices.</summary>
    public FakeDevice Device { get; private init; } = new();

    /// <summary>What answers for devices of other clouds.</summary>
    public FakeMirror Mirror { get; private init; } = new();

    /// <summary>What answers for its cameras.</summary>
    public FakeCameras Cameras { get; private init; } = new();

    /// <summary>What answers for other clouds.</summary>
    public OtherClouds Others { get; private init; } = new();

    public IServiceProvider Services => _app.Services;

    public CloudClients Clients => Services.GetRequiredService<CloudClients>();

    public UserAccounts Users => Services.GetRequiredService<UserAccounts>();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public static Task<TestCloud> StartAsync(TemporaryFolder folder, FakeTimeProvider? time = null, Action<ConsoleOptions>? console = null) =>
        StartAsync(services => services.AddSqliteStore(folder.Path), new KeyRingOptions { Folder = Directory.CreateDirectory(folder["keys"]).FullName }, time, console);

    /// <summary>A node of a cloud whose nodes share a database and a name.</summary>
    public static Task<TestCloud> StartNodeAsync(string connection, TemporaryFolder folder, TestCloud? first = null) =>
        StartAsync(services => services.AddPostgreSqlStore(connection, folder.Path), new KeyRingOptions(), time: null, console: null, first?.Issuer);

    public static async Task<TestCloud> StartAsync(StoreProvider provider, TemporaryFolder folder, PostgreSqlFixture postgreSql, FakeTimeProvider? time = null)
    {
        if (provider == StoreProvider.Sqlite) return await StartAsync(folder, time);
        postgreSql.Require();
        var connection = await postgreSql.CreateMigratedDatabaseAsync();
        return await StartAsync(services => services.AddPostgreSqlStore(connection, folder.Path), new KeyRingOptions(), time, console: null);
    }

    /// <summary>A browser that nobody has used yet.</summary>
    /// <param name="from">The address that it comes from; null = any.</param>
    public TestBrowser Browse(IPAddress? from = null) => new(CreateHandler(from), Url);

    /// <summary>A client of the APIs.</summary>
    public HttpClient CreateClient() => new(CreateHandler()) { BaseAddress = Url };

    public async Task<User> AddUserAsync(string name, bool administrator = false) => (await Users.AddAsync(name, Password, administrator, Cancellation)).User!;

    /// <summary>Registers a peer cloud, or a public client.</summary>
    public async Task<OAuthPeer> AddPeerAsync(string redirectUri = RedirectUri, bool isPublic = false, string scope = "r:* w:* offline_access", string name = "Peer")
    {
        var added = await Clients.AddAsync(new ClientRegistration(name, [redirectUri], scope.Split(' '), isPublic), Cancellation);
        return new OAuthPeer(this, added.Client!.ClientId, added.Secret, redirectUri);
    }

    public async ValueTask DisposeAsync()
    {
        await _app.DisposeAsync();
        _certificate.Dispose();
    }

    private static async Task<TestCloud> StartAsync(
        Action<IServiceCollection> addStore, KeyRingOptions keyRing, FakeTimeProvider? time, Action<ConsoleOptions>? console, string? issuer = null)
    {
        var certificate = MakeCertificate();
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().UseKestrelHttpsConfiguration();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0, listen => listen.UseHttps(certificate)));
        var services = builder.Services;
        services.AddRouting();
        var log = new RecordedLog();
        services.AddLogging(logging => logging.AddProvider(log).AddFilter("Microsoft.AspNetCore.DataProtection", LogLevel.Error));
        services.AddProblemAnswers();
        services.AddSingleton<TimeProvider>((TimeProvider?)time ?? TimeProvider.System);
        services.AddCloudCore();
        addStore(services);
        TestCloud? cloud = null;
        services.AddCloudIdentity(tokens => tokens.Issuer = cloud!.Issuer, keyRing);
        services.AddQuickPasswords();
        services.AddCloudBearerChecks(_ => { }, _ => { });
        services.AddCloudAuthorizationServer(options => options.CallWritePeriod = options.PrunePeriod = TimeSpan.FromDays(1));
        var (device, mirror, others, cameras) = (new FakeDevice(), new FakeMirror(), new OtherClouds(), new FakeCameras());
        services.AddSingleton<ITokenCalls>(others);
        services.AddSingleton<ITargetCalls>(others);
        services.AddCloudLinking(linking => linking.PublicUrl = cloud!.Issuer);
        services.AddOnvif(onvif => (onvif.PublicUrl, onvif.PublicUplink, onvif.TrustAnchors) = (cloud!.Issuer, "https://cloud.example:8444", () => [certificate]));
        services.AddSingleton<ICameraConnections>(cameras);
        services.AddSingleton<UplinkRegister>();
        services.AddSingleton<OnvifMetrics>();
        SoapServices.Add(services);
        services.AddSingleton<CameraAdoption>();
        EnrolmentServices.AddBackground(services);
        services.AddCloudConsole(console ?? (_ => { }));
        services.AddSingleton<IDeviceRequests>(device);
        services.AddSingleton<IMirroredRequests>(mirror);
        var app = builder.Build();
        app.UseProblemAnswers(MaxRequestBodySize);
        app.UseRequestActors();
        app.UseRouting();
        app.UseCloudAuthorizationServer();
        app.UseAuthentication();
        app.UseAuthorization();
        app.MapCloudConsole();
        app.MapGet("/api/who", (HttpContext context) => Caller.Of(context.User) is var caller ? $"{caller.User} {caller.Client} {caller.Scopes}" : "").RequireScope(CloudScopes.Read);
        await app.Services.MigrateStoreAsync(Cancellation);
        cloud = new TestCloud(app, certificate, issuer) { Log = log, Device = device, Mirror = mirror, Others = others, Cameras = cameras };
        await app.StartAsync(Cancellation);
        cloud.Url = new Uri(app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single());
        return cloud;
    }

    private SocketsHttpHandler CreateHandler(IPAddress? from = null)
    {
        var trust = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
        trust.CustomTrustStore.Add(_certificate);
        var handler = new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false, SslOptions = new() { CertificateChainPolicy = trust } };
        if (from is not null) handler.ConnectCallback = async (context, cancellationToken) => await ConnectAsync(from, context.DnsEndPoint, cancellationToken);
        return handler;
    }

    private static async Task<NetworkStream> ConnectAsync(IPAddress from, DnsEndPoint to, CancellationToken cancellationToken)
    {
        var socket = new Socket(from.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(from, 0));
        await socket.ConnectAsync(IPAddress.Parse(to.Host), to.Port, cancellationToken);
        return new NetworkStream(socket, ownsSocket: true);
    }

    private static X509Certificate2 MakeCertificate()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=127.0.0.1", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddIpAddress(IPAddress.Loopback);
        names.AddDnsName("localhost");
        request.CertificateExtensions.Add(names.Build());
        using var made = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
        return X509CertificateLoader.LoadPkcs12(made.Export(X509ContentType.Pfx), null);
    }
}
