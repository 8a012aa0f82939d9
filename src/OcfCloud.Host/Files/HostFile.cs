using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace OcfCloud.Host.Files;

/// <summary><c>host.json</c>: where the running host is. Null = that endpoint is off.</summary>
internal sealed record HostFile(
    [property: JsonPropertyName("https")] string? Https,
    [property: JsonPropertyName("http")] string? Http,
    [property: JsonPropertyName("coaps")] string? Coaps,
    [property: JsonPropertyName("uplink")] string? Uplink,
    [property: JsonPropertyName("mutualTls")] string? MutualTls,
    [property: JsonPropertyName("publicUrl")] Uri? PublicUrl,
    [property: JsonPropertyName("sid")] string? Sid,
    [property: JsonPropertyName("pid")] int Pid)
{
    // For shells as well as for programs: "+" is written as "+".
    private static readonly JsonSerializerOptions Plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public void Write(string path) => AtomicFile.Write(path, JsonSerializer.Serialize(this, Plain) + "\n");

    /// <summary>The file's content; null where no host runs or it cannot be read.</summary>
    public static HostFile? TryRead(string path)
    {
        try
        {
            return JsonSerializer.Deserialize<HostFile>(File.ReadAllText(path));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or JsonException)
        {
            return null;
        }
    }
}
