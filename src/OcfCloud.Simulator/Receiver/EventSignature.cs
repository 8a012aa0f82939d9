using System.Security.Cryptography;
using System.Text;

namespace OcfCloud.Simulator.Receiver;

/// <summary>The signature of a notification: the recipe that deployed OCF clouds use.</summary>
internal static class EventSignature
{
    /// <summary>Lowercase hex of HMAC-SHA256, keyed with the secret's UTF-8, over the headers' values, joined by colons, and the body.</summary>
    public static string Compute(string secret, Notification notification)
    {
        using var hmac = IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, Encoding.UTF8.GetBytes(secret));
        string[] headers = [notification.ContentType, notification.EventType, notification.SubscriptionId, notification.SequenceNumber, notification.EventTimestamp];
        hmac.AppendData(Encoding.UTF8.GetBytes(string.Join(':', headers) + ":"));
        hmac.AppendData(notification.Body.Span);
        return Convert.ToHexStringLower(hmac.GetHashAndReset());
    }

    /// <summary>Whether the notification carries the signature that the secret makes; takes as long for any other.</summary>
    public static bool IsGood(string secret, Notification notification) => CryptographicOperations.FixedTimeEquals(
        Encoding.ASCII.GetBytes(Compute(secret, notification)), Encoding.UTF8.GetBytes(notification.Signature ?? ""));
}
