using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Microsoft.AspNetCore.Authentication.Cookies;
using OcfCloud.Console.Account;
using OcfCloud.Console.Administration;
using OcfCloud.Console.Assets;
using OcfCloud.Console.Cameras;
using OcfCloud.Console.ConnectedClouds;
using OcfCloud.Console.Consent;
using OcfCloud.Console.Devices;
using OcfCloud.Console.LinkedClouds;
using OcfCloud.Console.Security;
using OcfCloud.Console.Sessions;

namespace OcfCloud.Console;

/// <summary>The web console: pages made on the server, of plain HTML that works without script.</summary>
public static class ConsoleServices
{
    /// <summary>Adds it, beside the authorization server, the bearer checks, linked clouds and cameras.</summary>
    public static IServiceCollection AddCloudConsole(this IServiceCollection services, Action<ConsoleOptions> configure)
    {
        services.Configure(configure);
        services.AddSingleton<LogInLimit>();
        services.AddSingleton<MirroredDevices>();
        services.AddSingleton<OwnCameras>();
        services.AddRazorComponents();
        services.AddAntiforgery(options =>
        {
            options.Cookie.Name = "__Host-ocfcloud-form";
            options.Cookie.SecurePolicy = CookieSecurePolicy.Always;
            options.Cookie.SameSite = SameSiteMode.Lax;
        });
        services.AddAuthentication().AddCookie(ConsoleSession.Scheme);
        services.AddOptions<CookieAuthenticationOptions>(ConsoleSession.Scheme)
            .Configure<IOptions<ConsoleOptions>>((cookie, console) => ConsoleSession.Configure(cookie, console.Value.SessionLifetime));
        return services;
    }

    /// <summary>Maps the pages, the authorization endpoint's among them.</summary>
    public static IEndpointRouteBuilder MapCloudConsole(this IEndpointRouteBuilder endpoints)
    {
        AssetEndpoints.Map(endpoints);
        var pages = endpoints.MapGroup("").AddEndpointFilter(PageHeaders.Add).AddEndpointFilter(ConsoleSession.ResumeAsync);
        AuthorizeEndpoint.Map(pages);

        var forms = pages.MapGroup("").AddEndpointFilter(FormGuard.CheckAsync);
        forms.MapGet("/", () => Results.LocalRedirect(ConsolePaths.Devices)).AddEndpointFilter(RequireUser.Any);
        LogInEndpoints.Map(forms);
        DeviceEndpoints.Map(forms);
        ConnectedCloudsEndpoints.Map(forms);
        LinkedCloudsEndpoints.Map(forms);
        CameraEndpoints.Map(forms);
        EnrolmentEndpoints.Map(forms);
        ShareTokenEndpoints.Map(forms);
        ShareEndpoints.Map(forms);
        IncomingShareEndpoints.Map(forms);
        AccountEndpoints.Map(forms);
        ClientEndpoints.Map(forms);
        LinkableCloudEndpoints.Map(forms);
        FirmwareEndpoints.Map(forms);
        RefusedDeviceEndpoints.Map(forms);
        AuditEndpoints.Map(forms);
        return endpoints;
    }
}
