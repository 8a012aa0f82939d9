using OcfCloud.Coap;
using OcfCloud.Core.Devices;

namespace OcfCloud.DeviceGateway.Resources;

/// <summary>Reads a query; parts that nobody asks for are ignored. The first that is wrong stays as <see cref="Problem"/>.</summary>
internal sealed class RequestQuery
{
    internal const string NoUuid = "no UUID of 8-4-4-4-12 hexadecimal digits";

    private readonly List<(string Name, string Value)> _parts = [];

    public RequestQuery(CoapMessage request)
    {
        foreach (var part in request.UriQuery)
        {
            var equals = part.IndexOf('=', StringComparison.Ordinal);
            _parts.Add(equals < 0 ? (part, "") : (part[..equals], part[(equals + 1)..]));
        }
    }

    /// <summary>What is wrong, for a diagnostic: names the key, never its value. Null: nothing yet.</summary>
    public string? Problem { get; private set; }

    /// <summary>All values of a key, in their order.</summary>
    public IEnumerable<string> All(string name) => _parts.Where(p => p.Name == name).Select(p => p.Value);

    /// <summary>The one value of a key; null where the key is not there.</summary>
    public string? Text(string name)
    {
        string? found = null;
        foreach (var value in All(name))
        {
            if (value.Length == 0) Report(name, "empty");
            if (found is not null) Report(name, "there more than once");
            found = value;
        }
        return found;
    }

    /// <summary>The one id of a device; null where the key is not there.</summary>
    public DeviceId? Device(string name)
    {
        if (Text(name) is not { } text) return null;
        if (!DeviceId.TryParse(text, out var id)) Report(name, NoUuid);
        return id;
    }

    /// <summary>The one id of a user; null where the key is not there.</summary>
    public UserId? User(string name)
    {
        if (Text(name) is not { } text) return null;
        if (!UserId.TryParse(text, out var id)) Report(name, NoUuid);
        return id;
    }

    /// <summary>All ids of devices; a key that is not there has none.</summary>
    public IReadOnlyList<DeviceId> Devices(string name)
    {
        var devices = new List<DeviceId>();
        foreach (var value in All(name))
        {
            if (!DeviceId.TryParse(value, out var id)) Report(name, NoUuid);
            devices.Add(id);
        }
        return devices;
    }

    /// <summary>Keeps a problem unless there was one before.</summary>
    public void Report(string name, string problem) => Problem ??= $"\"{name}\" is {problem}";
}
