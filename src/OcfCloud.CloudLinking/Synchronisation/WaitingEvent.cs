using OcfCloud.CloudLinking.EventReceiver;
using OcfCloud.Core.Devices;
using OcfCloud.Core.Directory;
using OcfCloud.Core.Subscriptions;

namespace OcfCloud.CloudLinking.Synchronisation;

/// <summary>An event of the inbox with its subscription. Its body was found well formed when it came.</summary>
internal sealed record WaitingEvent(InboxEvent Event, RemoteSubscription Subscription)
{
    public bool IsOfAll => Subscription.Level == SubscriptionLevel.Devices;

    public bool Is(string eventType) => IsOfAll && Event.EventType == eventType;

    public bool IsOfDevice(out DeviceId device)
    {
        device = Subscription.DeviceId.GetValueOrDefault();
        return Subscription.Level == SubscriptionLevel.Device;
    }

    public bool IsOfResource(out DeviceId device, out string href)
    {
        device = Subscription.DeviceId.GetValueOrDefault();
        href = Subscription.Href ?? "";
        return Subscription.Level == SubscriptionLevel.Resource;
    }

    /// <summary>The devices that it tells of; what is no device id is left out.</summary>
    public IReadOnlyCollection<DeviceId> Devices()
    {
        using var document = ToldPayload.TryParse(Event.ContentType, Event.Body);
        var devices = new HashSet<DeviceId>();
        if (document is null) return devices;
        foreach (var item in document.RootElement.EnumerateArray())
        {
            if (ToldPayload.TryDevice(item, out var device)) devices.Add(device);
        }
        return devices;
    }

    public IReadOnlyList<ResourceLink> Links(DeviceId device, int max)
    {
        using var document = ToldPayload.TryParse(Event.ContentType, Event.Body);
        return document is null ? [] : ToldLinks.Read(document.RootElement, device, max);
    }

    public IReadOnlyCollection<string> Hrefs(DeviceId device)
    {
        using var document = ToldPayload.TryParse(Event.ContentType, Event.Body);
        return document is null ? [] : ToldLinks.Hrefs(document.RootElement, device);
    }
}
