namespace OcfCloud.EndToEnd.Harness;

/// <summary>What <see cref="SharedHosts"/> tells its process: to start a host with these arguments, or, without any, to stop it.</summary>
internal sealed record HostOrder(int Id, string[]? Arguments);
