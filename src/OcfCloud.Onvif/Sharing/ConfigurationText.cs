using System.Security.Cryptography;
using System.Text.Json;

namespace OcfCloud.Onvif.Sharing;

/// <summary>Device configurations as the store has them, and by what two of them are the same.</summary>
internal static class ConfigurationText
{
    /// <summary>JSON without the token, for <c>Share.Configuration</c>.</summary>
    public static string WithoutToken(DeviceConfiguration configuration) => JsonSerializer.Serialize(configuration with { ShareToken = "" });

    /// <summary>Reads it again.</summary>
    public static DeviceConfiguration Read(string json) => JsonSerializer.Deserialize<DeviceConfiguration>(json)!;

    /// <summary>SHA-256 of the canonical form: members in one order, arrays as they came, the token as the compact JWS. Members that nobody knows and the way a value is written do not count.</summary>
    public static byte[] HashOf(DeviceConfiguration configuration, string compact) => SHA256.HashData(JsonSerializer.SerializeToUtf8Bytes(configuration with { ShareToken = compact }));
}
