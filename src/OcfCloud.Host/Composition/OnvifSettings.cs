using OcfCloud.Host.Files;
using OcfCloud.Host.Settings;
using OcfCloud.Identity.DeviceClients;
using OcfCloud.Onvif;

namespace OcfCloud.Host.Composition;

/// <summary>The options of the ONVIF room from the operator's settings.</summary>
internal static class OnvifSettings
{
    public static void Apply(OnvifOptions options, SettingsSource source, DataFolder data, Uri publicUrl, Uri? publicUplink)
    {
        options.PublicUrl = PublicUrl.Written(publicUrl);
        options.PublicUplink = publicUplink is null ? "" : PublicUrl.Written(publicUplink);
        options.MaxUplinks = source.Read(CloudSettings.MaxUplinks);
        options.UplinkPing = source.Read(CloudSettings.UplinkPing);
        options.UplinkPingTimeout = source.Read(CloudSettings.UplinkPingTimeout);
        options.UplinkCloseTimeout = source.Read(CloudSettings.UplinkCloseTimeout);
        options.UplinkRetryAfter = source.Read(CloudSettings.UplinkRetryAfter);
        options.UplinkBatchPeriod = source.Read(CloudSettings.UplinkBatchPeriod);
        options.InformationRetryFirst = source.Read(CloudSettings.InformationRetryFirst);
        options.InformationRetryMax = source.Read(CloudSettings.InformationRetryMax);
        options.MaxAnswerSize = source.Read(CloudSettings.MaxAnswerSize);
        options.ShareTokenLifetime = source.Read(CloudSettings.ShareTokenLifetime);
        options.ShareTimeout = source.Read(CloudSettings.ShareTimeout);
        options.TransferConfirmAfter = source.Read(CloudSettings.TransferConfirmAfter);
        options.TransferTimeout = source.Read(CloudSettings.TransferTimeout);
        options.NotifyRetryFirst = source.Read(CloudSettings.NotifyRetryFirst);
        options.NotifyRetryMax = source.Read(CloudSettings.NotifyRetryMax);
        options.NotifyGiveUpAfter = source.Read(CloudSettings.NotifyGiveUpAfter);
        options.KeyGenerationTimeout = source.Read(CloudSettings.KeyGenerationTimeout);
        options.DeviceCallTimeout = source.Read(CloudSettings.DeviceCallTimeout);
        options.AccessTokenLifetime = source.Read(CloudSettings.CameraTokenLifetime);
        options.TrustAnchors = CameraAnchors.Of(source, data);
        options.CloudCallTimeout = source.Read(CloudSettings.CloudCallTimeout);
        options.PreCheckTimeout = source.Read(CloudSettings.PreCheckTimeout);
        options.WorkLease = source.Read(CloudSettings.ShareWorkLease);
        options.LookInterval = source.Read(CloudSettings.ShareLookInterval);
        options.MaxParallelShares = source.Read(CloudSettings.MaxParallelShares);
        options.MaxCamerasPerUser = source.Read(CloudSettings.MaxCamerasPerUser);
        options.MaxOpenShareTokens = source.Read(CloudSettings.MaxOpenShareTokens);
        options.MaxSharesPerCamera = source.Read(CloudSettings.MaxSharesPerCamera);
        options.MaxConfigurationSize = source.Read(CloudSettings.MaxConfigurationSize);
        options.MaxIncomingShares = source.Read(CloudSettings.MaxIncomingShares);
        options.MaxCloudCallsPerMinute = source.Read(CloudSettings.MaxCloudCalls);
        options.MaxFirmwareQueriesPerMinute = source.Read(CloudSettings.MaxFirmwareQueries);
    }

    public static void Apply(DeviceClientOptions options, SettingsSource source)
    {
        options.AllowShortRsaKeys = source.Read(CloudSettings.AllowShortRsaKeys);
        options.MaxLiveAssertions = source.Read(CloudSettings.MaxLiveAssertions);
    }
}
