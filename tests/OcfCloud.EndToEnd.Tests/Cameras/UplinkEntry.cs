namespace OcfCloud.EndToEnd.Cameras;

/// <summary>An uplink as a camera tells of it.</summary>
internal sealed record UplinkEntry(string RemoteAddress, string UserLevel, string? Status, string? Error);
