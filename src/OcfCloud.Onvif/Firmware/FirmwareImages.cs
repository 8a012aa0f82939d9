using System.Globalization;
using Microsoft.EntityFrameworkCore;
using OcfCloud.Core.Storage;
using OcfCloud.Onvif.Cameras;

namespace OcfCloud.Onvif.Firmware;

/// <summary>The versions of firmware that cameras can be told to upgrade to, by model: an administrator's list. The images themselves are at the manufacturer's.</summary>
public sealed class FirmwareImages
{
    /// <summary>Versions of a model.</summary>
    public const int MaxVersionsPerModel = 1_000;

    private readonly Store _store;
    private readonly TimeProvider _time;

    internal FirmwareImages(Store store, TimeProvider time) => (_store, _time) = (store, time);

    /// <summary>Adds a version of a model.</summary>
    /// <returns>Why not, in words; null: it is there now.</returns>
    /// <exception cref="StoreUnavailableException">The store does not answer.</exception>
    public Task<string?> AddAsync(string model, string version, CancellationToken cancellationToken)
    {
        if ((FirmwareText.Refuse("model", model) ?? FirmwareText.Refuse("version", version)) is { } refusal) return Task.FromResult<string?>(refusal);
        return _store.WriteAsync<string?>(
            async (context, token) =>
            {
                var images = context.Set<FirmwareImage>();
                if (await images.AnyAsync(image => image.Model == model && image.Version == version, token)) return $"There is firmware {version} of {model} already.";
                if (await images.CountAsync(image => image.Model == model, token) >= MaxVersionsPerModel)
                    return string.Create(CultureInfo.InvariantCulture, $"{model} has {MaxVersionsPerModel} versions, and no more fit in.");
                images.Add(new FirmwareImage { Model = model, Version = version, AddedAt = _time.GetUtcNow() });
                return null;
            },
            cancellationToken);
    }

    /// <summary>All of them, by model and version.</summary>
    /// <exception cref="StoreUnavailableException">The store does not answer.</exception>
    public async Task<IReadOnlyList<FirmwareImage>> ListAsync(CancellationToken cancellationToken)
    {
        var rows = await _store.ReadAsync((context, token) => context.Set<FirmwareImage>().ToListAsync(token), cancellationToken);
        return [.. rows.OrderBy(image => image.Model, StringComparer.Ordinal).ThenBy(image => image.Version, VersionOrder.Instance)];
    }

    /// <summary>Removes a version of a model.</summary>
    /// <returns>False where it is not there.</returns>
    /// <exception cref="StoreUnavailableException">The store does not answer.</exception>
    public Task<bool> RemoveAsync(string model, string version, CancellationToken cancellationToken) => _store.WriteAsync(
        async (context, token) => await context.Set<FirmwareImage>().Where(image => image.Model == model && image.Version == version).ExecuteDeleteAsync(token) > 0,
        cancellationToken);

    /// <summary>The versions of a model, the oldest first; empty where a camera of it is known and no version; null where nobody knows of it.</summary>
    /// <exception cref="StoreUnavailableException">The store does not answer.</exception>
    public Task<IReadOnlyList<string>?> AvailableAsync(string model, CancellationToken cancellationToken) => _store.ReadAsync<IReadOnlyList<string>?>(
        async (context, token) =>
        {
            var versions = await context.Set<FirmwareImage>().Where(image => image.Model == model).Select(image => image.Version).ToListAsync(token);
            return versions.Count > 0 || await context.Set<Camera>().AnyAsync(camera => camera.Model == model, token)
                ? [.. versions.Order(VersionOrder.Instance)]
                : null;
        },
        cancellationToken);
}
