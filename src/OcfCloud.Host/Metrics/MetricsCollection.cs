using System.Diagnostics.Metrics;
using OcfCloud.Core.Metrics;
using OcfCloud.Host.Settings;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;

namespace OcfCloud.Host.Metrics;

/// <summary>What is collected, and by what: OpenTelemetry is known here alone, rooms know the meters of .NET.</summary>
internal static class MetricsCollection
{
    // Of the framework those whose labels are bounded. Not System.Net.Http: it names the hosts that are called, which strangers choose.
    private static readonly string[] Framework = ["Microsoft.AspNetCore.Hosting", "Microsoft.AspNetCore.Server.Kestrel", "System.Runtime"];

    public static void Add(IServiceCollection services, SettingsSource source)
    {
        services.AddSingleton(new MetricsOptions { SamplePeriod = source.Read(CloudSettings.MetricsSamplePeriod) });
        services.AddOpenTelemetry()
            .ConfigureResource(resource => resource.AddService("ocfcloud", serviceVersion: typeof(MetricsCollection).Assembly.GetName().Version?.ToString(3)))
            .WithMetrics(metrics => metrics.AddMeter($"{RoomMeter.Prefix}*").AddMeter(Framework).AddPrometheusExporter());
        services.AddSingleton(provider => new HostMetrics(provider.GetRequiredService<IMeterFactory>()));
        services.AddSingleton<IRoomMetrics>(provider => provider.GetRequiredService<HostMetrics>());
    }
}
