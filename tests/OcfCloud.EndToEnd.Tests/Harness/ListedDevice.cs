namespace OcfCloud.EndToEnd.Harness;

/// <summary>A device as the mediator API lists it.</summary>
internal sealed record ListedDevice(Guid Di, string? Name, string Status, DateTimeOffset? LastSeen, int Links, bool Twin);
