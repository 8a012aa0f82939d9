using System.Diagnostics.CodeAnalysis;

namespace OcfCloud.Core.Tokens;

/// <summary>What became of an order for a one-time token.</summary>
/// <param name="Refusal">Why there is none.</param>
/// <param name="Token">The token, where there is one.</param>
public readonly record struct OneTimeTokenOutcome(OneTimeTokenRefusal Refusal, OneTimeToken? Token)
{
    /// <summary>Whether there is one.</summary>
    [MemberNotNullWhen(true, nameof(Token))]
    public bool IsIssued => Refusal == OneTimeTokenRefusal.None;
}
