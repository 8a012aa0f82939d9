using OcfCloud.Core.Devices;

namespace OcfCloud.Core.Refusals;

/// <summary>The last refusal of a device, registered or not.</summary>
internal sealed class DeviceRefusalRow
{
    public const int MaxWordLength = 32;

    public const int MaxCodeLength = 8;

    public const int MaxTextLength = 256;

    public DeviceId DeviceId { get; init; }

    public DateTimeOffset At { get; set; }

    public required string What { get; set; }

    public string? Code { get; set; }

    public required string Reason { get; set; }

    public required string Text { get; set; }
}
