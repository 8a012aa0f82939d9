using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using OcfCloud.Core.Requests;

namespace OcfCloud.CloudLinking.RemoteRequests;

/// <summary>Brings requests to mirrored devices into the container; the doors find them by the ports of the core.</summary>
internal static class RemoteRequestServices
{
    /// <summary>Adds <see cref="IMirroredRequests"/> and <see cref="IMirroredObservations"/>.</summary>
    public static IServiceCollection AddRemoteRequests(this IServiceCollection services)
    {
        services.TryAddSingleton<RemoteEncodings>();
        services.TryAddSingleton<IMirroredRequests, MirroredRequests>();
        services.TryAddSingleton<IMirroredObservations, MirroredObservations>();
        return services;
    }
}
