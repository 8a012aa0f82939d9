using OcfCloud.CloudLinking;
using OcfCloud.Core.Audit;
using OcfCloud.Host.Composition;
using OcfCloud.Host.Files;
using OcfCloud.Host.Logging;
using OcfCloud.Host.Settings;

namespace OcfCloud.Host.Commands;

/// <summary>The rooms as a command uses them: on the same store as the host, beside it, without doors.</summary>
internal static class CommandStore
{
    /// <summary>Opens the store, made first where there is none, and runs the work on it.</summary>
    public static async Task RunAsync(SettingsSource source, Func<IServiceProvider, Task> work, CancellationToken cancellation)
    {
        var data = new DataFolder(source.Read(CloudSettings.DataDirectory));
        var services = new ServiceCollection();
        CloudLogging.AddForCommands(services);
        CloudServices.Add(services, source, data, () => PublicUrl.ForCommands(source, data), () => PublicUplink.ForCommands(source, data));
        services.Configure<CloudLinkingOptions>(linking => LinkingSettings.Identify(linking, source, data));
        await using var provider = services.BuildServiceProvider();
        await StoreStart.ApplyMigrationsAsync(provider, source, cancellation);
        using var turn = provider.GetRequiredService<AuditActors>().Begin(() => AuditActor.Command);
        await work(provider);
    }
}
