using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace OcfCloud.Onvif.Provisioning;

/// <summary>What this folder brings into the container and the pipeline.</summary>
internal static class ProvisioningServices
{
    /// <summary>For commands and the host.</summary>
    public static void Add(IServiceCollection services)
    {
    }

    /// <summary>What runs by itself as long as the host does.</summary>
    public static void AddBackground(IServiceCollection services)
    {
    }

    /// <summary>The HTTP endpoints.</summary>
    public static void Map(IEndpointRouteBuilder endpoints)
    {
    }
}
