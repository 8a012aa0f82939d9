using OcfCloud.Core.Storage;

namespace OcfCloud.Onvif.Provisioning;

/// <summary>What a transfer does to a camera's client at our authorization server.</summary>
internal interface ICameraClients
{
    /// <summary>Takes the client away, in the caller's transaction.</summary>
    Task RemoveAsync(CloudDbContext context, string clientId, CancellationToken cancellationToken);
}
