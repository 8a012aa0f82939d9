namespace OcfCloud.EndToEnd.Harness;

/// <summary>How a host of <see cref="SharedHosts"/> ended.</summary>
internal sealed record HostEnd(int Id, int ExitCode, string Transcript);
