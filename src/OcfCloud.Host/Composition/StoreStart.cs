using System.Data.Common;
using OcfCloud.Core.Storage;
using OcfCloud.Host.Settings;

namespace OcfCloud.Host.Composition;

/// <summary>The first use of the store: what is wrong with it then is wrong with what the operator set.</summary>
internal static class StoreStart
{
    /// <summary>Brings the store to the model of this version; makes it where there is none.</summary>
    /// <exception cref="SettingException">It cannot be reached or used.</exception>
    public static async Task ApplyMigrationsAsync(IServiceProvider services, SettingsSource source, CancellationToken cancellation)
    {
        try
        {
            await services.GetRequiredService<StoreMigration>().ApplyAsync(cancellation);
        }
        catch (Exception e) when (e is StoreUnavailableException or DbException)
        {
            var reason = $"cannot be used as the store: {e.GetBaseException().Message}";
            throw source.Read(CloudSettings.Provider) == StoreProvider.PostgreSql
                // Without its value, which holds the password.
                ? new SettingException(CloudSettings.ConnectionString.Key, reason)
                : new SettingException(CloudSettings.DataDirectory.Key, source.Text(CloudSettings.DataDirectory.Key) ?? CloudSettings.DataDirectory.DefaultText!, reason);
        }
    }
}
