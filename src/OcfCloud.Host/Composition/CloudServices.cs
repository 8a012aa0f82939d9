using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using OcfCloud.CloudLinking;
using OcfCloud.CloudLinking.LinkedAccounts;
using OcfCloud.Core;
using OcfCloud.Core.Storage;
using OcfCloud.Host.Files;
using OcfCloud.Host.Pki;
using OcfCloud.Host.Settings;
using OcfCloud.Identity;
using OcfCloud.Identity.DeviceClients;
using OcfCloud.Identity.KeyRing;
using OcfCloud.Onvif;
using OcfCloud.Storage.PostgreSql;
using OcfCloud.Storage.Sqlite;

namespace OcfCloud.Host.Composition;

/// <summary>What the host and the commands have in common: core, its store, users and keys.</summary>
internal static class CloudServices
{
    /// <summary>Adds them, as the settings say; what only tokens need is read when one is issued.</summary>
    /// <exception cref="SettingException">A setting of these cannot be used.</exception>
    public static void Add(IServiceCollection services, SettingsSource source, DataFolder data, Func<Uri> publicUrl, Func<Uri?> publicUplink)
    {
        CoreSettings.Add(services, source);
        services.AddCloudCore();
        var isShared = AddStore(services, source, data);
        services.AddCloudIdentity(
            tokens =>
            {
                tokens.Issuer = PublicUrl.Written(publicUrl());
                tokens.AccessTokenLifetime = source.Read(CloudSettings.AccessTokenLifetime);
                tokens.SigningKeyLifetime = source.Read(CloudSettings.SigningKeyLifetime);
            },
            isShared ? new KeyRingOptions { Certificate = KeyRingCertificate(source) } : new KeyRingOptions { Folder = data.Keys });
        services.AddSingleton(_ => OutboundSettings.Of(source));
        services.AddCloudLinking(linking => LinkingSettings.Apply(linking, source, publicUrl()));
        services.AddOnvif(onvif => OnvifSettings.Apply(onvif, source, data, publicUrl(), publicUplink()));
        services.Configure<DeviceClientOptions>(devices => OnvifSettings.Apply(devices, source));
        services.Configure<LinkedAccountOptions>(accounts => LinkingSettings.Apply(accounts, source));
    }

    /// <summary>The RSA certificate that wraps the key ring in a shared store; null where none is named.</summary>
    /// <exception cref="SettingException">It cannot be used for that.</exception>
    public static X509Certificate2? KeyRingCertificate(SettingsSource source)
    {
        if (CertificateFiles.Configured(source, CloudSettings.KeyRingPath, CloudSettings.KeyRingKeyPath) is not { } files)
        {
            return null;
        }

        var certificate = files.LoadLeaf();
        using RSA? key = certificate.GetRSAPrivateKey();
        return key is null
            ? throw SettingException.Refused(CloudSettings.KeyRingPath, source, "has no RSA key, and Data Protection takes no other")
            : certificate;
    }

    private static bool AddStore(IServiceCollection services, SettingsSource source, DataFolder data)
    {
        SettingRules.CheckStore(source);
        AtomicFile.CreatePrivateFolder(data.Path);
        if (source.Read(CloudSettings.Provider) == StoreProvider.PostgreSql)
        {
            services.AddPostgreSqlStore(source.Read(CloudSettings.ConnectionString)!, data.Path);
            return true;
        }

        AtomicFile.CreatePrivateFolder(data.Keys);
        AtomicFile.EnsureSecret(data.Database);
        services.AddSqliteStore(data.Path, source.Read(CloudSettings.StoreWriteTimeout));
        return false;
    }
}
