namespace OcfCloud.CloudLinking.Targets;

/// <summary>What came of a request to a Target Cloud.</summary>
/// <param name="Outcome">Whether it answered; else the other members say nothing but <see cref="Detail"/> and <see cref="RetryAfter"/>.</param>
internal sealed record TargetAnswer(TargetOutcome Outcome)
{
    /// <summary>The HTTP status. A redirect is not followed.</summary>
    public int Status { get; init; }

    /// <summary>The body's media type as sent, parameters included; null: not said.</summary>
    public string? ContentType { get; init; }

    /// <summary>The whole body.</summary>
    public ReadOnlyMemory<byte> Body { get; init; }

    /// <summary><c>ETag</c>, <c>Location</c> as sent; null: not said.</summary>
    public string? ETag { get; init; }

    /// <inheritdoc cref="ETag"/>
    public string? Location { get; init; }

    /// <summary>When it is worth to ask again; null: not said.</summary>
    public TimeSpan? RetryAfter { get; init; }

    /// <summary>Why there is no answer, for people: no secrets, no addresses that a stranger chose.</summary>
    public string? Detail { get; init; }
}
