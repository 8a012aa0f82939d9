using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using OcfCloud.Core.AccessRules;
using OcfCloud.Core.Audit;
using OcfCloud.Core.Clock;
using OcfCloud.Core.Devices;
using OcfCloud.Core.Directory;
using OcfCloud.Core.Events;
using OcfCloud.Core.Metrics;
using OcfCloud.Core.Mirrors;
using OcfCloud.Core.Refusals;
using OcfCloud.Core.Storage;
using OcfCloud.Core.Subscriptions;
using OcfCloud.Core.Tokens;
using OcfCloud.Core.Twins;

namespace OcfCloud.Core;

/// <summary>Brings the core into the container. A store is added beside it: <c>AddSqliteStore</c> or <c>AddPostgreSqlStore</c>.</summary>
public static class CloudCoreServices
{
    /// <summary>Adds all services of this room but those that run by themselves: what a command needs.</summary>
    /// <remarks>Option classes (<see cref="DeviceTokenOptions"/>, <see cref="DeviceQuota"/>, <see cref="DirectoryOptions"/>, <see cref="OnlineStateOptions"/>, <see cref="TwinOptions"/>,
    /// <see cref="OutboxOptions"/>, <see cref="SubscriptionOptions"/>, <see cref="AuditOptions"/>, <see cref="DeviceRefusalOptions"/>, <see cref="MetricsOptions"/>) are singletons with
    /// their defaults unless they were added before.</remarks>
    public static IServiceCollection AddCloudCore(this IServiceCollection services)
    {
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton<DeviceTokenOptions>();
        services.TryAddSingleton<DeviceQuota>();
        services.TryAddSingleton<DirectoryOptions>();
        services.TryAddSingleton<OnlineStateOptions>();
        services.TryAddSingleton<TwinOptions>();
        services.TryAddSingleton<OutboxOptions>();
        services.TryAddSingleton<SubscriptionOptions>();
        services.TryAddSingleton<AuditOptions>();
        services.TryAddSingleton<DeviceRefusalOptions>();

        services.TryAddSingleton<MetricsOptions>();
        services.AddSingleton(p => new CoreMetrics(p.GetService<IMeterFactory>(), p.GetRequiredService<TimeProvider>()));
        services.AddSingleton<IRoomMetrics>(p => p.GetRequiredService<CoreMetrics>());
        services.AddSingleton<IStoreSample>(p => p.GetRequiredService<CoreMetrics>());

        services.AddSingleton<OutboxSignal>();
        services.AddSingleton(p => new Store(
            p.GetRequiredService<IStoreDialect>(), p.GetServices<IModelContribution>(), p.GetRequiredService<OutboxSignal>(), p.GetRequiredService<TimeProvider>(),
            p.GetRequiredService<StoreOptions>(), p.GetRequiredService<CoreMetrics>()));
        services.AddSingleton(p => new StoreMigration(p.GetRequiredService<Store>(), p.GetRequiredService<StoreOptions>(), p.GetRequiredService<TimeProvider>()));
        // For what wants a context of its own (OpenIddict's stores); whatever is written together with an event goes through Store.
        services.AddScoped(p => p.GetRequiredService<Store>().CreateSavingContext());

        services.AddSingleton<Hints>();
        services.AddSingleton<IHints>(p => p.GetRequiredService<Hints>());
        services.AddSingleton<Outbox>();
        services.AddSingleton(p => new Announcements(p.GetRequiredService<Outbox>()));
        AddAudit(services);
        AddDevices(services);
        AddTokens(services);
        AddSubscriptions(services);

        services.AddSingleton<LinkRemoval>();
        services.AddSingleton(p => new ResourceDirectory(
            p.GetRequiredService<Store>(), p.GetRequiredService<LinkRemoval>(), p.GetRequiredService<Outbox>(), p.GetRequiredService<DirectoryOptions>(),
            p.GetRequiredService<TimeProvider>()));
        services.AddSingleton(p => new AccessRuleStore(
            p.GetRequiredService<Store>(), p.GetRequiredService<Outbox>(), p.GetRequiredService<SubscriptionRevocation>(), p.GetRequiredService<AuditTrail>()));
        services.AddSingleton(p => new AccessRuleCache(p.GetRequiredService<AccessRuleStore>(), p.GetRequiredService<IHints>()));
        services.AddSingleton(p => new AccessRefusals(
            p.GetRequiredService<Store>(), p.GetRequiredService<AuditedRefusals>(), p.GetRequiredService<TimeProvider>(), p.GetRequiredService<ILogger<AccessRefusals>>()));
        services.AddSingleton(p => new TwinStore(p.GetRequiredService<Store>()));
        services.AddSingleton(p => new TwinWriter(
            p.GetRequiredService<Store>(), p.GetRequiredService<SubscriptionInterest>(), p.GetRequiredService<TwinOptions>(), p.GetRequiredService<TimeProvider>(),
            p.GetRequiredService<CoreMetrics>(), p.GetRequiredService<ILogger<TwinWriter>>()));
        return services;
    }

    /// <summary>Adds what runs by itself as long as the host does. Before the doors open the host awaits <see cref="StoreMigration.ApplyAsync"/> and
    /// <see cref="OnlineState.ClearFormerLifeAsync"/>.</summary>
    public static IServiceCollection AddCloudCoreBackground(this IServiceCollection services)
    {
        services.AddHostedService<OutboxDispatcher>();
        services.AddHostedService(p => p.GetRequiredService<OnlineState>());
        services.AddHostedService<NodeLeaseRenewal>();
        services.AddHostedService<StoreSampling>();
        services.AddHostedService<LinkExpiry>();
        services.AddHostedService(p => p.GetRequiredService<SubscriptionInterest>());
        services.AddHostedService(p => p.GetRequiredService<TwinWriter>());
        services.AddHostedService(p => p.GetRequiredService<AccessRefusals>());
        services.AddHostedService(p => p.GetRequiredService<AuditedRefusals>());
        services.AddHostedService<AuditPruning>();
        services.AddHostedService(p => p.GetRequiredService<DeviceRefusals>());
        return services;
    }

    /// <summary>Adds the clock of a process that runs for long, and who watches it. Before <see cref="AddCloudCore"/>, which takes the system's where there is none.</summary>
    public static IServiceCollection AddSteadyClock(this IServiceCollection services, ClockOptions options)
    {
        services.AddSingleton(options);
        var clock = new SteadyClock(TimeProvider.System, options);
        services.AddSingleton(clock);
        services.AddSingleton<TimeProvider>(clock);
        services.AddHostedService<ClockWatch>();
        return services;
    }

    private static void AddAudit(IServiceCollection services)
    {
        services.AddSingleton<AuditActors>();
        services.AddSingleton(p => new AuditTrail(p.GetRequiredService<AuditActors>(), p.GetRequiredService<TimeProvider>()));
        services.AddSingleton(p => new AuditLog(p.GetRequiredService<Store>()));
        services.AddSingleton(p => new AuditedRefusals(
            p.GetRequiredService<Store>(), p.GetRequiredService<AuditActors>(), p.GetRequiredService<AuditOptions>(), p.GetRequiredService<TimeProvider>(),
            p.GetRequiredService<ILogger<AuditedRefusals>>()));
        services.AddSingleton(p => new DeviceRefusals(
            p.GetRequiredService<Store>(), p.GetRequiredService<DeviceRefusalOptions>(), p.GetRequiredService<TimeProvider>(),
            p.GetRequiredService<ILogger<DeviceRefusals>>()));
    }

    private static void AddDevices(IServiceCollection services)
    {
        services.AddSingleton<SessionNumbers>();
        services.AddSingleton<SessionRevocation>();
        services.AddSingleton(p => new NodeIdentity(p.GetRequiredService<StoreOptions>()));
        services.AddSingleton(p => new NodeLife(p.GetRequiredService<Store>(), p.GetRequiredService<NodeIdentity>(), p.GetRequiredService<OnlineStateOptions>()));
        services.AddSingleton<NodeLease>();
        services.AddSingleton(p => new OnlineState(
            p.GetRequiredService<Store>(), p.GetRequiredService<NodeIdentity>(), p.GetRequiredService<NodeLease>(), p.GetRequiredService<Outbox>(),
            p.GetRequiredService<Hints>(), p.GetRequiredService<OnlineStateOptions>(), p.GetRequiredService<TimeProvider>(),
            p.GetRequiredService<CoreMetrics>(), p.GetRequiredService<ILogger<OnlineState>>()));
        services.AddSingleton<SignUp>();
        services.AddSingleton<SignIn>();
        services.AddSingleton<TokenRefresh>();
        services.AddSingleton<DeviceRemoval>();
        services.AddSingleton(p => new DeviceAccounts(
            p.GetRequiredService<Store>(), p.GetRequiredService<SignUp>(), p.GetRequiredService<SignIn>(), p.GetRequiredService<TokenRefresh>(),
            p.GetRequiredService<DeviceRemoval>(), p.GetRequiredService<Outbox>(), p.GetRequiredService<TimeProvider>()));
        services.AddSingleton(p => new DeviceListing(p.GetRequiredService<Store>(), p.GetRequiredService<TimeProvider>()));
        services.AddSingleton(p => new UserErasure(
            p.GetRequiredService<Store>(), p.GetRequiredService<DeviceRemoval>(), p.GetRequiredService<SubscriptionRevocation>(), p.GetRequiredService<Outbox>(),
            p.GetServices<IUserBelongings>()));
        services.AddSingleton(p => new MirrorStore(p.GetRequiredService<Store>(), p.GetRequiredService<Outbox>(), p.GetRequiredService<TimeProvider>()));
        services.AddSingleton(p => new MirrorCache(p.GetRequiredService<MirrorStore>(), p.GetRequiredService<IHints>()));
    }

    private static void AddSubscriptions(IServiceCollection services)
    {
        services.AddSingleton(p => new SubscriptionStore(
            p.GetRequiredService<Store>(), p.GetRequiredService<Outbox>(), p.GetRequiredService<SubscriptionOptions>(), p.GetRequiredService<TimeProvider>()));
        services.AddSingleton(p => new SubscriptionRevocation(p.GetRequiredService<Outbox>(), p.GetRequiredService<TimeProvider>()));
        services.AddSingleton<SubscriptionInterest>();
        services.AddSingleton<NotificationWriter>();
        services.AddSingleton<SubscriptionDispatch>();
        services.AddSingleton<DeliverySettlement>();
        services.AddSingleton(p => new DeliveryQueue(
            p.GetRequiredService<Store>(), p.GetRequiredService<NodeIdentity>(), p.GetRequiredService<DeliverySettlement>(),
            p.GetRequiredService<SubscriptionOptions>(), p.GetRequiredService<TimeProvider>()));
    }

    private static void AddTokens(IServiceCollection services)
    {
        services.AddSingleton<TokenFamilies>();
        services.AddSingleton(p => new OneTimeTokens(
            p.GetRequiredService<Store>(), p.GetRequiredService<DeviceTokenOptions>(), p.GetRequiredService<DeviceQuota>(), p.GetRequiredService<TimeProvider>()));
        services.AddSingleton(p => new MediatorRegistrations(
            p.GetRequiredService<Store>(), p.GetRequiredService<TokenFamilies>(), p.GetRequiredService<ILogger<MediatorRegistrations>>()));
    }
}
