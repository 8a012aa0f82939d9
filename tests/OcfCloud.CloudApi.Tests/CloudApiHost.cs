using System.Net;
using System.Net.Http.Headers;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;
using OcfCloud.CloudApi.Correlation;
using OcfCloud.CloudApi.Devices;
using OcfCloud.CloudApi.Mediator;
using OcfCloud.CloudApi.Notifications;
using OcfCloud.CloudApi.Problems;
using OcfCloud.CloudApi.Subscriptions;
using OcfCloud.CloudApi.Tests.Devices;
using OcfCloud.Core;
using OcfCloud.Core.AccessRules;
using OcfCloud.Core.Devices;
using OcfCloud.Core.Directory;
using OcfCloud.Core.Mirrors;
using OcfCloud.Core.Requests;
using OcfCloud.Core.Storage;
using OcfCloud.Core.Subscriptions;
using OcfCloud.Core.Tokens;
using OcfCloud.Core.Twins;
using OcfCloud.Identity;
using OcfCloud.Identity.Bearer;
using OcfCloud.Identity.KeyRing;
using OcfCloud.Identity.Tokens;
using OcfCloud.Identity.Users;
using OcfCloud.Storage.Sqlite;
using OcfCloud.Testing;

namespace OcfCloud.CloudApi.Tests;

/// <summary>The APIs as the host serves them: a real store, a real server on a port of loopback, a clock that the test moves.</summary>
internal sealed class CloudApiHost : IAsyncDisposable
{
    public const string Issuer = "https://cloud.test:8443";
    public const string CloudUri = "coaps+tcp://cloud.test:5684";
    public const int MaxRequestBodySize = 8_192;

    public static readonly Guid CloudId = new("5a2c9e7e-6d8f-4a35-9f6a-6f6d3f0f6b11");

    private readonly TemporaryFolder _folder;
    private readonly WebApplication _app;

    private CloudApiHost(TemporaryFolder folder, WebApplication app, FakeTimeProvider time)
    {
        _folder = folder;
        _app = app;
        Time = time;
        Http = new HttpClient { BaseAddress = new Uri(app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single()) };
    }

    /// <summary>The cloud's clock.</summary>
    public FakeTimeProvider Time { get; }

    /// <summary>A caller without a token.</summary>
    public HttpClient Http { get; }

    public UserAccounts Users => _app.Services.GetRequiredService<UserAccounts>();

    public DeviceQuota Quota => _app.Services.GetRequiredService<DeviceQuota>();

    public DeviceAccounts Devices => _app.Services.GetRequiredService<DeviceAccounts>();

    public DeliveryQueue Deliveries => _app.Services.GetRequiredService<DeliveryQueue>();

    public ResourceDirectory Directory => _app.Services.GetRequiredService<ResourceDirectory>();

    /// <summary>What stands for the connections of devices.</summary>
    public FakeDevices Connected => _app.Services.GetRequiredService<FakeDevices>();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public static async Task<CloudApiHost> StartAsync(Action<ExternalAuthorityOptions>? authority = null, string issuer = Issuer)
    {
        var folder = new TemporaryFolder();
        var time = new FakeTimeProvider(TimeProvider.System.GetUtcNow());
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions { EnvironmentName = "Production" });
        builder.WebHost.UseKestrelCore();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.Limits.MaxRequestBodySize = MaxRequestBodySize;
            kestrel.Listen(IPAddress.Loopback, 0);
        });
        var services = builder.Services;
        services.AddLogging(logging => logging.SetMinimumLevel(LogLevel.None));
        services.AddRouting();
        services.AddSingleton<TimeProvider>(time);
        services.AddCloudCore();
        services.AddSqliteStore(folder.Path);
        services.AddCloudIdentity(tokens => tokens.Issuer = issuer, new KeyRingOptions { Folder = System.IO.Directory.CreateDirectory(folder["keys"]).FullName });
        services.AddQuickPasswords();
        services.AddCloudBearerChecks(authority ?? (_ => { }), _ => { });
        services.AddProblemAnswers();
        services.AddSubscriptionsApi(new NotificationOptions());
        services.AddSingleton<FakeDevices>();
        services.AddSingleton<IDeviceRequests>(provider => provider.GetRequiredService<FakeDevices>());
        services.AddDevicesApi();
        services.AddMediatorApi(options =>
        {
            options.CloudUri = CloudUri;
            options.CloudId = CloudId;
        });

        var app = builder.Build();
        app.UseCorrelationId();
        app.UseProblemAnswers(MaxRequestBodySize);
        app.UseRouting();
        app.UseAuthentication();
        app.UseAuthorization();
        app.MapMediatorApi();
        app.MapSubscriptionsApi();
        app.MapDevicesApi();
        await app.Services.MigrateStoreAsync(Cancellation);
        await app.StartAsync(Cancellation);
        return new CloudApiHost(folder, app, time);
    }

    /// <summary>Adds a user.</summary>
    public async Task<UserId> AddUserAsync(string name) =>
        new((await Users.AddAsync(name, password: null, administrator: false, Cancellation)).User!.Id);

    /// <summary>A token as <c>token create</c> issues it.</summary>
    public async Task<string> TokenAsync(UserId user, string scopes = "r:* w:* mediator", TimeSpan? lifetime = null, string client = "test-client")
    {
        Assert.True(ScopeSet.TryParse(scopes, out var scope));
        return (await _app.Services.GetRequiredService<AccessTokens>().IssueAsync(user, "somebody", client, scope, lifetime, Cancellation)).Text;
    }

    /// <summary>A caller with a token of a user that is made here.</summary>
    public async Task<HttpClient> MediatorOfAsync(string user) => As(await TokenAsync(await AddUserAsync(user)));

    /// <summary>A caller with this token.</summary>
    public HttpClient As(string token) => new()
    {
        BaseAddress = Http.BaseAddress,
        DefaultRequestHeaders = { Authorization = new AuthenticationHeaderValue("Bearer", token) },
    };

    /// <summary>Registers a device.</summary>
    public async Task<DeviceId> AddDeviceAsync(UserId user) => (await AddDeviceTokensAsync(user)).Device;

    /// <summary>Registers a device and keeps what it got.</summary>
    public async Task<(DeviceId Device, string AccessToken, string RefreshToken)> AddDeviceTokensAsync(UserId user)
    {
        var device = DeviceId.New();
        var token = (await _app.Services.GetRequiredService<OneTimeTokens>().IssueAsync(user, device, Cancellation))!;
        var signUp = await Devices.SignUpAsync(device, token.Token, Cancellation);
        Assert.True(signUp.Succeeded);
        return (device, signUp.AccessToken, signUp.RefreshToken);
    }

    /// <summary>A device that another cloud tells of, with a link and a value.</summary>
    public async Task<DeviceId> MirrorAsync(UserId user, string path)
    {
        Assert.True(ResourceHref.TryParse(path, out var href));
        Assert.True(ResourceLink.TryCreate(href, ["oic.r.light"], ["oic.if.a"], 3, [], out var link));
        var (device, cloud, mirrors) = (DeviceId.New(), Guid.NewGuid(), _app.Services.GetRequiredService<MirrorStore>());
        await _app.Services.GetRequiredService<Store>().WriteAsync(
            async (context, token) =>
            {
                await mirrors.PutAsync(context, user, cloud, [new MirroredContent(device, "lamp", ["oic.d.light"], true, [link])], token);
                await context.SaveChangesAsync(token);
                await mirrors.SetValueAsync(context, user, cloud, device, path, new byte[] { 0xa0 }, 10000, token);
            },
            Cancellation);
        return device;
    }

    /// <summary>Signs a device in, as the device door does.</summary>
    public async Task SignInAsync(DeviceId device, UserId user, string accessToken)
    {
        var session = await Devices.SignInAsync(device, user, accessToken, Cancellation);
        Assert.True(session.Accepted);
        var online = _app.Services.GetRequiredService<OnlineState>();
        await online.StartAsync(Cancellation);
        online.SignedIn(device, user, session.Session);
        while ((await Devices.FindAsync(device, Cancellation)) is not { Online: true }) await Task.Delay(10, Cancellation);
    }

    /// <summary>Makes the twin know representations, as the device door does.</summary>
    public async Task KnowAsync(DeviceId device, UserId user, string accessToken, params (string Href, byte[] Cbor)[] representations)
    {
        var session = await Devices.SignInAsync(device, user, accessToken, Cancellation);
        var twins = _app.Services.GetRequiredService<TwinWriter>();
        foreach (var (href, cbor) in representations) twins.Changed(device, user, session.Session, href, cbor, 10000);
        // The end writes what waits.
        await twins.StopAsync(Cancellation);
    }

    /// <summary>Puts access rules in place; nobody has asked for this user's before.</summary>
    public async Task SetRulesAsync(UserId user, params AccessRule[] rules) =>
        Assert.True(await _app.Services.GetRequiredService<AccessRuleStore>().ReplaceAsync(user, rules, Cancellation));

    /// <summary>Makes the store one that does not answer: its file is none any more.</summary>
    public void BreakStore()
    {
        // Whoever opens the store between two of these steps makes the file anew.
        for (var attempt = 1; ; attempt++)
        {
            SqliteConnection.ClearAllPools();
            File.Delete(_folder["ocfcloud.db"]);
            try
            {
                System.IO.Directory.CreateDirectory(_folder["ocfcloud.db"]);

                // A connection that was opened just before the file went would go on reading it.
                SqliteConnection.ClearAllPools();
                return;
            }
            catch (IOException) when (attempt < 100)
            {
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        await _app.DisposeAsync();
        _folder.Dispose();
    }
}
