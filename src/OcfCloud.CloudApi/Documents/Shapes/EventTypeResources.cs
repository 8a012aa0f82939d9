using System.Text.Json.Serialization;

namespace OcfCloud.CloudApi.Documents.Shapes;

/// <summary>Events of one resource.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<EventTypeResources>))]
internal enum EventTypeResources
{
    /// <summary>Its representation changed.</summary>
    [JsonStringEnumMemberName("resource_contentchanged")]
    ResourceContentChanged,
}
