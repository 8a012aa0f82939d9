namespace OcfCloud.Onvif.Provisioning;

/// <summary>A share as the API shows it.</summary>
internal sealed record ShareEntry(Guid Id, Guid TokenId, string Mode, string State, string? Reason, IReadOnlyList<ShareStepEntry> Steps);
