using OcfCloud.Core.Devices;
using OcfCloud.Core.Storage;

namespace OcfCloud.CloudApi.Devices;

/// <summary>A user's devices, one page after the other.</summary>
internal sealed class DevicePages(DeviceListing devices, UserId user, DeviceContent content)
{
    // Of a device with all its representations there is much more.
    private const int BasePage = 128, AllPage = 8;

    private readonly int _most = content == DeviceContent.All ? AllPage : BasePage;

    /// <summary>The page that was read last; empty at the end.</summary>
    public IReadOnlyList<DeviceDetails> Current { get; private set; } = [];

    /// <summary>Whether the page that was read last is the last one.</summary>
    public bool IsAtEnd => Current.Count < _most;

    /// <summary>Reads the next page.</summary>
    /// <exception cref="StoreUnavailableException">The store does not answer.</exception>
    public async Task ReadNextAsync(CancellationToken cancellationToken) =>
        Current = await devices.PageAsync(user, Current.Count == 0 ? null : Current[^1].DeviceId, _most, content, cancellationToken);
}
