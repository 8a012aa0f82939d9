using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;
using OcfCloud.Coap;
using OcfCloud.Core;
using OcfCloud.Core.AccessRules;
using OcfCloud.Core.Devices;
using OcfCloud.Core.Requests;
using OcfCloud.Core.Storage;
using OcfCloud.Core.Tokens;
using OcfCloud.DeviceGateway.Connections;
using OcfCloud.Identity;
using OcfCloud.Identity.KeyRing;
using OcfCloud.Storage.Sqlite;

namespace OcfCloud.DeviceGateway.Tests.Connections;

/// <summary>Connections of the gateway over streams in memory, on a real store.</summary>
internal sealed class ConnectionRoom : IAsyncDisposable
{
    private readonly string _folder = System.IO.Directory.CreateTempSubdirectory("ocfcloud-test-").FullName;
    private readonly ServiceProvider _services;
    private readonly Dictionary<DeviceId, string> _accessTokens = [];

    private ConnectionRoom(Action<DeviceGatewayOptions>? configure)
    {
        var services = new ServiceCollection();
        services.AddSingleton<TimeProvider>(Time);
        services.AddLogging(logging => logging.SetMinimumLevel(LogLevel.None));
        services.AddCloudCore();
        services.AddSqliteStore(_folder);
        // The store's migrations are those of all rooms.
        services.AddCloudIdentity(tokens => tokens.Issuer = "https://cloud.test", new KeyRingOptions { Folder = _folder });
        services.AddDeviceGateway(options => configure?.Invoke(options));
        _services = services.BuildServiceProvider();
    }

    public FakeTimeProvider Time { get; } = new(new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero));

    public UserId User { get; } = UserId.New();

    /// <summary>The way of the HTTPS door to devices.</summary>
    public IDeviceRequests Requests => _services.GetRequiredService<IDeviceRequests>();

    public static async Task<ConnectionRoom> OpenAsync(Action<DeviceGatewayOptions>? configure = null, params AccessRule[] rules)
    {
        var room = new ConnectionRoom(configure);
        await room._services.GetRequiredService<StoreMigration>().ApplyAsync(TestContext.Current.CancellationToken);
        if (rules.Length > 0)
            await room._services.GetRequiredService<AccessRuleStore>().ReplaceAsync(room.User, rules, TestContext.Current.CancellationToken);
        await room._services.GetRequiredService<AccessRuleCache>().GetAsync(room.User, TestContext.Current.CancellationToken);
        return room;
    }

    /// <summary>A connection of a device of the room's user, signed in.</summary>
    public async Task<(DeviceConnection Connection, FedStream Stream, DeviceId Device)> SignInAsync(bool mayCoalesce = true)
    {
        var cancellation = TestContext.Current.CancellationToken;
        var device = DeviceId.New();
        var accounts = _services.GetRequiredService<DeviceAccounts>();
        var oneTime = await _services.GetRequiredService<OneTimeTokens>().IssueAsync(User, device, cancellation);
        _accessTokens[device] = (await accounts.SignUpAsync(device, oneTime!.Token, cancellation)).AccessToken;
        var (connection, stream) = await SignInAgainAsync(device, mayCoalesce);
        return (connection, stream, device);
    }

    /// <summary>One more connection of a device that was signed in before.</summary>
    public async Task<(DeviceConnection Connection, FedStream Stream)> SignInAgainAsync(DeviceId device, bool mayCoalesce = true)
    {
        var stream = new FedStream();
        var connection = new DeviceConnection(
            _services.GetRequiredService<ConnectionServices>(), stream, certificate: null, new IPEndPoint(IPAddress.Loopback, 5684), mayCoalesce);
        _ = connection.RunAsync(CancellationToken.None);
        var signIn = await _services.GetRequiredService<DeviceAccounts>().SignInAsync(device, User, _accessTokens[device], TestContext.Current.CancellationToken);
        Assert.True(connection.BeginSession(User, device, signIn));
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

    public async ValueTask DisposeAsync()
    {
        await _services.DisposeAsync();
        System.IO.Directory.Delete(_folder, recursive: true);
    }
}
