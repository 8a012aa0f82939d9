using OcfCloud.CloudLinking;
using OcfCloud.CloudLinking.LinkedAccounts;
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
        options.TokenSaveTime = source.Read(CloudSettings.LinkedTokenSaveTime);
        options.MaxParallelRequests = source.Read(CloudSettings.LinkedMaxParallelRequests);
        options.MaxParallelBackground = source.Read(CloudSettings.LinkedMaxParallelBackground);
        options.MaxQueued = source.Read(CloudSettings.LinkedMaxQueued);
        options.MaxParallelPerAccount = source.Read(CloudSettings.LinkedMaxParallelPerAccount);
        options.MaxQueuedPerAccount = source.Read(CloudSettings.LinkedMaxQueuedPerAccount);
        options.RestAfter = source.Read(CloudSettings.LinkedRestAfter);
        options.RestWindow = source.Read(CloudSettings.LinkedRestWindow);
        options.RestTime = source.Read(CloudSettings.LinkedRestTime);
        options.MaxRetryAfter = source.Read(CloudSettings.LinkedMaxRetryAfter);
        options.RefreshAhead = source.Read(CloudSettings.LinkedRefreshAhead);
        options.RefreshRetry = source.Read(CloudSettings.LinkedRefreshRetry);
        options.RefreshRetryMax = source.Read(CloudSettings.LinkedRefreshRetryMax);
        options.CheckInterval = source.Read(CloudSettings.LinkedCheckInterval);
        options.InterestTime = source.Read(CloudSettings.LinkedInterestTime);
        options.MaxAnswerSize = source.Read(CloudSettings.LinkedMaxAnswerSize);
        options.ObservationRetry = source.Read(CloudSettings.LinkedObservationRetry);
        options.MaxAccounts = source.Read(CloudSettings.LinkedMaxAccounts);
        options.MaxAccountsPerCloud = source.Read(CloudSettings.LinkedMaxAccountsPerCloud);
        options.TurnTime = source.Read(CloudSettings.LinkedTurnTime);
        options.WorkLease = source.Read(CloudSettings.LinkedWorkLease);
        options.LookInterval = source.Read(CloudSettings.LinkedLookInterval);
        options.SilenceLimit = source.Read(CloudSettings.LinkedSilenceLimit);
        options.EventsProbeInterval = source.Read(CloudSettings.LinkedEventsProbeInterval);
        options.ResubscribeDelay = source.Read(CloudSettings.LinkedResubscribeDelay);
        options.MaxParallelSubscriptions = source.Read(CloudSettings.LinkedMaxParallelSubscriptions);
        options.RetryFirst = source.Read(CloudSettings.LinkedRetryFirst);
        options.RetryMax = source.Read(CloudSettings.LinkedRetryMax);
        options.MaxDevices = source.Read(CloudSettings.LinkedMaxDevices);
        options.MaxLinksPerDevice = source.Read(CloudSettings.LinkedMaxLinksPerDevice);
        options.MaxListSize = source.Read(CloudSettings.LinkedMaxListSize);
        options.MaxEventSize = source.Read(CloudSettings.LinkedMaxEventSize);
        options.MaxInboxEvents = source.Read(CloudSettings.LinkedMaxInboxEvents);
        options.MaxInboxBytes = source.Read(CloudSettings.LinkedMaxInboxBytes);
        options.EventAhead = source.Read(CloudSettings.LinkedEventAhead);
        options.EventAge = source.Read(CloudSettings.LinkedEventAge);
    }

    public static void Apply(LinkedAccountOptions options, SettingsSource source)
    {
        options.PollPeriod = source.Read(CloudSettings.LinkedLookInterval);
        options.TurnTime = source.Read(CloudSettings.LinkedTurnTime);
        options.AttemptLifetime = source.Read(CloudSettings.LinkedLinkTimeout);
        options.RetryFirst = source.Read(CloudSettings.LinkedUnlinkRetryFirst);
        options.RetryMax = source.Read(CloudSettings.LinkedUnlinkRetryMax);
        options.GiveUpAfter = source.Read(CloudSettings.LinkedUnlinkGiveUpAfter);
        options.MaxParallel = source.Read(CloudSettings.LinkedUnlinkMaxParallel);
        options.MaxParallelPerCloud = source.Read(CloudSettings.LinkedUnlinkMaxParallelPerCloud);
        options.MaxOpenAttempts = source.Read(CloudSettings.LinkedMaxOpenAttempts);
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
