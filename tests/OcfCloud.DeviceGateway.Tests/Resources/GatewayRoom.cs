using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;
using OcfCloud.Coap;
using OcfCloud.Core;
using OcfCloud.Core.Devices;
using OcfCloud.Core.Directory;
using OcfCloud.Core.Tokens;
using OcfCloud.DeviceGateway.Resources;
using OcfCloud.Identity;
using OcfCloud.Identity.KeyRing;
using OcfCloud.Storage.Sqlite;
using OcfCloud.Testing;

namespace OcfCloud.DeviceGateway.Tests.Resources;

/// <summary>The cloud's resources on a real store; asked as a connection asks them.</summary>
internal sealed class GatewayRoom : IAsyncDisposable
{
    private readonly string _folder = System.IO.Directory.CreateTempSubdirectory("ocfcloud-test-").FullName;
    private readonly ServiceProvider _services;
    private IReadOnlyList<IHostedService> _running = [];

    private GatewayRoom(Action<DeviceGatewayOptions>? configure, DeviceTokenOptions? tokens)
    {
        var services = new ServiceCollection();
        services.AddSingleton<TimeProvider>(Time);
        services.AddLogging(logging => logging.SetMinimumLevel(LogLevel.None));
        services.AddSingleton(tokens ?? new DeviceTokenOptions());
        services.AddSingleton(new DirectoryOptions { MaxLinksPerDevice = 20 });
        services.AddCloudCore();
        services.AddCloudCoreBackground();
        services.AddSqliteStore(_folder);
        // The store's migrations are those of all rooms.
        services.AddCloudIdentity(tokens => tokens.Issuer = "https://cloud.test", new KeyRingOptions { Folder = _folder });
        services.AddQuickPasswords();
        services.Configure<DeviceGatewayOptions>(options => configure?.Invoke(options));
        services.AddCloudResources();
        _services = services.BuildServiceProvider();
    }

    public FakeTimeProvider Time { get; } = new(new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero));

    public DeviceAccounts Accounts => _services.GetRequiredService<DeviceAccounts>();

    public ResourceDirectory Directory => _services.GetRequiredService<ResourceDirectory>();

    public CloudResources Resources => _services.GetRequiredService<CloudResources>();

    public T Get<T>() where T : notnull => _services.GetRequiredService<T>();

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    /// <summary>Opens a room on a store of its own.</summary>
    /// <param name="configure">Sets the gateway's options.</param>
    /// <param name="tokens">The lifetimes of tokens.</param>
    /// <param name="dispatches">Whether events become hints; then what runs by itself runs.</param>
    public static async Task<GatewayRoom> OpenAsync(Action<DeviceGatewayOptions>? configure = null, DeviceTokenOptions? tokens = null, bool dispatches = false)
    {
        var room = new GatewayRoom(configure, tokens);
        await room._services.MigrateStoreAsync(Cancelled);
        if (dispatches) room._running = [.. room._services.GetServices<IHostedService>()];
        foreach (var service in room._running) await service.StartAsync(Cancelled);
        return room;
    }

    public async Task<string> OneTimeTokenAsync(UserId user, DeviceId? device = null) =>
        (await _services.GetRequiredService<OneTimeTokens>().IssueAsync(user, device, Cancelled))!.Token;

    /// <summary>Registers a device.</summary>
    public async Task<SignUpOutcome> RegisterAsync(UserId user, DeviceId device, DeviceId? tokenFor = null)
    {
        var outcome = await Accounts.SignUpAsync(device, await OneTimeTokenAsync(user, tokenFor), Cancelled);
        Assert.True(outcome.Succeeded);
        return outcome;
    }

    /// <summary>Registers a device and signs it in on a connection of its own.</summary>
    public async Task<(TestCaller Caller, SignUpOutcome Tokens)> SignInAsync(UserId user, DeviceId device)
    {
        var tokens = await RegisterAsync(user, device);
        var caller = new TestCaller();
        Assert.True(caller.BeginSession(user, device, await Accounts.SignInAsync(device, user, tokens.AccessToken, Cancelled)));
        return (caller, tokens);
    }

    /// <summary>Asks as the connection does: path, method, session, then the resource.</summary>
    public async Task<ResourceAnswer> AskAsync(ICaller caller, CoapMessage request)
    {
        var resource = Find(request)!;
        Assert.NotNull(resource);
        if (!resource.Allows(request.Code)) return ResourceAnswer.Refuse(CoapCode.MethodNotAllowed, "");
        if (caller.Session is null && resource.NeedsSession(request.Code)) return ResourceAnswer.Refuse(CoapCode.Unauthorized, "");
        var answer = await resource.HandleAsync(caller, request, Cancelled);
        answer.Answered?.Invoke();
        return answer;
    }

    public Task<ResourceAnswer> PostAsync(ICaller caller, string path, object? body, int? format = CoapContentFormat.OcfCbor, bool indefinite = false)
    {
        var bytes = format == CoapContentFormat.Json ? JsonSerializer.SerializeToUtf8Bytes(body) : Cbor.Encode(body, indefinite);
        return PostBytesAsync(caller, path, bytes, format);
    }

    public Task<ResourceAnswer> PostBytesAsync(ICaller caller, string path, byte[] body, int? format = CoapContentFormat.OcfCbor)
    {
        var request = CoapMessage.Request(CoapCode.Post, path);
        if (format is { } known) request.WithPayload(body, known);
        else request.Payload = body;
        return AskAsync(caller, request);
    }

    public Task<ResourceAnswer> GetAsync(ICaller caller, string path) => AskAsync(caller, CoapMessage.Request(CoapCode.Get, path));

    public Task<ResourceAnswer> DeleteAsync(ICaller caller, string path) => AskAsync(caller, CoapMessage.Request(CoapCode.Delete, path));

    public ICloudResource? Find(CoapMessage request)
    {
        var bytes = request.ToBytes();
        Assert.Equal(CoapFrameStatus.Complete, CoapFrameReader.Read(bytes, bytes.Length, out var frame, out _));
        return Resources.Find(frame.ReadOptions());
    }

    /// <summary>From now on the store does not answer: where its file was is something else.</summary>
    public void BreakStore()
    {
        // What is open goes on with the file that it has open.
        Get<SignIn>().Dispose();
        Microsoft.Data.Sqlite.SqliteConnection.ClearAllPools();
        foreach (var file in System.IO.Directory.GetFiles(_folder, "ocfcloud.db*")) File.Delete(file);
        System.IO.Directory.CreateDirectory(Path.Combine(_folder, "ocfcloud.db"));
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var service in _running) await service.StopAsync(CancellationToken.None);
        await _services.DisposeAsync();
        System.IO.Directory.Delete(_folder, recursive: true);
    }
}
