namespace OcfCloud.Simulator.Mediators;

/// <summary>
/// What <c>simulator/mediator.json</c> holds: who the mediator is, which makes it the owner of the devices of this data directory, and its
/// registration.
/// </summary>
internal sealed record MediatorRecord
{
    /// <summary>The mediator's own UUID, the one in its certificate.</summary>
    public required Guid Id { get; init; }

    /// <summary>Where it is registered.</summary>
    public string? Url { get; init; }

    /// <summary>The cloud's id of the user.</summary>
    public string? UserId { get; init; }

    /// <summary>Bearer token of the mediator API.</summary>
    public string? AccessToken { get; init; }

    /// <summary>Gets the next pair.</summary>
    public string? RefreshToken { get; init; }

    /// <summary>End of the access token; null = never.</summary>
    public DateTimeOffset? ExpiresAt { get; init; }
}
