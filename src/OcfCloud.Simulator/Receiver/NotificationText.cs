using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using OcfCloud.Simulator.Payloads;

namespace OcfCloud.Simulator.Receiver;

/// <summary>A notification in one line.</summary>
internal static class NotificationText
{
    private static readonly JsonSerializerOptions OneLine = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary><c>devices_online #2 signature good [{"di":"…"}]</c></summary>
    /// <param name="notification">What came.</param>
    /// <param name="secret">Null: the signature is not checked.</param>
    public static string Of(Notification notification, string? secret)
    {
        var verdict = (notification.Signature, secret) switch
        {
            (null, _) => "without a signature",
            (_, null) => "signature not checked",
            (_, { } key) => EventSignature.IsGood(key, notification) ? "signature good" : "signature WRONG",
        };
        return $"{notification.EventType} #{notification.SequenceNumber} {verdict} {BodyOf(notification)}".TrimEnd();
    }

    private static string BodyOf(Notification notification)
    {
        if (notification.Body.IsEmpty)
            return "";
        return TryRead(notification, out var node)
            ? node is null ? "null" : node.ToJsonString(OneLine)
            : $"{notification.Body.Length} bytes that are no payload of their Content-Type";
    }

    private static bool TryRead(Notification notification, out JsonNode? node)
    {
        node = null;
        switch (notification.ContentType.Split(';')[0].Trim().ToLowerInvariant())
        {
            case "application/vnd.ocf+cbor" or "application/cbor":
                return RepresentationCodec.TryDecode(notification.Body, out node);
            case "application/json":
                try
                {
                    node = JsonNode.Parse(notification.Body.Span);
                    return true;
                }
                catch (JsonException)
                {
                    return false;
                }

            default:
                return false;
        }
    }
}
