using System.Diagnostics.CodeAnalysis;
using Microsoft.AspNetCore.Http;

namespace OcfCloud.Simulator.Receiver;

/// <summary>A notification of the Events API as it came: the texts are those that were signed.</summary>
/// <param name="ContentType">Empty where there is no body.</param>
/// <param name="EventType">What happened.</param>
/// <param name="SubscriptionId">For which subscription.</param>
/// <param name="SequenceNumber">The how manieth of that subscription, from 0 on.</param>
/// <param name="EventTimestamp">When it happened, in Unix seconds.</param>
/// <param name="Signature">Null where there is none.</param>
/// <param name="Body">The bytes.</param>
internal sealed record Notification(
    string ContentType, string EventType, string SubscriptionId, string SequenceNumber, string EventTimestamp, string? Signature, ReadOnlyMemory<byte> Body)
{
    private static readonly string[] Needed = ["Event-Type", "Subscription-ID", "Sequence-Number", "Event-Timestamp"];

    /// <summary>Reads a request's headers.</summary>
    /// <param name="headers">Of the request.</param>
    /// <param name="body">Its body.</param>
    /// <param name="notification">What they say.</param>
    /// <param name="missing">The header without which it is no notification.</param>
    public static bool TryRead(
        IHeaderDictionary headers, ReadOnlyMemory<byte> body, [NotNullWhen(true)] out Notification? notification, [NotNullWhen(false)] out string? missing)
    {
        notification = null;
        missing = Needed.FirstOrDefault(name => !IsPlain(headers[name].ToString()));
        if (missing is not null)
            return false;
        notification = new Notification(
            headers.ContentType.ToString(),
            headers["Event-Type"].ToString(),
            headers["Subscription-ID"].ToString(),
            headers["Sequence-Number"].ToString(),
            headers["Event-Timestamp"].ToString(),
            headers.TryGetValue("Event-Signature", out var signature) ? signature.ToString() : null,
            body);
        return true;
    }

    // What is printed must not steer the terminal.
    private static bool IsPlain(string text) => text.Length is > 0 and <= 200 && text.All(character => character is > ' ' and < (char)127);
}
