using OcfCloud.Core.Devices;
using OcfCloud.Core.Storage;

namespace OcfCloud.CloudApi.Devices;

/// <summary>A user's devices, one page after the other.</summary>
internal sealed class DevicePages(DeviceListing devices, UserId user, DeviceContent content)
{
    // Ids are small; of a device with all its representations there is much more.
    private const int IdPage = 1_024, BasePage = 128, AllPage = 8;

    private readonly int _most = content == DeviceContent.All ? AllPage : BasePage;
    private IReadOnlyList<DeviceId> _ids = [];
    private int _read;

    /// <summary>The page that was read last.</summary>
    public IReadOnlyList<DeviceDetails> Current { get; private set; } = [];

    /// <summary>Whether the page that was read last is the last one.</summary>
    public bool IsAtEnd => _read == _ids.Count && _ids.Count < IdPage;

    /// <summary>Reads the next page; it may be empty.</summary>
    /// <exception cref="StoreUnavailableException">The store does not answer.</exception>
    public async Task ReadNextAsync(CancellationToken cancellationToken)
    {
        if (_read == _ids.Count)
        {
            _ids = await devices.PageAsync(user, _ids.Count == 0 ? null : _ids[^1], IdPage, cancellationToken);
            _read = 0;
        }

        DeviceId[] next = [.. _ids.Skip(_read).Take(_most)];
        _read += next.Length;
        Current = next.Length == 0 ? [] : await devices.ReadAsync(user, next, content, cancellationToken);
    }
}
