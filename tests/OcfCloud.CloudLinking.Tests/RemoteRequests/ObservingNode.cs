using System.Collections.Concurrent;
using System.Threading.Channels;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using OcfCloud.CloudLinking.RemoteRequests;
using OcfCloud.CloudLinking.Synchronisation;
using OcfCloud.CloudLinking.Targets;
using OcfCloud.Core.Devices;
using OcfCloud.Core.Directory;
using OcfCloud.Core.Events;
using OcfCloud.Core.Mirrors;
using OcfCloud.Core.Requests;
using OcfCloud.Core.Storage;
using OcfCloud.Core.Tokens;
using OcfCloud.Core;
using OcfCloud.Testing;

namespace OcfCloud.CloudLinking.Tests.RemoteRequests;

/// <summary>A node whose clients observe mirrored devices, on a real store with its dispatcher at work; the other cloud and the subscriptions there are made up.</summary>
internal sealed class ObservingNode : IMirroredRequests, IResourceSubscriptions, ITargetCalls, IAsyncDisposable
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(20);

    private readonly ServiceProvider _services;
    private readonly ConcurrentDictionary<string, Guid> _ids = new();
    private IReadOnlyList<IHostedService> _running = [];

    private ObservingNode(Action<IServiceCollection> addStore, CloudLinkingOptions options)
    {
        var services = new ServiceCollection();
        services.AddLogging(logging => logging.SetMinimumLevel(LogLevel.None));
        services.AddSingleton(new OutboxOptions { PollPeriod = TimeSpan.FromMilliseconds(50), RetryPeriod = TimeSpan.FromMilliseconds(50) });
        services.AddSingleton(Microsoft.Extensions.Options.Options.Create(options));
        services.AddCloudCore();
        services.AddCloudCoreBackground();
        addStore(services);
        services.AddSingleton<IMirroredRequests>(this);
        services.AddSingleton<IResourceSubscriptions>(this);
        services.AddSingleton<ITargetCalls>(this);
        services.AddSingleton<MirroredObservations>();
        _services = services.BuildServiceProvider();
    }

    public static Guid Cloud { get; } = Guid.NewGuid();

    /// <summary>What the other cloud answers to a GET.</summary>
    public Func<MirroredRequest, DeviceAnswer> Answers { get; set; } = _ => Value("""{"v":0}""");

    /// <summary>How the subscription stands.</summary>
    public EnsureOutcome Outcome { get; set; } = EnsureOutcome.Live;

    public ConcurrentQueue<MirroredRequest> Gets { get; } = new();

    /// <summary>"ensure" and "end" with the path, in their order.</summary>
    public Channel<string> Subscriptions { get; } = Channel.CreateUnbounded<string>();

    /// <summary>How many subscriptions were renewed at once, each time.</summary>
    public Channel<int> Renewals { get; } = Channel.CreateUnbounded<int>();

    public MirroredObservations Observations => _services.GetRequiredService<MirroredObservations>();

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public static async Task<ObservingNode> StartAsync(Action<IServiceCollection> addStore, CloudLinkingOptions? options = null)
    {
        var node = new ObservingNode(addStore, options ?? new CloudLinkingOptions());
        await node._services.MigrateStoreAsync(Cancelled);
        node._running = [.. node._services.GetServices<IHostedService>()];
        foreach (var service in node._running) await service.StartAsync(Cancelled);
        return node;
    }

    public static DeviceAnswer Value(string json, int code = 205) =>
        new(DeviceOutcome.Answered) { Code = code, ContentFormat = 50, Payload = System.Text.Encoding.UTF8.GetBytes(json) };

    /// <summary>The other cloud tells of a device.</summary>
    public async Task<MirroredDevice> MirrorAsync(UserId user, DeviceId device, params string[] paths)
    {
        var content = new MirroredContent(device, "lamp", ["oic.d.light"], true, [.. paths.Select(LinkOf)]);
        await WriteAsync((mirrors, context, token) => mirrors.PutAsync(context, user, Cloud, [content], token));
        return new MirroredDevice(user, Cloud, device, "lamp", content.Types, Online: true);
    }

    /// <summary>The other cloud tells a value, in CBOR.</summary>
    public Task TellAsync(MirroredDevice device, string href, byte number) =>
        WriteAsync((mirrors, context, token) => mirrors.SetValueAsync(context, device.User, Cloud, device.Device, href, new byte[] { 0xa1, 0x61, 0x76, number }, 10000, token));

    public Task WriteAsync(Func<MirrorStore, CloudDbContext, CancellationToken, Task> write) =>
        _services.GetRequiredService<Store>().WriteAsync((context, token) => write(_services.GetRequiredService<MirrorStore>(), context, token), Cancelled);

    /// <summary>Registers a device here.</summary>
    public async Task RegisterAsync(UserId user, DeviceId device)
    {
        var token = await _services.GetRequiredService<OneTimeTokens>().IssueAsync(user, device, Cancelled);
        Assert.True((await _services.GetRequiredService<DeviceAccounts>().SignUpAsync(device, token!.Token, Cancelled)).Succeeded);
    }

    /// <summary>Observes as a client that takes JSON.</summary>
    public async Task<(MirroredObservation Observation, ChannelReader<DeviceAnswer> Values)> ObserveAsync(MirroredDevice device, string href, params string[] query)
    {
        var values = Channel.CreateUnbounded<DeviceAnswer>();
        var request = new MirroredRequest(device, DeviceMethod.Get, href) { Query = query, Accept = 50 };
        return (await Observations.ObserveAsync(request, answer => values.Writer.TryWrite(answer), Cancelled), values.Reader);
    }

    /// <summary>The next that a channel brings.</summary>
    public static Task<T> NextAsync<T>(ChannelReader<T> channel) => channel.ReadAsync(Cancelled).AsTask().WaitAsync(Deadline, Cancelled);

    public static async Task<string> NextTextAsync(ChannelReader<DeviceAnswer> values) => System.Text.Encoding.UTF8.GetString((await NextAsync(values)).Payload.Span);

    Task<DeviceAnswer> IMirroredRequests.SendAsync(MirroredRequest request, CancellationToken cancellationToken)
    {
        Gets.Enqueue(request);
        return Task.FromResult(Answers(request));
    }

    Task<EnsuredSubscription> IResourceSubscriptions.EnsureAsync(Guid account, DeviceId device, string href, CancellationToken cancellationToken)
    {
        Subscriptions.Writer.TryWrite("ensure " + href);
        return Task.FromResult(new EnsuredSubscription(Outcome, _ids.GetOrAdd(href, _ => Guid.NewGuid())));
    }

    Task<IReadOnlySet<Guid>> IResourceSubscriptions.RenewAsync(IReadOnlyCollection<Guid> subscriptions, CancellationToken cancellationToken)
    {
        Renewals.Writer.TryWrite(subscriptions.Count);
        return Task.FromResult<IReadOnlySet<Guid>>(Outcome == EnsureOutcome.Live ? subscriptions.ToHashSet() : new HashSet<Guid>());
    }

    Task IResourceSubscriptions.EndAsync(Guid account, DeviceId device, string href, CancellationToken cancellationToken)
    {
        Subscriptions.Writer.TryWrite("end " + href);
        return Task.CompletedTask;
    }

    Task<TargetAnswer> ITargetCalls.SendAsync(Guid account, TargetRequest request, CancellationToken cancellationToken) => throw new NotSupportedException();

    ValueTask<Guid?> ITargetCalls.FindAccountAsync(UserId user, Guid linkedCloud, CancellationToken cancellationToken) => new(Guid.NewGuid());

    public async ValueTask DisposeAsync()
    {
        foreach (var service in _running) await service.StopAsync(CancellationToken.None);
        await _services.DisposeAsync();
    }

    private static ResourceLink LinkOf(string path)
    {
        Assert.True(ResourceHref.TryParse(path, out var href));
        Assert.True(ResourceLink.TryCreate(href, ["oic.r.light"], ["oic.if.a"], 3, [], out var link));
        return link;
    }
}
