namespace OcfCloud.Identity.Users;

/// <summary>What became of a change to a user.</summary>
/// <param name="User">The user after it; null where it was refused.</param>
/// <param name="Refusal">Why it was refused, one sentence; null where it was done.</param>
public sealed record UserChange(User? User, string? Refusal);
