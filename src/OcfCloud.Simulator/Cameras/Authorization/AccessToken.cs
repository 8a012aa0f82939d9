namespace OcfCloud.Simulator.Cameras.Authorization;

/// <summary>An access token.</summary>
/// <param name="Value">What is shown.</param>
/// <param name="End">When it ends.</param>
internal sealed record AccessToken(string Value, DateTimeOffset End);
