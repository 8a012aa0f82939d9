using OcfCloud.Core;
using OcfCloud.Core.Audit;
using OcfCloud.Core.Clock;
using OcfCloud.Core.Devices;
using OcfCloud.Core.Directory;
using OcfCloud.Core.Events;
using OcfCloud.Core.Refusals;
using OcfCloud.Core.Subscriptions;
using OcfCloud.Core.Tokens;
using OcfCloud.Core.Twins;
using OcfCloud.Host.Settings;

namespace OcfCloud.Host.Composition;

/// <summary>The core's options from the operator's settings.</summary>
internal static class CoreSettings
{
    public static void Add(IServiceCollection services, SettingsSource source)
    {
        services.AddSingleton(new DeviceTokenOptions
        {
            AccessTokenLifetime = source.Read(CloudSettings.DeviceAccessTokenLifetime),
            OneTimeTokenLifetime = source.Read(CloudSettings.OneTimeTokenLifetime),
        });
        services.AddSingleton(new DeviceQuota
        {
            MaxDevicesPerUser = source.Read(CloudSettings.MaxDevicesPerUser),
            MaxOneTimeTokensPerUser = source.Read(CloudSettings.MaxOneTimeTokensPerUser),
        });
        services.AddSingleton(new DirectoryOptions
        {
            MaxLinksPerDevice = source.Read(CloudSettings.MaxLinks),
            ExpiryPeriod = source.Read(CloudSettings.LinkExpiryPeriod),
        });
        services.AddSingleton(new OnlineStateOptions
        {
            BatchPeriod = source.Read(CloudSettings.OnlineBatchPeriod),
            NodeLease = source.Read(CloudSettings.NodeLease),
            LeaseRenewal = source.Read(CloudSettings.NodeLeaseRenewal),
        });
        services.AddSingleton(new TwinOptions
        {
            BatchPeriod = source.Read(CloudSettings.TwinBatchPeriod),
            SubscribedBatchPeriod = source.Read(CloudSettings.TwinSubscribedBatchPeriod),
            MaxRepresentationSize = source.Read(CloudSettings.MaxTwinRepresentation),
            MaxPendingBytes = source.Read(CloudSettings.MaxTwinPending),
        });
        services.AddSingleton(new SubscriptionOptions
        {
            MaxPerUser = source.Read(CloudSettings.MaxSubscriptionsPerUser),
            MaxPerTarget = source.Read(CloudSettings.MaxSubscriptionsPerTarget),
            MaxUndelivered = source.Read(CloudSettings.MaxUndelivered),
            ClaimTime = ClaimTimeOf(source),
            LongestWait = TimeSpan.FromTicks(Math.Max(ClaimTimeOf(source).Ticks, source.Read(CloudSettings.RetryMax).Ticks)),
        });
        services.AddSingleton(new AuditOptions
        {
            Keep = source.Read(CloudSettings.AuditKeep),
            PrunePeriod = source.Read(CloudSettings.AuditPrunePeriod),
            MaxRefusals = source.Read(CloudSettings.AuditMaxRefusals),
            RefusalWindow = source.Read(CloudSettings.AuditRefusalWindow),
            MaxRefusalsPerWindow = source.Read(CloudSettings.AuditMaxRefusalsPerWindow),
        });
        services.AddSingleton(new DeviceRefusalOptions
        {
            Keep = source.Read(CloudSettings.RefusalKeep),
            MaxUnregistered = source.Read(CloudSettings.MaxRefusedDevices),
            BatchPeriod = source.Read(CloudSettings.RefusalBatchPeriod),
            PrunePeriod = source.Read(CloudSettings.RefusalPrunePeriod),
        });
        services.AddSingleton(new OutboxOptions
        {
            PollPeriod = source.Read(CloudSettings.OutboxPollPeriod),
            RetryPeriod = source.Read(CloudSettings.OutboxRetryPeriod),
            TrustWithoutHints = source.Read(CloudSettings.TrustWithoutHints),
        });
    }

    /// <summary>The clock of the host, which outlives steps of the system's.</summary>
    public static void AddClock(IServiceCollection services, SettingsSource source)
    {
        var options = new ClockOptions { SteadyAfter = source.Read(CloudSettings.ClockSteadyAfter), MaxStep = source.Read(CloudSettings.ClockMaxStep) };
        services.AddSteadyClock(options);
    }

    // A few attempts and what surrounds them: a claim holds longer than its sender works on it.
    private static TimeSpan ClaimTimeOf(SettingsSource source) => (3 * source.Read(CloudSettings.DeliveryTimeout)) + TimeSpan.FromSeconds(10);
}
