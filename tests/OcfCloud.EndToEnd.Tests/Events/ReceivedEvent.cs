using System.Text;
using System.Text.Json;

namespace OcfCloud.EndToEnd.Events;

/// <summary>A notification as the receiver's program printed it.</summary>
/// <param name="Path">The path of the URL.</param>
/// <param name="At">When its first byte was there, in milliseconds since 1970.</param>
/// <param name="Method">The HTTP method.</param>
/// <param name="Type">Event-Type.</param>
/// <param name="Subscription">Subscription-ID.</param>
/// <param name="Number">Sequence-Number.</param>
/// <param name="Timestamp">Event-Timestamp.</param>
/// <param name="Correlation">Correlation-ID.</param>
/// <param name="Accept">Accept.</param>
/// <param name="ContentType">Content-Type; null where none came.</param>
/// <param name="Signed">Whether the receiver reckons the same signature.</param>
/// <param name="Signature">Event-Signature.</param>
/// <param name="Body">The raw body.</param>
/// <param name="Answer">What the receiver answered.</param>
internal sealed record ReceivedEvent(
    string Path, double At, string Method, string Type, Guid Subscription, long Number, long Timestamp, string Correlation, string Accept, string? ContentType, bool Signed,
    string Signature, byte[] Body, string Answer)
{
    public bool IsConfirmed => Answer.StartsWith('2');

    public string Text => Encoding.UTF8.GetString(Body);

    public JsonElement Json => JsonDocument.Parse(Body).RootElement;

    /// <summary>The device ids of a devices event.</summary>
    public IEnumerable<Guid> Devices => Json.EnumerateArray().Select(device => device.GetProperty("di").GetGuid());

    /// <summary>The hrefs of a links event.</summary>
    public IEnumerable<string> Hrefs => Json.EnumerateArray().Select(link => link.GetProperty("href").GetString()!).Order(StringComparer.Ordinal);
}
