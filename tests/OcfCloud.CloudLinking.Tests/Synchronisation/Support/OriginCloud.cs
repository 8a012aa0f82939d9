using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using OcfCloud.CloudLinking.EventReceiver;
using OcfCloud.CloudLinking.LinkedAccounts;
using OcfCloud.CloudLinking.LinkedClouds;
using OcfCloud.CloudLinking.Synchronisation;
using OcfCloud.CloudLinking.Targets;
using OcfCloud.Core;
using OcfCloud.Core.Devices;
using OcfCloud.Core.Mirrors;
using OcfCloud.Core.Storage;

namespace OcfCloud.CloudLinking.Tests.Synchronisation.Support;

/// <summary>This room on a real store with a real event receiver, and one linked account. Several on one store are several nodes, or lives of one.</summary>
internal sealed class OriginCloud : IAsyncDisposable
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(20);

    // All nodes open what the others sealed.
    private static readonly IDataProtectionProvider Keys = new EphemeralDataProtectionProvider();

    private readonly WebApplication _app;
    private bool _stopped;

    private OriginCloud(WebApplication app, SyncClock clock) => (_app, Clock) = (app, clock);

    public SyncClock Clock { get; }

    public UserId User { get; private set; } = UserId.New();

    public Guid CloudId { get; private set; } = Guid.NewGuid();

    public Guid AccountId { get; private set; } = Guid.NewGuid();

    public Store Store => Get<Store>();

    public MirrorStore Mirrors => Get<MirrorStore>();

    public ResourceSubscriptions Subscriptions => Get<ResourceSubscriptions>();

    public HttpTargetCalls Calls => Get<HttpTargetCalls>();

    public string Url => Get<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single();

    private static CancellationToken Ending => TestContext.Current.CancellationToken;

    public static async Task<OriginCloud> StartAsync(
        Action<IServiceCollection> addStore, SyncClock clock, bool works = true, Action<CloudLinkingOptions>? configure = null, string? publicUrl = null)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        var services = builder.Services;
        services.AddLogging(logging => logging.SetMinimumLevel(LogLevel.None));
        services.AddRouting();
        services.AddSingleton<TimeProvider>(clock);
        services.AddSingleton(Keys);
        services.AddCloudCore();
        addStore(services);
        services.AddSingleton<HttpTargetCalls>();
        services.AddSingleton<ITargetCalls>(provider => provider.GetRequiredService<HttpTargetCalls>());
        services.AddCloudLinking(options =>
        {
            options.LookInterval = TimeSpan.FromMilliseconds(50);
            options.RetrievalPause = TimeSpan.Zero;
            configure?.Invoke(options);
        });
        services.AddCloudLinkingBackground();
        if (!works) services.Remove(services.Single(s => s.ServiceType == typeof(IHostedService) && s.ImplementationType == typeof(SynchronisationWorker)));
        var app = builder.Build();
        app.UseRouting();
        app.MapEventReceiver();
        var origin = new OriginCloud(app, clock);
        await app.StartAsync(Ending);
        app.Services.GetRequiredService<IOptions<CloudLinkingOptions>>().Value.PublicUrl = publicUrl ?? origin.Url;
        return origin;
    }

    public T Get<T>()
        where T : notnull => _app.Services.GetRequiredService<T>();

    /// <summary>Links an account of a target.</summary>
    public async Task LinkAsync(TargetCloud target, bool? hasEvents = null, bool isDue = true)
    {
        Calls.Url = target.Url;
        await Store.WriteAsync(
            (context, _) =>
            {
                context.Add(new LinkedCloud
                {
                    Id = CloudId,
                    Name = $"c{CloudId:N}",
                    Url = target.Url,
                    ClientId = "me",
                    ClientSecret = [],
                    Scope = "r:*",
                    AuthorizationEndpoint = target.Url,
                    TokenEndpoint = target.Url,
                    HasEvents = hasEvents,
                });
                context.Add(NewAccount(AccountId, User, isDue));
                return Task.CompletedTask;
            },
            Ending);
        Get<AccountWork>().Set();
    }

    /// <summary>Another user links an account of the same target.</summary>
    public async Task LinkAnotherAsync()
    {
        await Store.WriteAsync(
            (context, _) =>
            {
                context.Add(NewAccount(Guid.NewGuid(), UserId.New(), isDue: true));
                return Task.CompletedTask;
            },
            Ending);
        Get<AccountWork>().Set();
    }

    /// <summary>Works for the account that another node linked.</summary>
    public OriginCloud Sharing(OriginCloud other)
    {
        (User, CloudId, AccountId) = (other.User, other.CloudId, other.AccountId);
        Calls.Url = other.Calls.Url;
        return this;
    }

    public Task<LinkedAccount> AccountAsync() =>
        Store.ReadAsync((context, token) => context.Set<LinkedAccount>().SingleAsync(a => a.Id == AccountId, token), Ending);

    public Task<LinkedCloud> CloudAsync() => Store.ReadAsync((context, token) => context.Set<LinkedCloud>().SingleAsync(c => c.Id == CloudId, token), Ending);

    public Task<List<RemoteSubscription>> RowsAsync() =>
        Store.ReadAsync((context, token) => context.Set<RemoteSubscription>().Where(s => s.AccountId == AccountId).ToListAsync(token), Ending);

    public Task<List<InboxEvent>> InboxAsync() => Store.ReadAsync(
        (context, token) => context.Set<InboxEvent>().Where(e => e.AccountId == AccountId).OrderBy(e => e.SequenceNumber).ToListAsync(token), Ending);

    public Task<IReadOnlyList<MirroredDevice>> DevicesAsync() => Mirrors.ListAsync(User, Ending);

    public async Task<string[]> HrefsAsync(DeviceId device) =>
        await Mirrors.FindAsync(User, device, Ending) is { } mirrored ? [.. (await Mirrors.LinksOfAsync(mirrored, Ending)).Select(link => link.Href.Value)] : [];

    public Task ChangeAsync(Action<LinkedAccount> change) => Store.WriteAsync(
        async (context, token) => change(await context.Set<LinkedAccount>().SingleAsync(a => a.Id == AccountId, token)), Ending);

    /// <summary>Waits until something is so, as often as it takes.</summary>
    public static async Task UntilAsync(Func<Task<bool>> isSo, TimeSpan? deadline = null)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(Ending);
        limit.CancelAfter(deadline ?? Deadline);
        while (!await isSo()) await Task.Delay(10, limit.Token);
    }

    /// <summary>Waits until nothing is to be done on the account.</summary>
    public Task UntilIdleAsync() => UntilAsync(async () =>
    {
        var account = await AccountAsync();
        return account.WorkNode is null && account.LastSyncAt is not null && !account.NeedsRetrieval && account.DueAt > Clock.GetUtcNow() && (await InboxAsync()).Count == 0;
    });

    /// <summary>Stops the process.</summary>
    public async Task StopAsync()
    {
        if (_stopped) return;
        _stopped = true;
        await _app.StopAsync(Ending);
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        await Store.WriteAsync((context, token) => context.Set<LinkedCloud>().ExecuteDeleteAsync(token), CancellationToken.None);
        await _app.DisposeAsync();
    }

    private LinkedAccount NewAccount(Guid id, UserId user, bool isDue) => new()
    {
        Id = id,
        UserId = user,
        LinkedCloudId = CloudId,
        State = AccountState.Linked,
        AccessToken = [],
        Scope = "r:*",
        LinkedAt = Clock.GetUtcNow(),
        NeedsRetrieval = isDue,
        DueAt = isDue ? Clock.GetUtcNow() : null,
    };
}
