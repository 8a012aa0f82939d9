namespace OcfCloud.Onvif.Provisioning;

/// <summary>A step of a share that was done: where a crashed node left off, and what the owner sees.</summary>
public sealed class ShareStep
{
    /// <summary>Whose.</summary>
    public Guid ShareId { get; init; }

    /// <summary>Its place, from 1.</summary>
    public int Number { get; init; }

    /// <summary>What was done: the SOAP operation, or a word.</summary>
    public required string Name { get; init; }

    /// <summary>When.</summary>
    public DateTimeOffset At { get; init; }

    /// <summary>What of several, or what came of it, for the owner.</summary>
    public string? Detail { get; init; }
}
