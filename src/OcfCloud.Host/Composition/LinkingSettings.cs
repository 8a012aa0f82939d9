using OcfCloud.CloudLinking;
using OcfCloud.Host.Files;
using OcfCloud.Host.Pki;
using OcfCloud.Host.Settings;

namespace OcfCloud.Host.Composition;

/// <summary>The options of this cloud as Origin Cloud from the operator's settings.</summary>
internal static class LinkingSettings
{
    public static void Apply(CloudLinkingOptions options, SettingsSource source, Uri publicUrl)
    {
        options.PublicUrl = PublicUrl.Written(publicUrl);
        options.PollInterval = source.Read(CloudSettings.LinkedPollInterval);
        options.RequestTimeout = source.Read(CloudSettings.LinkedRequestTimeout);
        options.TokenTimeout = source.Read(CloudSettings.LinkedTokenTimeout);
        options.MaxParallelRequests = source.Read(CloudSettings.LinkedMaxParallelRequests);
        options.MaxParallelBackground = source.Read(CloudSettings.LinkedMaxParallelBackground);
        options.MaxQueued = source.Read(CloudSettings.LinkedMaxQueued);
        options.RestAfter = source.Read(CloudSettings.LinkedRestAfter);
        options.RestWindow = source.Read(CloudSettings.LinkedRestWindow);
        options.RestTime = source.Read(CloudSettings.LinkedRestTime);
        options.MaxRetryAfter = source.Read(CloudSettings.LinkedMaxRetryAfter);
        options.RefreshAhead = source.Read(CloudSettings.LinkedRefreshAhead);
        options.RefreshRetry = source.Read(CloudSettings.LinkedRefreshRetry);
        options.CheckInterval = source.Read(CloudSettings.LinkedCheckInterval);
    }

    /// <summary>Who this cloud is, for a command: as its host would find it, as far as it is there.</summary>
    /// <exception cref="SettingException">The certificate that is named cannot be used.</exception>
    public static void Identify(CloudLinkingOptions options, SettingsSource source, DataFolder data)
    {
        var files = CertificateFiles.Configured(source, CloudSettings.CoapsPath, CloudSettings.CoapsKeyPath) ?? MadeByDevelopment(data);
        if (files is not null)
        {
            var certificate = files.LoadContext();
            options.OwnCertificate = () => certificate;
            options.CloudId = IdentityCertificate.IdOf(certificate.TargetCertificate) ?? default;
        }

        options.CloudId = source.Read(CloudSettings.CloudId) ?? options.CloudId;
    }

    private static CertificateFiles? MadeByDevelopment(DataFolder data)
    {
        var pki = new PkiFolder(data.Pki, TimeProvider.System);
        return File.Exists(pki.Cloud) && File.Exists(pki.CloudKey) ? new CertificateFiles(pki.Cloud, pki.CloudKey) : null;
    }
}
