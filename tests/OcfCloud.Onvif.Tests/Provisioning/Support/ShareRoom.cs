using System.Text.Json;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using OcfCloud.Core;
using OcfCloud.Core.Devices;
using OcfCloud.Core.Storage;
using OcfCloud.Onvif.Cameras;
using OcfCloud.Onvif.Provisioning;
using OcfCloud.Onvif.Sharing;
using OcfCloud.Onvif.Uplink;
using OcfCloud.Storage.PostgreSql;
using OcfCloud.Storage.Sqlite;
using OcfCloud.Testing;

namespace OcfCloud.Onvif.Tests.Provisioning.Support;

/// <summary>A node with one camera on a real store. The time of day moves when a test says so; waits are real ones.</summary>
internal sealed class ShareRoom : IAsyncDisposable
{
    public const string Wss = "wss://ocs.example/onvif/uplink";
    public const string Https = "https://ocs.example/onvif/uplink";
    public const string OwnWss = "wss://pcs.example:8444/onvif/uplink";
    public const string Echoed = "eyJhbGciOiJFUzI1NiJ9.e30.sig";

    public static readonly byte[] RootA = [0x30, 1, 1];
    public static readonly byte[] RootB = [0x30, 1, 2];

    private readonly string _folder = Directory.CreateTempSubdirectory("ocfcloud-test-").FullName;
    private readonly IDataProtectionProvider _protection = new EphemeralDataProtectionProvider();
    private readonly string? _connection;
    private readonly Action<OnvifOptions>? _options;
    private ServiceProvider _services;

    private ShareRoom(string? connection, Action<OnvifOptions>? options)
    {
        (_connection, _options) = (connection, options);
        _services = Build();
    }

    public FakeTimeProvider Time { get; } = new Clock();

    public FakeCamera Camera { get; } = new();

    public FakeCompletions Completions { get; } = new();

    public FakeClients Clients { get; } = new();

    public UserId User { get; } = UserId.New();

    public Store Store => Get<Store>();

    public CameraShares Shares => Get<CameraShares>();

    private static CancellationToken Ending => TestContext.Current.CancellationToken;

    public static async Task<ShareRoom> OpenAsync(StoreProvider provider, PostgreSqlFixture postgreSql, Action<OnvifOptions>? options = null)
    {
        string? connection = null;
        if (provider == StoreProvider.PostgreSql)
        {
            postgreSql.Require();
            connection = await postgreSql.CreateMigratedDatabaseAsync();
        }

        var room = new ShareRoom(connection, options);
        await room.Get<IServiceProvider>().MigrateStoreAsync(Ending);
        room.Camera.Keystore.Enrol(OwnWss);
        await room.WriteAsync(context =>
        {
            context.Add(new Camera
            {
                Id = room.Camera.Id,
                UserId = room.User,
                ClientId = "cam-pcs",
                State = CameraState.Active,
                Manufacturer = "Acme",
                Model = "AC-2000",
                SerialNumber = "00408CFA1234",
                CreatedAt = room.Time.GetUtcNow(),
            });
            context.Add(new CameraUplink { CameraId = room.Camera.Id, Kind = UplinkKind.Wss, Node = room.Get<NodeIdentity>().Id, Connection = Guid.NewGuid(), Since = room.Time.GetUtcNow() });
        });
        return room;
    }

    public T Get<T>()
        where T : notnull => _services.GetRequiredService<T>();

    /// <summary>What another cloud asks for, changed as a test wants it.</summary>
    public static DeviceConfiguration Asked() => new(
        "", ["https://ocs.example/done/1", "https://ocs-b.example/done/1"],
        [new UplinkConfiguration(Wss, UserLevel.Administrator, "ocs-public")],
        [new AuthorizationServerConfiguration("https://ocs.example/.well-known/openid-configuration", "cam-5f0c9e52", "onvif.uplink", "ocs-public")],
        [new CertPathValidationPolicy("ocs-public", [RootA])]);

    /// <summary>A share as startDeviceSharing leaves it.</summary>
    public async Task<Guid> ShareAsync(DeviceConfiguration? asked = null, ShareMode mode = ShareMode.Share, string echoed = Echoed)
    {
        var configuration = asked ?? Asked();
        var now = Time.GetUtcNow();
        var share = new Share
        {
            Id = Guid.NewGuid(),
            CameraId = Camera.Id,
            UserId = User,
            TokenId = Guid.NewGuid(),
            Mode = mode,
            State = ShareState.Waiting,
            Configuration = JsonSerializer.Serialize(configuration),
            EchoedToken = Get<SealedSecrets>().Seal(echoed),
            ServerAuthority = CloudAuthority.Of(configuration),
            CreatedAt = now,
            DeadlineAt = now + TimeSpan.FromDays(7),
            DueAt = now,
        };
        await WriteAsync(context => context.Add(share));
        return share.Id;
    }

    /// <summary>Runs what is due now, until nothing is.</summary>
    public async Task<int> RunAsync()
    {
        for (var turns = 0; ; turns++)
        {
            Assert.True(turns < 200, "The work does not come to rest.");
            var claimed = await Get<ShareQueue>().ClaimAsync(1, [], Ending);
            if (claimed.Count == 0) return turns;
            try
            {
                await Get<ShareTurn>().RunAsync(claimed[0], Ending);
            }
            catch (ShareChangedException)
            {
                // As the worker does.
            }

            await Get<ShareQueue>().ReleaseAsync(claimed[0].Id, null, Ending);
        }
    }

    /// <summary>Lets time pass from one due time to the next until the share rests for good or has come to a state.</summary>
    public async Task<Share> SettleAsync(Guid id, ShareState? until = null)
    {
        for (var rounds = 0; rounds < 100; rounds++)
        {
            await RunAsync();
            var share = await FindAsync(id);
            if (share.State == until || share.DueAt is not { } due) return share;
            if (due > Time.GetUtcNow()) Time.Advance(due - Time.GetUtcNow());
        }

        throw new InvalidOperationException("The share does not come to rest.");
    }

    /// <summary>The process died: another one starts on the same store.</summary>
    public async Task RestartAsync()
    {
        await _services.DisposeAsync();
        _services = Build();
        Camera.DiesAtCall = 0;
        await Get<ShareQueue>().ReleaseFormerLifeAsync(Ending);
    }

    public Task<Share> FindAsync(Guid id) => Store.ReadAsync((context, token) => context.Set<Share>().SingleAsync(share => share.Id == id, token), Ending);

    public Task<List<CameraObject>> ObjectsAsync(Guid id) => Store.ReadAsync((context, token) => context.Set<CameraObject>().Where(one => one.ShareId == id).ToListAsync(token), Ending);

    public async Task<List<string>> StepsAsync(Guid id) => [.. (await Shares.FindAsync(User, Camera.Id, id, Ending))!.Steps.Select(step => step.Name)];

    public Task<Camera> CameraAsync() => Store.ReadAsync((context, token) => context.Set<Camera>().SingleAsync(token), Ending);

    public Task WriteAsync(Action<CloudDbContext> change) => Store.WriteAsync(
        (context, _) =>
        {
            change(context);
            return Task.CompletedTask;
        },
        Ending);

    public async ValueTask DisposeAsync()
    {
        await _services.DisposeAsync();
        try
        {
            Directory.Delete(_folder, recursive: true);
        }
        catch (IOException)
        {
            // A file that is just being closed.
        }
    }

    private ServiceProvider Build()
    {
        var services = new ServiceCollection();
        services.AddLogging();
        services.AddSingleton<TimeProvider>(Time);
        services.AddCloudCore();
        if (_connection is null) services.AddSqliteStore(_folder);
        else services.AddPostgreSqlStore(_connection, _folder);
        services.AddSingleton(_protection);
        services.AddSingleton<ICameraConnections>(Camera);
        services.AddSingleton<ICompletionCalls>(Completions);
        services.AddSingleton<ICameraClients>(Clients);
        services.AddOnvif(onvif => (onvif.PublicUrl, onvif.PublicUplink) = ("https://pcs.example", "https://pcs.example:8444"));
        services.AddOnvifBackground();
        if (_options is not null) services.Configure(_options);
        return services.BuildServiceProvider();
    }

    private sealed class Clock() : FakeTimeProvider(new DateTimeOffset(2026, 11, 27, 12, 0, 0, TimeSpan.Zero))
    {
        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) => System.CreateTimer(callback, state, dueTime, period);
    }
}
