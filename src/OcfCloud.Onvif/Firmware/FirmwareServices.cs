using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using OcfCloud.Core.Storage;

namespace OcfCloud.Onvif.Firmware;

/// <summary>What this folder brings into the container and the pipeline.</summary>
internal static class FirmwareServices
{
    /// <summary>For commands and the host.</summary>
    public static void Add(IServiceCollection services) =>
        services.TryAddSingleton(provider => new FirmwareImages(provider.GetRequiredService<Store>(), provider.GetRequiredService<TimeProvider>()));

    /// <summary>The HTTP endpoints.</summary>
    public static void Map(IEndpointRouteBuilder endpoints) => GetAvailableFirmwareImages.Map(endpoints);
}
