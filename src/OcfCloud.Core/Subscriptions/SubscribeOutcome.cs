namespace OcfCloud.Core.Subscriptions;

/// <summary>What subscribing came to.</summary>
/// <param name="Refusal">Why not, or <see cref="SubscribeRefusal.None"/>.</param>
/// <param name="Id">The subscription's id; empty where refused.</param>
public readonly record struct SubscribeOutcome(SubscribeRefusal Refusal, Guid Id);
