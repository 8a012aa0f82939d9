using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using OcfCloud.CloudLinking.LinkedAccounts;
using OcfCloud.CloudLinking.LinkedClouds;
using OcfCloud.CloudLinking.Targets;
using OcfCloud.Core.Devices;
using OcfCloud.Core.Directory;
using OcfCloud.Core.Mirrors;
using OcfCloud.Core.Storage;
using OcfCloud.Identity.Users;

namespace OcfCloud.Console.Tests.Support;

/// <summary>Linked clouds, accounts and their devices in the store, as administrators, users and synchronisation would have left them.</summary>
internal static class LinkedHome
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    /// <summary>Adds a linked cloud.</summary>
    public static async Task<LinkedCloud> AddLinkedCloudAsync(
        this TestCloud cloud, string name = "other", string authorization = "https://other.example/authorize", string clientId = "our id", string url = "https://other.example")
    {
        var secrets = cloud.Services.GetRequiredService<SealedSecrets>();
        var linked = new LinkedCloud
        {
            Id = Guid.NewGuid(),
            Name = name,
            Url = url,
            ClientId = clientId,
            ClientSecret = secrets.Seal(SecretPurpose.ClientSecret, "our secret there"),
            Scope = "r:* w:* offline_access",
            AuthorizationEndpoint = authorization,
            TokenEndpoint = "https://other.example/token",
            CloudId = Guid.NewGuid(),
        };
        await cloud.WriteAsync(context => context.Add(linked));
        return linked;
    }

    /// <summary>Links an account.</summary>
    public static Task AddLinkedAccountAsync(this TestCloud cloud, User user, LinkedCloud linked, AccountState state = AccountState.Linked, string? trouble = null) => cloud.WriteAsync(context =>
        context.Add(new LinkedAccount
        {
            Id = Guid.NewGuid(),
            UserId = new UserId(user.Id),
            LinkedCloudId = linked.Id,
            State = state,
            Trouble = trouble,
            AccessToken = [1],
            Scope = "r:*",
            LinkedAt = new DateTimeOffset(2026, 11, 1, 10, 0, 0, TimeSpan.Zero),
            LastEventAt = new DateTimeOffset(2026, 11, 2, 11, 30, 0, TimeSpan.Zero),
            LastSyncAt = new DateTimeOffset(2026, 11, 2, 11, 0, 0, TimeSpan.Zero),
        }));

    /// <summary>Mirrors a device with one resource, <c>/light</c>.</summary>
    public static async Task<DeviceId> AddMirroredDeviceAsync(this TestCloud cloud, User user, LinkedCloud linked, string name = "Their light", string @interface = "oic.if.a", string href = "/light")
    {
        var device = new DeviceId(Guid.NewGuid());
        Assert.True(ResourceHref.TryParse(href, out var path));
        Assert.True(ResourceLink.TryCreate(path, ["oic.r.switch.binary"], ["oic.if.baseline", @interface], 3, [], out var link));
        await cloud.Services.GetRequiredService<Store>().WriteAsync(
            (context, token) => cloud.Services.GetRequiredService<MirrorStore>()
                .PutAsync(context, new UserId(user.Id), linked.Id, [new MirroredContent(device, name, ["oic.d.light"], true, [link])], token),
            Cancellation);
        return device;
    }

    /// <summary>The linked accounts.</summary>
    public static Task<List<LinkedAccount>> LinkedAccountsAsync(this TestCloud cloud) =>
        cloud.Services.GetRequiredService<Store>().ReadAsync((context, token) => context.Set<LinkedAccount>().ToListAsync(token), Cancellation);

    private static Task WriteAsync(this TestCloud cloud, Action<CloudDbContext> change) => cloud.Services.GetRequiredService<Store>().WriteAsync(
        (context, _) =>
        {
            change(context);
            return Task.CompletedTask;
        },
        Cancellation);
}
