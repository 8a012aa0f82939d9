using System.Buffers.Text;
using System.Security.Cryptography;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Microsoft.IdentityModel.Tokens;
using OcfCloud.Core.Storage;
using OcfCloud.Identity.Tokens;

namespace OcfCloud.Identity.SigningKeys;

/// <summary>The P-256 keys of this cloud's access tokens: in the store, so that every node signs and verifies with the same ones.</summary>
/// <remarks>The newest signs; when it has signed for its lifetime the next token makes another. What this process holds is a cache: a token with a key that it
/// does not know makes it look again, at most every 200 ms.</remarks>
internal sealed partial class TokenSigningKeys
{
    private static readonly TimeSpan LeastReload = TimeSpan.FromMilliseconds(200);

    private readonly Store _store;
    private readonly IDataProtector _protector;
    private readonly AccessTokenOptions _options;
    private readonly TimeProvider _time;
    private readonly ILogger<TokenSigningKeys> _logger;
    private readonly SharedRead<Snapshot> _reading;
    private volatile Snapshot _snapshot = new([], long.MinValue);

    public TokenSigningKeys(Store store, IDataProtectionProvider protection, IOptions<AccessTokenOptions> options, TimeProvider time, ILogger<TokenSigningKeys> logger)
    {
        _store = store;
        _protector = protection.CreateProtector("OcfCloud.SigningKeys");
        _options = options.Value;
        _time = time;
        _logger = logger;
        _reading = new SharedRead<Snapshot>(ReadAsync);
    }

    /// <summary>The key that signs now; made where there is none.</summary>
    public async ValueTask<SigningCredentials> CurrentAsync(CancellationToken cancellationToken)
    {
        if ((Fresh(_snapshot) ?? Fresh(await LoadAsync(cancellationToken))) is not { } key)
        {
            key = await CreateAsync(cancellationToken);
        }

        return new SigningCredentials(key.Key, SecurityAlgorithms.EcdsaSha256);
    }

    /// <summary>Makes sure that a key that tokens name is known here, if the store has it.</summary>
    public async ValueTask PrepareAsync(string keyId, CancellationToken cancellationToken)
    {
        var snapshot = _snapshot;
        if (snapshot.Keys.Any(known => known.Key.KeyId == keyId)
            || (snapshot.LoadedAt != long.MinValue && _time.GetElapsedTime(snapshot.LoadedAt) < LeastReload))
        {
            return;
        }

        await LoadAsync(cancellationToken);
    }

    /// <summary>The key of this name, among those prepared and still good.</summary>
    public IEnumerable<SecurityKey> Known(string? keyId)
    {
        var least = _time.GetUtcNow() - (2 * _options.SigningKeyLifetime);
        return _snapshot.Keys.Where(known => known.Key.KeyId == keyId && known.CreatedAt > least).Select(known => known.Key);
    }

    /// <summary>All keys of the store that are still good, newest first.</summary>
    public async ValueTask<IReadOnlyList<ECDsaSecurityKey>> AllAsync(CancellationToken cancellationToken)
    {
        var snapshot = _snapshot;
        if (snapshot.LoadedAt == long.MinValue || _time.GetElapsedTime(snapshot.LoadedAt) >= LeastReload) snapshot = await LoadAsync(cancellationToken);
        var least = _time.GetUtcNow() - (2 * _options.SigningKeyLifetime);
        return [.. snapshot.Keys.Where(known => known.CreatedAt > least).Select(known => known.Key)];
    }

    private LoadedKey? Fresh(Snapshot snapshot)
    {
        var now = _time.GetUtcNow();
        return snapshot.Keys is [var newest, ..] && newest.CreatedAt + _options.SigningKeyLifetime > now ? newest : null;
    }

    private async Task<Snapshot> LoadAsync(CancellationToken cancellationToken)
    {
        var asked = _time.GetTimestamp();
        while (true)
        {
            var snapshot = await _reading.JoinAsync(cancellationToken);
            // A reading that had begun before may lack what its joiner knows of.
            if (snapshot.LoadedAt >= asked) return snapshot;
        }
    }

    private async Task<Snapshot> ReadAsync()
    {
        var at = _time.GetTimestamp();
        var rows = await _store.ReadAsync(
            (context, token) => context.Set<SigningKey>().OrderByDescending(key => key.CreatedAt).ThenBy(key => key.Id).ToListAsync(token), CancellationToken.None);
        var known = _snapshot.Keys.ToDictionary(key => key.Key.KeyId, StringComparer.Ordinal);
        var keys = rows.Select(row => known.GetValueOrDefault(row.Id) ?? Open(row)).OfType<LoadedKey>().ToArray();
        return _snapshot = new Snapshot(keys, at);
    }

    private async Task<LoadedKey> CreateAsync(CancellationToken cancellationToken)
    {
        using var pair = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var row = new SigningKey
        {
            Id = Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(16)),
            CreatedAt = _time.GetUtcNow(),
            ProtectedKey = _protector.Protect(pair.ExportPkcs8PrivateKey()),
        };

        // Two nodes may each make one at the same moment: both are good.
        await _store.WriteAsync(
            async (context, token) =>
            {
                var over = row.CreatedAt - (2 * _options.SigningKeyLifetime);
                await context.Set<SigningKey>().Where(key => key.CreatedAt < over).ExecuteDeleteAsync(token);
                context.Add(row);
            },
            cancellationToken);
        LogMade(row.Id);
        return Fresh(await LoadAsync(cancellationToken)) ?? throw new InvalidOperationException("A signing key that was just made cannot be read again.");
    }

    private LoadedKey? Open(SigningKey row)
    {
        try
        {
            var pair = ECDsa.Create();
            pair.ImportPkcs8PrivateKey(_protector.Unprotect(row.ProtectedKey), out _);
            return new LoadedKey(new ECDsaSecurityKey(pair) { KeyId = row.Id }, row.CreatedAt);
        }
        catch (CryptographicException e)
        {
            // The key ring that protected it is gone: tokens signed by it are no longer accepted, new ones get a new key.
            LogUnreadable(row.Id, e.Message);
            return null;
        }
    }

    private sealed record LoadedKey(ECDsaSecurityKey Key, DateTimeOffset CreatedAt);

    /// <summary>What the store had at some time.</summary>
    /// <param name="Keys">Newest first.</param>
    /// <param name="LoadedAt">A timestamp of the clock; <see cref="long.MinValue"/> = never.</param>
    private sealed record Snapshot(LoadedKey[] Keys, long LoadedAt);
}
