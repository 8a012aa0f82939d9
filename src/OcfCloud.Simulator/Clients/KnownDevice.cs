namespace OcfCloud.Simulator.Clients;

/// <summary>What is known of a device beside its links.</summary>
/// <param name="Name">Its name; null: it does not say.</param>
/// <param name="IsOnline">Whether the cloud reaches it.</param>
internal sealed record KnownDevice(string? Name, bool IsOnline);
