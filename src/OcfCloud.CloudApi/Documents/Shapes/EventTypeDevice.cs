using System.Text.Json.Serialization;

namespace OcfCloud.CloudApi.Documents.Shapes;

/// <summary>Events of one device.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<EventTypeDevice>))]
internal enum EventTypeDevice
{
    /// <summary>Links came.</summary>
    [JsonStringEnumMemberName("resources_published")]
    ResourcesPublished,

    /// <summary>Links left.</summary>
    [JsonStringEnumMemberName("resources_unpublished")]
    ResourcesUnpublished,
}
