using OcfCloud.Core.Storage;
using OcfCloud.Onvif.Provisioning;

namespace OcfCloud.Onvif.Tests.Provisioning.Support;

/// <summary>Clients of the authorization server that were taken away.</summary>
internal sealed class FakeClients : ICameraClients
{
    public List<string> Removed { get; } = [];

    public Action? Removing { get; set; }

    public Task RemoveAsync(CloudDbContext context, string clientId, CancellationToken cancellationToken)
    {
        Removing?.Invoke();
        Removed.Add(clientId);
        return Task.CompletedTask;
    }
}
