using System.Text.Json.Serialization;

namespace OcfCloud.CloudApi.Documents.Shapes;

/// <summary>Events of all devices of the user.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<EventTypeDevices>))]
internal enum EventTypeDevices
{
    /// <summary>Devices came.</summary>
    [JsonStringEnumMemberName("devices_registered")]
    DevicesRegistered,

    /// <summary>Devices left for good.</summary>
    [JsonStringEnumMemberName("devices_unregistered")]
    DevicesUnregistered,

    /// <summary>Devices connected.</summary>
    [JsonStringEnumMemberName("devices_online")]
    DevicesOnline,

    /// <summary>Devices are no longer connected.</summary>
    [JsonStringEnumMemberName("devices_offline")]
    DevicesOffline,
}
