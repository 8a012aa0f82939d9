using System.Diagnostics.Metrics;
using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using OcfCloud.Coap;
using OcfCloud.Core;
using OcfCloud.Core.AccessRules;
using OcfCloud.Core.Devices;
using OcfCloud.Core.Directory;
using OcfCloud.Core.Mirrors;
using OcfCloud.Core.Requests;
using OcfCloud.Core.Storage;
using OcfCloud.Core.Tokens;
using OcfCloud.DeviceGateway.Connections;
using OcfCloud.Identity;
using OcfCloud.Identity.KeyRing;
using OcfCloud.Storage.Sqlite;
using OcfCloud.Testing;

namespace OcfCloud.DeviceGateway.Tests.Connections;

/// <summary>Connections of the gateway over streams in memory, on a real store.</summary>
internal sealed class ConnectionRoom : IAsyncDisposable
{
    private readonly System.Runtime.CompilerServices.ConditionalWeakTable<DeviceConnection, Task> _served = [];
    private readonly string _folder = System.IO.Directory.CreateTempSubdirectory("ocfcloud-test-").FullName;
    private readonly ServiceProvider _services;
    private readonly Dictionary<DeviceId, string> _accessTokens = [];
    private IReadOnlyList<IHostedService> _running = [];

    private ConnectionRoom(Action<DeviceGatewayOptions>? configure, OtherCloud? otherCloud)
    {
        var services = new ServiceCollection();
        services.AddSingleton<TimeProvider>(Time);
        services.AddLogging(logging => logging.SetMinimumLevel(LogLevel.None));
        services.AddMetrics();
        services.AddCloudCore();
        services.AddSqliteStore(_folder);
        // The store's migrations are those of all rooms.
        services.AddCloudIdentity(tokens => tokens.Issuer = "https://cloud.test", new KeyRingOptions { Folder = _folder });
        services.AddQuickPasswords();
        services.AddDeviceGateway(options => configure?.Invoke(options));
        if (otherCloud is not null)
        {
            services.AddSingleton<IMirroredRequests>(otherCloud);
            services.AddSingleton<IMirroredObservations>(otherCloud);
        }

        // What runs by itself in the core, not the door's listeners.
        services.RemoveAll<IHostedService>();
        services.AddCloudCoreBackground();
        _services = services.BuildServiceProvider();
    }

    public WatchedTime Time { get; } = new(new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero));

    public UserId User { get; } = UserId.New();

    /// <summary>What is exported from now on.</summary>
    public ExportedFigures Figures => new(_services.GetRequiredService<IMeterFactory>());

    /// <summary>The way of the HTTPS door to devices.</summary>
    public IDeviceRequests Requests => _services.GetRequiredService<IDeviceRequests>();

    /// <summary>The devices of other clouds.</summary>
    public MirrorStore Mirrors => _services.GetRequiredService<MirrorStore>();

    public static Task<ConnectionRoom> OpenAsync(Action<DeviceGatewayOptions>? configure = null, params AccessRule[] rules) => OpenAsync(null, configure, rules);

    /// <summary>A room that reaches devices of another cloud; there events become hints.</summary>
    public static async Task<ConnectionRoom> OpenAsync(OtherCloud otherCloud, Action<DeviceGatewayOptions>? configure = null)
    {
        var room = await OpenAsync(otherCloud, configure, []);
        room._running = [.. room._services.GetServices<IHostedService>()];
        foreach (var service in room._running)
            await service.StartAsync(TestContext.Current.CancellationToken);
        return room;
    }

    private static async Task<ConnectionRoom> OpenAsync(OtherCloud? otherCloud, Action<DeviceGatewayOptions>? configure, AccessRule[] rules)
    {
        var room = new ConnectionRoom(configure, otherCloud);
        await room._services.MigrateStoreAsync(TestContext.Current.CancellationToken);
        if (rules.Length > 0)
            await room._services.GetRequiredService<AccessRuleStore>().ReplaceAsync(room.User, rules, TestContext.Current.CancellationToken);
        await room._services.GetRequiredService<AccessRuleCache>().GetAsync(room.User, TestContext.Current.CancellationToken);
        return room;
    }

    /// <summary>A connection of a device of the room's user, signed in.</summary>
    public async Task<(DeviceConnection Connection, FedStream Stream, DeviceId Device)> SignInAsync(bool mayCoalesce = true)
    {
        var device = DeviceId.New();
        var (connection, stream) = await SignInAsync(User, device, mayCoalesce);
        return (connection, stream, device);
    }

    /// <summary>A connection of a device of any user, signed in.</summary>
    public async Task<(DeviceConnection Connection, FedStream Stream)> SignInAsync(UserId user, DeviceId device, bool mayCoalesce = true)
    {
        await RegisterAsync(user, device);
        return await SignInAgainAsync(device, mayCoalesce, user);
    }

    /// <summary>Registers a device.</summary>
    public async Task RegisterAsync(UserId user, DeviceId device)
    {
        var cancellation = TestContext.Current.CancellationToken;
        var oneTime = await _services.GetRequiredService<OneTimeTokens>().IssueAsync(user, device, cancellation);
        _accessTokens[device] = (await _services.GetRequiredService<DeviceAccounts>().SignUpAsync(device, oneTime!.Token, cancellation)).AccessToken;
    }

    /// <summary>A device of another cloud for a user, and its links.</summary>
    public async Task<DeviceId> MirrorAsync(UserId? user = null, DeviceId? device = null, bool online = true)
    {
        var content = new MirroredContent(device ?? DeviceId.New(), "lamp", ["oic.d.light"], online, [LinkOf("/light")]);
        await _services.GetRequiredService<Store>().WriteAsync(
            (context, token) => Mirrors.PutAsync(context, user ?? User, OtherCloud.Id, [content], token), TestContext.Current.CancellationToken);
        return content.Device;
    }

    /// <summary>The user's access rules are these from now on.</summary>
    public Task ReplaceRulesAsync(params AccessRule[] rules) =>
        _services.GetRequiredService<AccessRuleStore>().ReplaceAsync(User, rules, TestContext.Current.CancellationToken);

    /// <summary>Waits until what was written is seen: a hint of it comes a moment later.</summary>
    public static async Task SettledAsync(Func<Task<bool>> isSeenAsync)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        limit.CancelAfter(TimeSpan.FromSeconds(10));
        while (!await isSeenAsync())
        {
            limit.Token.ThrowIfCancellationRequested();
            await Task.Yield();
        }
    }

    /// <summary>What runs by itself stops.</summary>
    public async Task StopAsync()
    {
        foreach (var service in _running)
            await service.StopAsync(CancellationToken.None);
        _running = [];
    }

    /// <summary>From now on the store does not answer: where its file was is something else.</summary>
    public void BreakStore()
    {
        Microsoft.Data.Sqlite.SqliteConnection.ClearAllPools();
        foreach (var file in System.IO.Directory.GetFiles(_folder, "ocfcloud.db*"))
            File.Delete(file);
        System.IO.Directory.CreateDirectory(Path.Combine(_folder, "ocfcloud.db"));
    }

    /// <summary>A connection that is not signed in.</summary>
    public (DeviceConnection Connection, FedStream Stream) Connect(bool mayCoalesce = true)
    {
        var stream = new FedStream();
        var connection = new DeviceConnection(
            _services.GetRequiredService<ConnectionServices>(), stream, certificate: null, new IPEndPoint(IPAddress.Loopback, 5684), IPAddress.Loopback, mayCoalesce);
        _served.Add(connection, connection.RunAsync(CancellationToken.None));
        return (connection, stream);
    }

    /// <summary>Waits until all that the end of a connection means is done.</summary>
    public Task EndedAsync(DeviceConnection connection) =>
        _served.TryGetValue(connection, out var served) ? served.WaitAsync(TimeSpan.FromSeconds(10), TestContext.Current.CancellationToken) : throw new InvalidOperationException();

    /// <summary>Time passes, and connections are looked after as they are about once a second.</summary>
    public void Pass(TimeSpan time, params DeviceConnection[] connections)
    {
        Time.Advance(time);
        foreach (var connection in connections)
            connection.Tick(Time.GetUtcNow());
    }

    /// <summary>One more connection of a device that was signed in before.</summary>
    public async Task<(DeviceConnection Connection, FedStream Stream)> SignInAgainAsync(DeviceId device, bool mayCoalesce = true, UserId? user = null)
    {
        var owner = user ?? User;
        var (connection, stream) = Connect(mayCoalesce);
        var signIn = await _services.GetRequiredService<DeviceAccounts>().SignInAsync(device, owner, _accessTokens[device], TestContext.Current.CancellationToken);
        Assert.True(connection.BeginSession(owner, device, signIn));
        stream.Take();
        return (connection, stream);
    }

    public static byte[] Request(CoapCode method, string path, ulong token, byte[]? payload = null)
    {
        var request = CoapMessage.Request(method, path);
        request.Token = CoapToken.FromUInt64(token);
        if (payload is not null)
            request.WithPayload(payload, CoapContentFormat.OcfCbor);
        return request.ToBytes();
    }

    private static ResourceLink LinkOf(string path)
    {
        Assert.True(ResourceHref.TryParse(path, out var href));
        Assert.True(ResourceLink.TryCreate(href, ["oic.r.light"], ["oic.if.a"], 3, [], out var link));
        return link;
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        await _services.DisposeAsync();
        System.IO.Directory.Delete(_folder, recursive: true);
    }
}
