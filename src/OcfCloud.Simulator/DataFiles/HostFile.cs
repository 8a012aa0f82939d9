using System.Text.Json;

namespace OcfCloud.Simulator.DataFiles;

/// <summary>What <c>host.json</c> says about the running cloud; an endpoint that is off is null.</summary>
internal sealed record HostFile
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web);

    /// <summary>Address of the HTTPS door, <c>https://127.0.0.1:8443</c>.</summary>
    public string? Https { get; init; }

    /// <summary>Address of the device door, <c>coaps+tcp://127.0.0.1:5684</c>.</summary>
    public string? Coaps { get; init; }

    /// <summary>The cloud's UUID.</summary>
    public string? Sid { get; init; }

    /// <summary>Reads the file; null where there is none or its content is no such object.</summary>
    public static HostFile? TryRead(string path)
    {
        try
        {
            return JsonSerializer.Deserialize<HostFile>(File.ReadAllBytes(path), Json);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or JsonException)
        {
            return null;
        }
    }
}
