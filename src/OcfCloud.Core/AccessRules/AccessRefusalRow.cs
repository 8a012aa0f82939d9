using OcfCloud.Core.Devices;

namespace OcfCloud.Core.AccessRules;

/// <summary>A refusal as it is stored.</summary>
internal sealed class AccessRefusalRow
{
    public long Id { get; init; }

    public UserId UserId { get; init; }

    public DateTimeOffset At { get; init; }

    public required string Subject { get; init; }

    public DeviceId DeviceId { get; init; }

    public required string Href { get; init; }

    public AccessOperations Operations { get; init; }
}
