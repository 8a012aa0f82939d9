using System.Globalization;
using Microsoft.AspNetCore.Http;
using OcfCloud.CloudLinking.Synchronisation;

namespace OcfCloud.CloudLinking.EventReceiver;

/// <summary>The headers of an event as they came (cloud-to-cloud.md, 1.4).</summary>
/// <param name="EventType"><c>Event-Type</c>.</param>
/// <param name="SubscriptionId"><c>Subscription-ID</c>.</param>
/// <param name="SequenceNumber"><c>Sequence-Number</c>, from 0.</param>
/// <param name="Timestamp"><c>Event-Timestamp</c>, Unix seconds.</param>
/// <param name="Signature"><c>Event-Signature</c>, the bytes that its hexadecimal digits say.</param>
/// <param name="ContentType"><c>Content-Type</c> exactly as sent; null: none.</param>
internal sealed record ReceivedEvent(string EventType, string SubscriptionId, long SequenceNumber, long Timestamp, byte[] Signature, string? ContentType)
{
    public const int MaxEventTypeLength = 64;

    public const int MaxContentTypeLength = 256;

    private const int SignatureLength = 32;

    /// <summary>Reads the headers.</summary>
    /// <returns>Null where one is missing or is not what it has to be; <paramref name="wrong"/> names it.</returns>
    public static ReceivedEvent? TryRead(IHeaderDictionary headers, out string wrong)
    {
        if (!TryText(headers, wrong = "Event-Type", MaxEventTypeLength, out var eventType)) return null;
        if (!TryText(headers, wrong = "Subscription-ID", RemoteSubscription.MaxSubscriptionIdLength, out var subscription)) return null;
        if (!TryNumber(headers, wrong = "Sequence-Number", long.MaxValue - 1, out var sequence)) return null;
        if (!TryNumber(headers, wrong = "Event-Timestamp", DateTimeOffset.MaxValue.ToUnixTimeSeconds(), out var timestamp)) return null;
        if (!TryText(headers, wrong = "Event-Signature", SignatureLength * 2, out var hex) || hex.Length != SignatureLength * 2 || !hex.All(char.IsAsciiHexDigit)) return null;
        wrong = "Content-Type";
        var contentType = headers.ContentType;
        if (contentType.Count > 1 || contentType.ToString().Length > MaxContentTypeLength || contentType.ToString().Any(char.IsControl)) return null;
        return new ReceivedEvent(eventType, subscription, sequence, timestamp, Convert.FromHexString(hex), contentType.Count == 0 ? null : contentType.ToString());
    }

    private static bool TryText(IHeaderDictionary headers, string name, int maxLength, out string text)
    {
        var values = headers[name];
        text = values.ToString();
        return values.Count == 1 && text.Length > 0 && text.Length <= maxLength && !text.AsSpan().ContainsAnyExceptInRange('!', '~');
    }

    private static bool TryNumber(IHeaderDictionary headers, string name, long max, out long number)
    {
        number = 0;
        return headers[name].Count == 1 && long.TryParse(headers[name].ToString(), NumberStyles.None, CultureInfo.InvariantCulture, out number) && number <= max;
    }
}
