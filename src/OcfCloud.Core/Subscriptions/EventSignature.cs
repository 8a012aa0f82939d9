using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace OcfCloud.Core.Subscriptions;

/// <summary>Signs notifications (cloud-to-cloud.md, 1.4): lowercase hexadecimal of HMAC-SHA256 over
/// <c>Content-Type ":" Event-Type ":" Subscription-ID ":" Sequence-Number ":" Event-Timestamp ":" body</c>.</summary>
public static class EventSignature
{
    /// <summary>Computes the signature.</summary>
    /// <param name="secret">The subscription's signing secret; its UTF-8 bytes are the key.</param>
    /// <param name="contentType">As sent; null where none is.</param>
    /// <param name="eventType">As sent.</param>
    /// <param name="subscriptionId">As sent.</param>
    /// <param name="sequenceNumber">From 0.</param>
    /// <param name="timestamp">Unix seconds; null = the empty text.</param>
    /// <param name="body">The raw body.</param>
    public static string Of(string secret, string? contentType, string eventType, string subscriptionId, long sequenceNumber, long? timestamp, ReadOnlySpan<byte> body)
    {
        using var hmac = IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, Encoding.UTF8.GetBytes(secret));
        hmac.AppendData(Encoding.UTF8.GetBytes(string.Create(
            CultureInfo.InvariantCulture, $"{contentType}:{eventType}:{subscriptionId}:{sequenceNumber}:{timestamp}:")));
        hmac.AppendData(body);
        return Convert.ToHexStringLower(hmac.GetHashAndReset());
    }
}
