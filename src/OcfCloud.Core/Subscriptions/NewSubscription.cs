using OcfCloud.Core.Devices;
using OcfCloud.Core.Events;

namespace OcfCloud.Core.Subscriptions;

/// <summary>What a subscriber asks for; checked by the door already.</summary>
/// <param name="User">Whose devices.</param>
/// <param name="Client">The client (peer cloud) that acts for the user: client_id of its token.</param>
/// <param name="Target">What it hears of.</param>
/// <param name="Kinds">The event types in the order of the request, each once, all of the target's level.</param>
/// <param name="EventsUrl">Where notifications go (https).</param>
/// <param name="ProtectedSecret">The signing secret, encrypted by the door: this room never sees it.</param>
/// <param name="Encoding">How bodies are written.</param>
/// <param name="CorrelationId">The request's Correlation-ID, sent with each notification.</param>
public sealed record NewSubscription(
    UserId User, string Client, SubscriptionTarget Target, IReadOnlyList<EventKind> Kinds, string EventsUrl, byte[] ProtectedSecret, NotificationEncoding Encoding, string CorrelationId);
