namespace OcfCloud.Core.Subscriptions;

/// <summary>The body of one event: written once an encoding, when the first subscription needs it.</summary>
internal sealed class EventBody(Func<NotificationEncoding, NotificationBody> write)
{
    private readonly Dictionary<NotificationEncoding, (string? ContentType, byte[] Bytes)> _written = [];

    public (string? ContentType, byte[] Bytes) In(NotificationEncoding encoding)
    {
        if (_written.TryGetValue(encoding, out var known)) return known;
        var body = write(encoding);
        return _written[encoding] = (body.ContentType, body.Bytes.ToArray());
    }
}
