namespace OcfCloud.Onvif.Provisioning;

/// <summary>A step of a share as the API shows it.</summary>
internal sealed record ShareStepEntry(string Name, DateTimeOffset At, string? Detail);
