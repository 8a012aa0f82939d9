using System.Collections.Concurrent;
using OcfCloud.Coap;
using OcfCloud.Simulator.DataFiles;
using OcfCloud.Simulator.Devices;
using OcfCloud.Simulator.Payloads;
using OcfCloud.Simulator.Resources;

namespace OcfCloud.Simulator.Clients;

/// <summary>What a client knows of the user's devices: their links by discovery, their names by their <c>/oic/d</c>.</summary>
/// <param name="client">Asks.</param>
/// <param name="data">Knows the names of the devices that were simulated here, for when they are offline.</param>
internal sealed class DeviceDirectory(ClientSession client, DataDirectory data)
{
    private const int MostAtOnce = 16;

    /// <summary>Discovers.</summary>
    /// <param name="query">Filters, each <c>key=value</c>.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>The links, or the answer that is none.</returns>
    public async Task<(IReadOnlyList<DiscoveredLink> Links, CoapMessage? Refusal)> DiscoverAsync(IEnumerable<string> query, CancellationToken cancellationToken)
    {
        var path = $"{LinkList.Path}?{string.Join('&', query)}".TrimEnd('?');
        var answer = await client.AskAsync(CoapCode.Get, path, body: null, cancellationToken);
        if (!answer.Code.IsSuccess)
            return ([], answer);
        RepresentationCodec.TryDecode(answer.Payload, out var node);
        return (DiscoveredLink.ReadAll(node), null);
    }

    /// <summary>Asks devices for their names.</summary>
    public async Task<IReadOnlyDictionary<Guid, KnownDevice>> NameAsync(IEnumerable<Guid> devices, CancellationToken cancellationToken)
    {
        var known = new ConcurrentDictionary<Guid, KnownDevice>();
        await Parallel.ForEachAsync(
            devices.Distinct(),
            new ParallelOptions { MaxDegreeOfParallelism = MostAtOnce, CancellationToken = cancellationToken },
            async (device, cancellation) => known[device] = await NameAsync(device, cancellation));
        return known;
    }

    private async Task<KnownDevice> NameAsync(Guid device, CancellationToken cancellationToken)
    {
        var answer = await client.AskAsync(CoapCode.Get, $"/{OcfUuid.Format(device)}{DeviceInformation.Path}", body: null, cancellationToken);
        var name = answer.Code.IsSuccess && RepresentationCodec.TryDecodeMap(answer.Payload, out var map) ? map["n"]?.ToString() : null;
        return new KnownDevice(name ?? NameKeptHere(device), answer.Code != CoapCode.ServiceUnavailable);
    }

    private string? NameKeptHere(Guid device)
    {
        if (!Directory.Exists(data.Simulator))
            return null;
        foreach (var path in Directory.EnumerateFiles(data.Simulator, "*-*.json"))
        {
            try
            {
                if (new StateFile<DeviceState>(path).Read()?.DeviceId == device)
                    return Path.GetFileNameWithoutExtension(path);
            }
            catch (Exception e) when (e is IOException or InvalidDataException)
            {
                // Some other file.
            }
        }

        return null;
    }
}
