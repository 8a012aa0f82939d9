using System.Net;
using System.Net.Http.Headers;
using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;
using OcfCloud.Core;
using OcfCloud.Core.Devices;
using OcfCloud.Core.Storage;
using OcfCloud.Identity;
using OcfCloud.Identity.AuthorizationServer;
using OcfCloud.Identity.KeyRing;
using OcfCloud.Identity.Tokens;
using OcfCloud.Identity.Users;
using OcfCloud.Storage.PostgreSql;
using OcfCloud.Storage.Sqlite;
using OcfCloud.Testing;

namespace OcfCloud.Onvif.Tests.Support;

/// <summary>The room as the host serves it, with the authorization server beside it: a real store, a real server behind TLS on a port of loopback, a clock that the
/// test moves. It asks for client certificates as the uplink port does.</summary>
internal sealed class OnvifHost : IAsyncDisposable
{
    public const string PublicUrl = "https://cloud.test:8443";
    public const string PublicUplink = "https://cloud.test:8444";
    public const int MaxRequestBodySize = 65_536;

    private readonly TemporaryFolder _folder;
    private readonly WebApplication _app;
    private readonly X509Certificate2 _certificate;

    private OnvifHost(TemporaryFolder folder, WebApplication app, FakeTimeProvider time, X509Certificate2 certificate)
    {
        (_folder, _app, Time, _certificate) = (folder, app, time, certificate);
        Address = new Uri(app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single());
        Http = Client();
    }

    /// <summary>The cloud's clock.</summary>
    public FakeTimeProvider Time { get; }

    /// <summary>Where it listens.</summary>
    public Uri Address { get; }

    /// <summary>A caller without a token.</summary>
    public HttpClient Http { get; }

    public IServiceProvider Services => _app.Services;

    public Store Store => Service<Store>();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    /// <summary>Starts one on a new store.</summary>
    /// <param name="provider">The kind of store.</param>
    /// <param name="postgreSql">For <see cref="StoreProvider.PostgreSql"/>.</param>
    /// <param name="configure">What the test has otherwise: options, and services that stand for other parts.</param>
    /// <param name="hosted">Whether what runs by itself runs.</param>
    public static async Task<OnvifHost> StartAsync(
        StoreProvider provider = StoreProvider.Sqlite, PostgreSqlFixture? postgreSql = null, Action<IServiceCollection>? configure = null, bool hosted = false)
    {
        var folder = new TemporaryFolder();
        var time = new FakeTimeProvider(TimeProvider.System.GetUtcNow());
        var certificate = MakeCertificate();
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions { EnvironmentName = "Production" });
        builder.WebHost.UseKestrelCore();
        builder.WebHost.UseKestrelHttpsConfiguration();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.Limits.MaxRequestBodySize = MaxRequestBodySize;
            kestrel.Listen(IPAddress.Loopback, 0, listen => listen.UseHttps(new HttpsConnectionAdapterOptions
            {
                ServerCertificate = certificate,
                ClientCertificateMode = ClientCertificateMode.AllowCertificate,
                ClientCertificateValidation = (_, _, _) => true,
            }));
        });
        var services = builder.Services;
        services.AddLogging(logging => logging.SetMinimumLevel(LogLevel.None));
        services.AddRouting();
        services.AddProblemDetails();
        services.AddSingleton<TimeProvider>(time);
        services.AddCloudCore();
        await AddStoreAsync(services, provider, folder, postgreSql);
        services.AddCloudIdentity(
            tokens => tokens.Issuer = PublicUrl,
            provider == StoreProvider.Sqlite ? new KeyRingOptions { Folder = Directory.CreateDirectory(folder["keys"]).FullName } : new KeyRingOptions());
        services.AddQuickPasswords();
        services.AddCloudBearerChecks(_ => { }, _ => { });
        services.AddCloudAuthorizationServer(_ => { });
        services.AddOnvif(options =>
        {
            options.PublicUrl = PublicUrl;
            options.PublicUplink = PublicUplink;
            options.TrustAnchors = () => [certificate];
        });
        services.AddOnvifBackground();
        configure?.Invoke(services);
        if (!hosted) RemoveHosted(services);

        var app = builder.Build();
        app.UseExceptionHandler(new ExceptionHandlerOptions
        {
            StatusCodeSelector = exception => exception switch
            {
                BadHttpRequestException bad => bad.StatusCode,
                StoreUnavailableException => StatusCodes.Status503ServiceUnavailable,
                _ => StatusCodes.Status500InternalServerError,
            },
        });
        app.UseStatusCodePages();
        app.UseRouting();
        app.UseCloudAuthorizationServer();
        app.UseAuthentication();
        app.UseAuthorization();
        app.MapOnvif();
        await app.Services.MigrateStoreAsync(Cancellation);
        await app.StartAsync(Cancellation);
        return new OnvifHost(folder, app, time, certificate);
    }

    public T Service<T>() where T : notnull => _app.Services.GetRequiredService<T>();

    /// <summary>Adds a user.</summary>
    public async Task<UserId> AddUserAsync(string name) =>
        new((await Service<UserAccounts>().AddAsync(name, password: null, administrator: false, Cancellation)).User!.Id);

    /// <summary>A token as <c>token create</c> issues it.</summary>
    public async Task<string> TokenAsync(UserId user, string scopes = ScopeSet.Cameras)
    {
        Assert.True(ScopeSet.TryParse(scopes, out var scope));
        return (await Service<AccessTokens>().IssueAsync(user, "somebody", "test-client", scope, TimeSpan.FromDays(1), Cancellation)).Text;
    }

    /// <summary>A caller with a token of a user that is made here.</summary>
    public async Task<HttpClient> CallerAsync(string user) => As(await TokenAsync(await AddUserAsync(user)));

    /// <summary>A caller with this token.</summary>
    public HttpClient As(string token)
    {
        var client = Client();
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
        return client;
    }

    /// <summary>A caller of the server, which it knows by its certificate, with a certificate of its own where one is given.</summary>
    public HttpClient Client(X509Certificate2? own = null) => new(new SocketsHttpHandler
    {
        SslOptions = new SslClientAuthenticationOptions
        {
            RemoteCertificateValidationCallback = (_, presented, _, _) => presented?.GetCertHashString() == _certificate.GetCertHashString(),
            ClientCertificates = own is null ? null : [own],
            LocalCertificateSelectionCallback = own is null ? null : (_, _, _, _, _) => own,
        },
        AllowAutoRedirect = false,
    })
    {
        BaseAddress = Address,
    };

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        await _app.DisposeAsync();
        _certificate.Dispose();
        _folder.Dispose();
    }

    private static async Task AddStoreAsync(IServiceCollection services, StoreProvider provider, TemporaryFolder folder, PostgreSqlFixture? postgreSql)
    {
        if (provider == StoreProvider.Sqlite)
        {
            services.AddSqliteStore(folder.Path);
            return;
        }

        postgreSql!.Require();
        services.AddPostgreSqlStore(await postgreSql.CreateMigratedDatabaseAsync(), folder.Path);
    }

    // What runs by itself would move things between the steps of a test.
    private static void RemoveHosted(IServiceCollection services)
    {
        foreach (var service in services.Where(service => service.ServiceType == typeof(Microsoft.Extensions.Hosting.IHostedService)
            && service.ImplementationType?.Namespace?.StartsWith("OcfCloud", StringComparison.Ordinal) == true).ToArray()) services.Remove(service);
    }

    private static X509Certificate2 MakeCertificate()
    {
        using var pair = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName("cloud.test");
        names.AddIpAddress(IPAddress.Loopback);
        var request = new CertificateRequest("CN=cloud.test", pair, HashAlgorithmName.SHA256) { CertificateExtensions = { names.Build() } };
        using var made = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(30));
        return X509CertificateLoader.LoadPkcs12(made.Export(X509ContentType.Pkcs12), null);
    }
}
