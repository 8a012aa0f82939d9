using OcfCloud.Core.Devices;

namespace OcfCloud.Core.Events;

/// <summary>An event of the batch that the dispatcher takes, without its payload: only where somebody hears of it that is read.</summary>
internal sealed record TakenEvent(
    long Id, EventKind Kind, UserId UserId, DeviceId? DeviceId, long Session, Guid? SubscriptionId, string? Href, DateTimeOffset At)
{
    public Hint ToHint() => new(Kind, UserId, DeviceId, Session);
}
