using System.Security.Cryptography.X509Certificates;
using OcfCloud.Core.Storage;

namespace OcfCloud.Identity.DeviceClients;

/// <summary>Devices that are clients of this cloud's authorization server by a key of their own (<c>client_credentials</c>).</summary>
public sealed class DeviceClientRegister
{
    internal DeviceClientRegister()
    {
    }

    /// <summary>Makes a client id; nobody is let in by it before a key is registered.</summary>
    public static string NewId() => throw new NotImplementedException();

    /// <summary>Registers a client's key, in the caller's transaction. The same key of the same client again changes nothing.</summary>
    /// <returns>False where the key is another client's.</returns>
    public Task<bool> RegisterAsync(CloudDbContext context, string clientId, DeviceKey key, CancellationToken cancellationToken) => throw new NotImplementedException();

    /// <summary>Removes a client with its keys, in the caller's transaction: from its commit on its assertions and its access tokens are refused.</summary>
    public Task RemoveAsync(CloudDbContext context, string clientId, CancellationToken cancellationToken) => throw new NotImplementedException();

    /// <summary>The client whose key is this certificate's; null: nobody's. The certificate itself proves nothing but the key that the handshake showed to be held.</summary>
    public Task<string?> FindAsync(X509Certificate2 certificate, CancellationToken cancellationToken) => throw new NotImplementedException();
}
