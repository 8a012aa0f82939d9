using System.Diagnostics.Metrics;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using OcfCloud.Core.Metrics;
using OcfCloud.Core.Outbound;
using OcfCloud.Onvif.Enrolment;
using OcfCloud.Onvif.Firmware;
using OcfCloud.Onvif.Metrics;
using OcfCloud.Onvif.Operation;
using OcfCloud.Onvif.Provisioning;
using OcfCloud.Onvif.ShareTokens;
using OcfCloud.Onvif.Sharing;
using OcfCloud.Onvif.Soap;
using OcfCloud.Onvif.Uplink;

namespace OcfCloud.Onvif;

/// <summary>Brings this room into the container. Core and Identity are added beside it.</summary>
public static class OnvifServices
{
    /// <summary>Where cameras open their uplinks.</summary>
    public const string UplinkPath = UplinkEndpoint.Path;

    /// <summary>Adds what commands and the host need: cameras, share tokens, firmware.</summary>
    public static IServiceCollection AddOnvif(this IServiceCollection services, Action<OnvifOptions> configure)
    {
        services.Configure(configure);
        services.TryAddSingleton<SealedSecrets>();
        services.TryAddSingleton<SharingSignal>();
        services.TryAddSingleton<CloudDoorLimits>();
        services.TryAddSingleton(p => new OutboundGuard(p.GetRequiredService<OutboundOptions>(), p.GetRequiredService<TimeProvider>()));
        EnrolmentServices.Add(services);
        FirmwareServices.Add(services);
        ShareTokenServices.Add(services);
        ProvisioningServices.Add(services);
        OperationServices.Add(services);
        return services;
    }

    /// <summary>Adds what only the host needs: uplinks, and the work that runs by itself.</summary>
    public static IServiceCollection AddOnvifBackground(this IServiceCollection services)
    {
        UplinkServices.Add(services);
        services.TryAddSingleton(p => new OnvifMetrics(p.GetRequiredService<UplinkRegister>(), p.GetService<IMeterFactory>()));
        services.AddSingleton<IRoomMetrics>(p => p.GetRequiredService<OnvifMetrics>());
        services.AddSingleton<IStoreSample>(p => p.GetRequiredService<OnvifMetrics>());
        SoapServices.Add(services);
        EnrolmentServices.AddBackground(services);
        ProvisioningServices.AddBackground(services);
        OperationServices.AddBackground(services);
        UplinkServices.AddBackground(services);
        return services;
    }

    /// <summary>Maps <c>/onvif/cloud</c>, <c>/onvif/uplink</c>, <c>/api/v1/cameras</c> and <c>/api/v1/incoming-shares</c>.</summary>
    public static IEndpointRouteBuilder MapOnvif(this IEndpointRouteBuilder endpoints)
    {
        EnrolmentServices.Map(endpoints);
        FirmwareServices.Map(endpoints);
        ShareTokenServices.Map(endpoints);
        ProvisioningServices.Map(endpoints);
        OperationServices.Map(endpoints);
        UplinkServices.Map(endpoints);
        return endpoints;
    }
}
