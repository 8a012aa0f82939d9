using System.Net;
using System.Net.Http.Json;
using System.Text.Json;

namespace OcfCloud.EndToEnd.Harness;

/// <summary>What a user's mediator asks the cloud over HTTPS.</summary>
internal static class MediatorApi
{
    /// <summary>The user's device, or null.</summary>
    public static async Task<ListedDevice?> FindDeviceAsync(this CloudUser user, Guid device) =>
        (await user.ListDevicesAsync()).FirstOrDefault(d => d.Di == device);

    public static async Task<IReadOnlyList<ListedDevice>> ListDevicesAsync(this CloudUser user)
    {
        var http = user.Cloud.HttpClientOf(user.Bearer);
        return (await http.GetFromJsonAsync<List<ListedDevice>>("/mediator/v1/devices", JsonSerializerOptions.Web))!;
    }

    /// <summary>Its status, <c>online</c> or <c>offline</c>; null where the user has no such device.</summary>
    public static async Task<string?> StatusOfAsync(this CloudUser user, Guid device) => (await user.FindDeviceAsync(device))?.Status;

    public static async Task<HttpStatusCode> RemoveDeviceAsync(this CloudUser user, Guid device)
    {
        var http = user.Cloud.HttpClientOf(user.Bearer);
        using var answer = await http.DeleteAsync($"/mediator/v1/devices/{device}");
        return answer.StatusCode;
    }

    public static async Task SetTwinAsync(this CloudUser user, Guid device, bool twin)
    {
        var http = user.Cloud.HttpClientOf(user.Bearer);
        using var answer = await http.PatchAsJsonAsync($"/mediator/v1/devices/{device}", new { twin });
        Assert.Equal(HttpStatusCode.NoContent, answer.StatusCode);
    }

    /// <summary>Puts the user's access rules in place of those that were.</summary>
    public static async Task SetAccessRulesAsync(this CloudUser user, params (string Subject, string Device, string Href, string[] Allow)[] rules)
    {
        var http = user.Cloud.HttpClientOf(user.Bearer);
        using var answer = await http.PutAsJsonAsync("/mediator/v1/access-rules", rules.Select(r => new { subject = r.Subject, device = r.Device, href = r.Href, allow = r.Allow }));
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
    }
}
