namespace OcfCloud.Identity.Clients;

/// <summary>What became of a change to a client.</summary>
/// <param name="Client">The client after it; null where it was refused.</param>
/// <param name="Secret">A new secret, to be shown once; null where there is none.</param>
/// <param name="Refusal">Why it was refused, one sentence; null where it was done.</param>
public sealed record ClientChange(CloudClient? Client, string? Secret, string? Refusal)
{
    internal static ClientChange Refused(string sentence) => new(null, null, sentence);
}
