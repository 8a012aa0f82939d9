namespace OcfCloud.Core.Subscriptions;

/// <summary>A client that hears events of a user.</summary>
/// <param name="Client">Its <see cref="NewSubscription.Client"/>.</param>
/// <param name="Since">When the oldest of its subscriptions was made.</param>
public readonly record struct SubscribedClient(string Client, DateTimeOffset Since);
