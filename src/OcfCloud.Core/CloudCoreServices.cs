using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using OcfCloud.Core.Events;

namespace OcfCloud.Core;

/// <summary>Brings the core into the container. A store is added beside it: <c>AddSqliteStore</c> or <c>AddPostgreSqlStore</c>.</summary>
public static class CloudCoreServices
{
    /// <summary>Adds all services of this room.</summary>
    public static IServiceCollection AddCloudCore(this IServiceCollection services)
    {
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton<OutboxSignal>();
        return services;
    }
}
