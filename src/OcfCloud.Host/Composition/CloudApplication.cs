using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using OcfCloud.CloudApi.Correlation;
using OcfCloud.CloudApi.Devices;
using OcfCloud.CloudApi.Mediator;
using OcfCloud.CloudApi.Notifications;
using OcfCloud.CloudApi.Problems;
using OcfCloud.CloudApi.Subscriptions;
using OcfCloud.CloudLinking;
using OcfCloud.CloudLinking.EventReceiver;
using OcfCloud.Console;
using OcfCloud.Core;
using OcfCloud.Core.Certificates;
using OcfCloud.Core.Storage;
using OcfCloud.DeviceGateway;
using OcfCloud.DeviceGateway.Tls;
using OcfCloud.Host.Development;
using OcfCloud.Host.Endpoints;
using OcfCloud.Host.Endpoints.Proxies;
using OcfCloud.Host.Files;
using OcfCloud.Host.Health;
using OcfCloud.Host.Logging;
using OcfCloud.Host.Metrics;
using OcfCloud.Host.OpenApi;
using OcfCloud.Host.Pki;
using OcfCloud.Host.Settings;
using OcfCloud.Identity;
using OcfCloud.Identity.AuthorizationServer;
using OcfCloud.Identity.Http;
using OcfCloud.Onvif;

namespace OcfCloud.Host.Composition;

/// <summary>Puts the rooms together: the one place that knows all of them.</summary>
internal static class CloudApplication
{
    /// <summary>Builds the host, not started yet.</summary>
    /// <exception cref="SettingException">A setting of a room cannot be used.</exception>
    public static WebApplication Build(SettingsSource source, DataFolder data, ListenSockets sockets, CloudCertificates certificates, Uri publicUrl)
    {
        // Empty: nothing listens, reads or logs that is not named here (ASPNETCORE_URLS of a base image, for one).
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions
        {
            EnvironmentName = source.Environment,
            ContentRootPath = AppContext.BaseDirectory,
        });
        var services = builder.Services;
        CloudLogging.Add(services, source);
        MetricsCollection.Add(services, source);
        CoreSettings.AddClock(services, source);
        services.AddRouting();
        services.AddProblemAnswers();
        services.Configure<HostOptions>(options => options.ShutdownTimeout = source.Read(CloudSettings.StopTimeout));

        CloudServices.Add(services, source, data, () => publicUrl, () => PublicUplink.Of(source, publicUrl, sockets.Uplink?.Local.Port));
        services.AddCloudCoreBackground();
        services.AddCloudLinkingBackground();
        services.AddOnvifBackground();
        AddDoors(services, source, sockets, certificates, publicUrl);
        services.AddSingleton(provider => new HttpsCertificate(
            certificates.Https, source.Read(CloudSettings.ReloadInterval), provider.GetRequiredService<TimeProvider>(), provider.GetRequiredService<ILogger<HttpsCertificate>>()));
        services.AddHostedService(provider => provider.GetRequiredService<HttpsCertificate>());
        services.AddHostedService(provider => ActivatorUtilities.CreateInstance<CertificateExpiry>(
            provider, OwnCertificates(provider, source), source.Read(CloudSettings.WarnBefore), source.Read(CloudSettings.ReloadInterval)));
        services.AddSingleton<UplinkDoor>();
        services.AddSingleton(new TrustedProxies(source.Read(CloudSettings.TrustedProxies)));
        ApiDocument.Add(services);
        if (sockets.MutualTls is not null) AddPeerDoor(services, source);
        services.AddSingleton(new StartNotices(source));
        if (source.IsDevelopment)
        {
            services.AddSingleton(provider => ActivatorUtilities.CreateInstance<DemoUser>(provider, data));
            services.AddSingleton<SimulatorClient>();
            services.AddSingleton<ApiPageClient>();
            services.AddHostedService(provider => ActivatorUtilities.CreateInstance<SimulatorToken>(provider, data));
        }

        Listen(builder, source, sockets);
        var app = BuildChecked(builder);
        app.Services.GetRequiredService<StartNotices>().Log(app.Logger);
        UsePipeline(app, source, publicUrl);
        return app;
    }

    // The endpoints are laid out while the host is built, and the device door reads its files for that.
    private static WebApplication BuildChecked(WebApplicationBuilder builder)
    {
        try
        {
            var app = builder.Build();
            app.Services.GetRequiredService<DeviceTls>();
            app.Services.GetService<PeerDoor>();
            return app;
        }
        catch (DeviceTlsException e)
        {
            throw GatewaySettings.Refusal(e);
        }
        catch (UnusableAnchorsException e)
        {
            throw new SettingException(e.Setting is { } number ? $"{CloudSettings.PeerTrustAnchors.Key}:{number}" : CloudSettings.PeerTrustAnchors.Key, e.Message);
        }
    }

    private static void AddDoors(IServiceCollection services, SettingsSource source, ListenSockets sockets, CloudCertificates certificates, Uri publicUrl)
    {
        services.AddDeviceGateway(options => GatewaySettings.Apply(options, source));
        services.AddDeviceTls(options => GatewaySettings.Apply(options, source, certificates));
        services.AddOptions<CloudLinkingOptions>().Configure<CloudCertificate>((linking, coaps) =>
        {
            linking.CloudId = certificates.CloudId;
            linking.OwnCertificate = () => coaps.Current;
        });
        services.AddMediatorApi(options =>
        {
            options.AuthorizationProvider = source.Read(CloudSettings.AuthProvider);
            options.CloudId = certificates.CloudId;
            options.CloudUri = source.Read(CloudSettings.PublicCoaps) ?? $"coaps+tcp://{publicUrl.Host}:{sockets.Coaps.Local.Port}";
        });
        services.AddDevicesApi();
        var outbound = OutboundSettings.Of(source);
        services.AddSingleton(outbound);
        services.AddCloudBearerChecks(
            external =>
            {
                external.Authority = source.Read(CloudSettings.Authority);
                external.Audience = source.Read(CloudSettings.Audience) ?? "";
                external.UserClaim = source.Read(CloudSettings.UserClaim);
                external.TrustAnchors.AddRange(outbound.TrustAnchors);
            },
            users => users.CheckInterval = source.Read(CloudSettings.UserCheckInterval));
        services.AddSubscriptionsApi(new NotificationOptions
        {
            GiveUpAfter = source.Read(CloudSettings.GiveUpAfter),
            DeliveryTimeout = source.Read(CloudSettings.DeliveryTimeout),
            RetryFirst = source.Read(CloudSettings.RetryFirst),
            RetryMax = source.Read(CloudSettings.RetryMax),
            MaxParallel = source.Read(CloudSettings.MaxParallelDeliveries),
            MaxParallelPerHost = source.Read(CloudSettings.MaxParallelDeliveriesPerHost),
            MaxParallelPerClient = source.Read(CloudSettings.MaxParallelDeliveriesPerClient) ?? 0,
            FirstDelay = source.Read(CloudSettings.FirstDelay),
        });
        services.AddCloudAuthorizationServer(options =>
        {
            options.RefreshTokenLifetime = source.Read(CloudSettings.RefreshTokenLifetime);
            options.AuthorizationCodeLifetime = source.Read(CloudSettings.AuthorizationCodeLifetime);
            options.RefreshTokenLeeway = source.Read(CloudSettings.RefreshTokenLeeway);
            options.RevocationCheckInterval = source.Read(CloudSettings.RevocationCheckInterval);
            options.CallWritePeriod = source.Read(CloudSettings.CallWritePeriod);
            options.PrunePeriod = source.Read(CloudSettings.PrunePeriod);
        });
        services.AddCloudConsole(options =>
        {
            options.SessionLifetime = source.Read(CloudSettings.SessionLifetime);
            options.MaxSessionAge = source.Read(CloudSettings.MaxSessionAge);
            options.AllowRegistration = source.Read(CloudSettings.AllowRegistration);
            options.MaxLogInsPerMinute = source.Read(CloudSettings.MaxLogInsPerMinute);
            options.SendStrictTransportSecurity = !source.IsDevelopment;
        });
    }

    private static List<OwnCertificate> OwnCertificates(IServiceProvider provider, SettingsSource source)
    {
        var https = provider.GetRequiredService<HttpsCertificate>();
        var coaps = provider.GetRequiredService<CloudCertificate>();
        List<OwnCertificate> own = [OwnCertificate.Of("https", () => https.Current.ServerCertificateContext!), OwnCertificate.Of("coaps", () => coaps.Current)];
        if (source.Read(CloudSettings.Provider) == StoreProvider.PostgreSql && CloudServices.KeyRingCertificate(source) is { } keyRing) own.Add(OwnCertificate.Of("keyring", keyRing));
        return own;
    }

    private static void AddPeerDoor(IServiceCollection services, SettingsSource source)
    {
        services.AddSingleton(provider => ActivatorUtilities.CreateInstance<PeerDoor>(provider, source.Read(CloudSettings.PeerTrustAnchors), source.Read(CloudSettings.ReloadInterval)));
        services.AddHostedService(provider => provider.GetRequiredService<PeerDoor>());
    }

    private static void Listen(WebApplicationBuilder builder, SettingsSource source, ListenSockets sockets)
    {
        builder.WebHost.UseKestrelCore();
        builder.WebHost.UseKestrelHttpsConfiguration();
        builder.WebHost.ConfigureKestrel(kestrel => CloudEndpoints.Listen(kestrel, source, sockets));
        builder.Services.Configure<SocketTransportOptions>(options =>
        {
            options.Backlog = source.Read(CloudSettings.ListenBacklog);
            options.CreateBoundListenSocket = sockets.SocketOf;
        });
    }

    private static void UsePipeline(WebApplication app, SettingsSource source, Uri publicUrl)
    {
        app.UseForwardedRequests(app.Services.GetRequiredService<TrustedProxies>());
        app.UseCorrelationId();
        app.UseRequestActors();
        app.UseProblemAnswers(source.Read(CloudSettings.MaxRequestBodySize));
        app.UsePlainHttpRedirect(publicUrl);
        app.UsePeerDoor();
        app.UseUplinkDoor();
        app.UseMetricsDoor(MetricsEndpoint.NetworksOf(source));
        app.UseApiPage(source.IsDevelopment);
        app.UseRouting();
        app.UseCloudAuthorizationServer();
        app.UseAuthentication();
        app.UseAuthorization();
        app.MapHealth(source.Read(CloudSettings.HealthTimeout));
        app.MapMetrics();
        ApiDocument.Map(app);
        app.MapMediatorApi();
        app.MapDevicesApi();
        app.MapSubscriptionsApi();
        app.MapEventReceiver();
        app.MapOnvif();
        app.MapCloudConsole();
    }
}
