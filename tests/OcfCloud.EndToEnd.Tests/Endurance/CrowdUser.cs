using System.Net.Http.Json;
using System.Text.Json;
using OcfCloud.EndToEnd.Harness;

namespace OcfCloud.EndToEnd.Endurance;

/// <summary>A user of the crowd: gets one-time tokens over one HTTPS connection.</summary>
internal sealed class CrowdUser(CloudUser user) : IDisposable
{
    private readonly HttpClient _http = user.Cloud.CreateHttpClient(user.Bearer);

    public string Name => user.Name;

    public Cloud Cloud => user.Cloud;

    public async Task<string> CreateDeviceTokenAsync(Guid device)
    {
        using var answer = await _http.PostAsJsonAsync("/mediator/v1/device-tokens", new Dictionary<string, Guid> { ["di"] = device });
        answer.EnsureSuccessStatusCode();
        return (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("at").GetString()!;
    }

    public void Dispose() => _http.Dispose();
}
