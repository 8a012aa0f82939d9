using OcfCloud.Core.Devices;

namespace OcfCloud.Core.AccessRules;

/// <summary>A rule as it is stored.</summary>
internal sealed class AccessRuleRow
{
    public UserId UserId { get; init; }

    /// <summary>Its place among the user's rules.</summary>
    public int Position { get; init; }

    public required string Subject { get; init; }

    public DeviceId? DeviceId { get; init; }

    public required string Href { get; init; }

    public AccessOperations Allow { get; init; }
}
