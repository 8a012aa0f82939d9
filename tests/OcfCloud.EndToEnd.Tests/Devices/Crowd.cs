using System.Collections;

namespace OcfCloud.EndToEnd.Devices;

/// <summary>Devices that do the same at the same time.</summary>
internal sealed class Crowd(IEnumerable<TestDevice> devices) : IReadOnlyCollection<TestDevice>, IAsyncDisposable
{
    private readonly List<TestDevice> _devices = [.. devices];

    public int Count => _devices.Count;

    public Task AllAsync(Func<TestDevice, Task> work) => Task.WhenAll(_devices.Select(work));

    public Task<T[]> AllAsync<T>(Func<TestDevice, Task<T>> work) => Task.WhenAll(_devices.Select(work));

    public IEnumerator<TestDevice> GetEnumerator() => _devices.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    public async ValueTask DisposeAsync()
    {
        foreach (var device in _devices)
        {
            await device.DisposeAsync();
        }
    }
}
