using System.Text.Json;
using OcfCloud.Core.Devices;
using OcfCloud.Core.Subscriptions;

namespace OcfCloud.CloudLinking.Synchronisation;

/// <summary>What the body of an event has to be (cloud-to-cloud.md, 1.4).</summary>
internal static class ToldEvent
{
    public const string SubscriptionCancelled = "subscription_cancelled";

    /// <summary>Whether a body is what its event type says. A cancellation is taken with any body and with none; a type that was not asked for is nobody's to read.</summary>
    public static bool IsWellFormed(SubscriptionLevel level, DeviceId? device, string eventType, string? contentType, ReadOnlyMemory<byte> body)
    {
        if (eventType == SubscriptionCancelled || EventTypes.KindOf(eventType, level) is null) return true;
        if (level == SubscriptionLevel.Resource) return ToldPayload.TryReduce(contentType, device!.Value, body, out _, out _);
        using var document = ToldPayload.TryParse(contentType, body);
        return document?.RootElement.ValueKind == JsonValueKind.Array;
    }
}
