using Microsoft.Extensions.DependencyInjection;

namespace OcfCloud.Onvif.Soap;

/// <summary>What this folder brings into the container.</summary>
internal static class SoapServices
{
    public static void Add(IServiceCollection services)
    {
    }
}
