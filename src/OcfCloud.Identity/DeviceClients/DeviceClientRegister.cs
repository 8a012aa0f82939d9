using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using OcfCloud.Core.Storage;
using OpenIddict.EntityFrameworkCore.Models;

namespace OcfCloud.Identity.DeviceClients;

/// <summary>Devices that are clients of this cloud's authorization server by a key of their own (<c>client_credentials</c>).</summary>
public sealed class DeviceClientRegister
{
    private readonly Store _store;
    private readonly TimeProvider _time;
    private readonly IOptions<DeviceClientOptions> _options;

    internal DeviceClientRegister(Store store, IOptions<DeviceClientOptions> options, TimeProvider time) =>
        (_store, _options, _time) = (store, options, time);

    /// <summary>Makes a client id; nobody is let in by it before a key is registered.</summary>
    public static string NewId() => "cam-" + Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(12));

    /// <summary>Reads a request as <see cref="DeviceKey.Read"/> does, by this cloud's settings.</summary>
    public DeviceKey? ReadKey(ReadOnlySpan<byte> certificationRequest, out string? refusal) => DeviceKey.Read(certificationRequest, out refusal, _options.Value.AllowShortRsaKeys);

    /// <summary>Registers a client's key, in the caller's transaction. The same key of the same client again changes nothing.</summary>
    /// <returns>False where the key is another client's.</returns>
    public async Task<bool> RegisterAsync(CloudDbContext context, string clientId, DeviceKey key, CancellationToken cancellationToken)
    {
        if (await context.Set<DeviceClientKey>().FindAsync([key.Thumbprint], cancellationToken) is { } known) return known.ClientId == clientId;
        context.Add(new DeviceClientKey
        {
            Thumbprint = key.Thumbprint,
            ClientId = clientId,
            Jwk = key.Jwk,
            CertificationRequest = key.CertificationRequest,
            RegisteredAt = _time.GetUtcNow(),
        });
        if (!await context.Set<OpenIddictEntityFrameworkCoreApplication>().AnyAsync(row => row.ClientId == clientId, cancellationToken)) context.Add(DeviceApplication.Of(clientId));

        // Whoever asks again in this transaction finds both.
        await context.SaveChangesAsync(cancellationToken);
        return true;
    }

    /// <summary>Removes a client with its keys, in the caller's transaction: from its commit on its assertions and its access tokens are refused.</summary>
    [SuppressMessage("Performance", "CA1822:Mark members as static", Justification = "A register that is asked for is what lets go, too.")]
    public async Task RemoveAsync(CloudDbContext context, string clientId, CancellationToken cancellationToken)
    {
        // What it has used up stays until it is over: a key that comes again brings no assertion back.
        await context.Set<DeviceClientKey>().Where(key => key.ClientId == clientId).ExecuteDeleteAsync(cancellationToken);
        await context.Set<OpenIddictEntityFrameworkCoreToken>()
            .Where(issued => issued.Application!.ClientId == clientId && issued.Application.ApplicationType == DeviceApplication.Type).ExecuteDeleteAsync(cancellationToken);
        await context.Set<OpenIddictEntityFrameworkCoreAuthorization>()
            .Where(grant => grant.Application!.ClientId == clientId && grant.Application.ApplicationType == DeviceApplication.Type).ExecuteDeleteAsync(cancellationToken);
        await context.Set<OpenIddictEntityFrameworkCoreApplication>()
            .Where(row => row.ClientId == clientId && row.ApplicationType == DeviceApplication.Type).ExecuteDeleteAsync(cancellationToken);
    }

    /// <summary>The client whose key is this certificate's; null: nobody's. The certificate itself proves nothing but the key that the handshake showed to be held.</summary>
    /// <exception cref="StoreUnavailableException">The store does not answer.</exception>
    public async Task<string?> FindAsync(X509Certificate2 certificate, CancellationToken cancellationToken)
    {
        if (PublicKeyJwk.Of(certificate.PublicKey) is not { } jwk) return null;
        var thumbprint = jwk.Thumbprint;
        return await _store.ReadAsync(
            (context, token) => context.Set<DeviceClientKey>().Where(key => key.Thumbprint == thumbprint).Select(key => key.ClientId).SingleOrDefaultAsync(token),
            cancellationToken);
    }
}
