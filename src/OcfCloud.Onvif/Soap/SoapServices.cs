using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace OcfCloud.Onvif.Soap;

/// <summary>What this folder brings into the container.</summary>
internal static class SoapServices
{
    public static void Add(IServiceCollection services)
    {
        services.TryAddSingleton<CameraCalls>();
        services.TryAddSingleton<ICameraCalls>(provider => provider.GetRequiredService<CameraCalls>());
    }
}
