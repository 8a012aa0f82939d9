using System.Text;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using OcfCloud.Core.Devices;
using OcfCloud.Core.Directory;
using OcfCloud.Core.Storage;
using OcfCloud.Core.Tokens;
using OcfCloud.Identity.Users;

namespace OcfCloud.Console.Tests.Support;

/// <summary>Devices in the store, as their door would have left them.</summary>
internal static class DeviceHome
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    /// <summary>Registers a device with one resource, <c>/light</c>, and what its twin knows of it, in JSON.</summary>
    public static async Task<DeviceId> AddDeviceAsync(this TestCloud cloud, User user, string representation, string @interface = "oic.if.a")
    {
        var services = cloud.Services;
        var device = DeviceId.TryParse(Guid.NewGuid().ToString(), out var id) ? id : throw new InvalidOperationException();
        var owner = new UserId(user.Id);
        var token = await services.GetRequiredService<OneTimeTokens>().IssueAsync(owner, null, Cancellation);
        var accounts = services.GetRequiredService<DeviceAccounts>();
        Assert.NotNull(token);
        await accounts.SignUpAsync(device, token.Token, Cancellation);
        Assert.True(ResourceHref.TryParse("/light", out var href));
        Assert.True(ResourceLink.TryCreate(href, ["oic.r.switch.binary"], ["oic.if.baseline", @interface], 3, [], out var link));
        await services.GetRequiredService<ResourceDirectory>().PublishAsync(device, owner, [link], null, Cancellation);
        var (bytes, at) = (Encoding.UTF8.GetBytes(representation), DateTimeOffset.UtcNow.UtcTicks);
        await services.GetRequiredService<Store>().WriteAsync(
            (context, cancellation) => context.Database.ExecuteSqlAsync(
                $"""INSERT INTO twins ("DeviceId", "Href", "Representation", "ContentFormat", "ChangedAt", "Session") VALUES ({device.Value}, {"/light"}, {bytes}, {50}, {at}, {0})""", cancellation),
            Cancellation);
        return device;
    }
}
