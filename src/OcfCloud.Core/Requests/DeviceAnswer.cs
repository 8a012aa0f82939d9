namespace OcfCloud.Core.Requests;

/// <summary>What came of a request to a device.</summary>
/// <param name="Outcome">Whether the device answered; else the other members say nothing but <see cref="Diagnostic"/>.</param>
public sealed record DeviceAnswer(DeviceOutcome Outcome)
{
    /// <summary>The CoAP code as a number: 205 is 2.05, 404 is 4.04.</summary>
    public int Code { get; init; }

    /// <summary>The payload's CoAP content format (10000, 60, 50 …); null: not said.</summary>
    public int? ContentFormat { get; init; }

    /// <summary>The payload; of an error a diagnostic text where no format is said.</summary>
    public ReadOnlyMemory<byte> Payload { get; init; }

    /// <summary>The entity tag; empty: none.</summary>
    public ReadOnlyMemory<byte> ETag { get; init; }

    /// <summary>How long the answer is fresh, or when to ask again (5.03); null: not said.</summary>
    public TimeSpan? MaxAge { get; init; }

    /// <summary>The href of what was created on the device; null: not said.</summary>
    public string? Location { get; init; }

    /// <summary>Why there is no answer, for people.</summary>
    public string? Diagnostic { get; init; }
}
