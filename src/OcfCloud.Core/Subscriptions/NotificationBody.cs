namespace OcfCloud.Core.Subscriptions;

/// <summary>The body of a notification as it goes out, in every attempt the same.</summary>
/// <param name="ContentType">Its media type; null = no body, and no <c>Content-Type</c>.</param>
/// <param name="Bytes">The raw body.</param>
public readonly record struct NotificationBody(string? ContentType, ReadOnlyMemory<byte> Bytes)
{
    /// <summary>No body: subscription_cancelled.</summary>
    public static NotificationBody None => default;
}
