namespace OcfCloud.CloudLinking.Synchronisation;

/// <summary>What <see cref="ResourceSubscriptions.EnsureAsync"/> came to.</summary>
/// <param name="Outcome">How it stands.</param>
/// <param name="Id">The row's <see cref="RemoteSubscription.Id"/>; it changes when the subscription has to be made anew. Empty where no row is kept.</param>
internal sealed record EnsuredSubscription(EnsureOutcome Outcome, Guid Id = default);
