namespace OcfCloud.CloudLinking.LinkedAccounts;

/// <summary>What came of a user's wish to link an account.</summary>
/// <param name="Location">Where the user's browser goes now; null: it was refused.</param>
/// <param name="Browser">The value of the cookie that its browser has to bring back.</param>
/// <param name="Refusal">Why it was refused, in words; null: it was not.</param>
public sealed record LinkStart(string? Location, string? Browser, string? Refusal);
