using System.Text;
using OcfCloud.Core.Devices;
using OcfCloud.Core.Directory;
using OcfCloud.Core.Subscriptions;
using OcfCloud.Core.Twins;

namespace OcfCloud.Core.Tests.Support;

/// <summary>Bodies that a test can read: what they are of, and the encoding asked for.</summary>
internal sealed class PlainBodies : INotificationBodies
{
    private int _written;

    /// <summary>How many were written.</summary>
    public int Written => _written;

    /// <summary>Called before each: throws what a test wants.</summary>
    public Action? Writing { get; set; }

    public NotificationBody Devices(IReadOnlyCollection<DeviceId> devices, NotificationEncoding encoding) => Write($"[{string.Join(' ', devices)}]", encoding);

    public NotificationBody Links(DeviceId device, IReadOnlyCollection<ResourceLink> links, NotificationEncoding encoding) =>
        Write($"[{string.Join(' ', links.Select(Text))}]", encoding);

    public NotificationBody Representation(TwinRepresentation representation, NotificationEncoding encoding) =>
        Write($"{representation.ContentFormat}:{Convert.ToHexStringLower(representation.Representation.Span)}", encoding);

    private static string Text(ResourceLink link) =>
        $"{link.Href}({string.Join(',', link.Rt)};{string.Join(',', link.If)};{link.Bm}{string.Concat(link.Parameters.Select(p => $";{p.Name}={Convert.ToHexStringLower(p.Value.Span)}"))})";

    private NotificationBody Write(string text, NotificationEncoding encoding)
    {
        Writing?.Invoke();
        Interlocked.Increment(ref _written);
        return new NotificationBody(encoding.ToString(), Encoding.UTF8.GetBytes(text));
    }
}
