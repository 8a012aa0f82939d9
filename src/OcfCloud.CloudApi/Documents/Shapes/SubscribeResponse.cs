using System.Text.Json.Serialization;

namespace OcfCloud.CloudApi.Documents.Shapes;

/// <summary>A subscription that was made.</summary>
/// <param name="SubscriptionId">Its id.</param>
internal sealed record SubscribeResponse(
    [property: JsonPropertyName("subscriptionId")] Guid SubscriptionId);
