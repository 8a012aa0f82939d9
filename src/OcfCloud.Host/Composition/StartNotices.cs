using OcfCloud.Core.Storage;
using OcfCloud.Host.Settings;

namespace OcfCloud.Host.Composition;

/// <summary>What an operator is warned of at every start.</summary>
internal sealed partial class StartNotices(SettingsSource source)
{
    public void Log(ILogger logger)
    {
        if (source.Read(CloudSettings.AllowWithoutCertificate))
        {
            LogWithoutCertificate(logger, CloudSettings.AllowWithoutCertificate.Key);
        }

        if (source.Read(CloudSettings.Provider) == StoreProvider.PostgreSql && source.Read(CloudSettings.KeyRingPath) is null)
        {
            LogBareKeyRing(logger, CloudSettings.KeyRingPath.Key);
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Devices are accepted without a certificate: whoever has a token can be any device ({Key})")]
    private static partial void LogWithoutCertificate(ILogger logger, string key);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The key ring lies in the database as it is: whoever reads the database can sign tokens (set {Key})")]
    private static partial void LogBareKeyRing(ILogger logger, string key);
}
