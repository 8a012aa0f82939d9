namespace OcfCloud.Identity.DeviceClients;

/// <summary>Checks the access tokens of devices that are clients.</summary>
public sealed class DeviceTokens
{
    internal DeviceTokens()
    {
    }

    /// <summary>Checks a token: signature, type, issuer, audience, time, scope, and that its client is still registered.</summary>
    /// <returns>How it ended, and the client's id.</returns>
    public Task<DeviceTokenCheck> CheckAsync(string token, CancellationToken cancellationToken) => throw new NotImplementedException();
}
