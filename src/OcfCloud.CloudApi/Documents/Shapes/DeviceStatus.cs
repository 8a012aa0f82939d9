using System.Text.Json.Serialization;

namespace OcfCloud.CloudApi.Documents.Shapes;

/// <summary>Whether a device is connected.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<DeviceStatus>))]
internal enum DeviceStatus
{
    /// <summary>It is.</summary>
    [JsonStringEnumMemberName("online")]
    Online,

    /// <summary>It is not.</summary>
    [JsonStringEnumMemberName("offline")]
    Offline,
}
